// The methods beside the four, what is chosen of the problem, and the axis of time.

import { expect, test } from './bench';

test('methods are switched on and off, and the address keeps them', async ({ bench, page }) => {
  await bench.open('#damping=0.7&precision=float64');
  for (const [label, name] of [
    ['MINRES', 'minres'],
    ['LiSSA', 'lissa'],
    ['CG + KFAC', 'cg_kfac'],
    ['CG + EKFAC', 'cg_ekfac'],
    ['EKFAC', 'ekfac'],
    ['Blocks', 'block_diagonal'],
    ['Diagonal', 'diagonal'],
  ] as const) {
    await expect(bench.row(name)).toBeHidden();
    await page.getByRole('button', { name: 'More methods' }).click();
    const box = page.getByRole('checkbox', { name: new RegExp(`^${label.replace('+', '\\+')} `) });
    await box.check();
    await page.keyboard.press('Escape');
    await expect(bench.row(name)).toBeVisible();
    await expect(bench.curve(name)).toHaveAttribute('d', /^M/);
  }
  await expect(bench.row('cg_kfac')).toContainText('converged');
  await expect(page).toHaveURL(/-diagonal/);
  await page.reload();
  await bench.ready();
  await expect(bench.row('diagonal')).toBeVisible();

  await page.getByRole('button', { name: 'More methods' }).click();
  await page.getByRole('checkbox', { name: /^MINRES/ }).uncheck();
  await page.getByRole('checkbox', { name: /^Neumann/ }).uncheck();
  await expect(bench.row('minres')).toBeHidden();
  await expect(bench.curve('neumann')).toHaveCount(0);
  await page.getByRole('radiogroup', { name: 'CG starts from' }).getByRole('radio', { name: 'zero' }).check();
  await page.keyboard.press('Escape');
  await bench.type('K', '1');
  await expect.poll(async () => (await bench.numbers('cg')).products).toBe(1);
});

test('the core chooses a scale, until one is set', async ({ bench, page }) => {
  await bench.open('#damping=0.7&precision=float64&scale=1');
  await expect(bench.row('neumann')).toContainText('diverges');
  await page.getByRole('button', { name: 'auto' }).click();
  await expect(bench.row('neumann')).not.toContainText('diverges');
  await expect(page.getByRole('spinbutton', { name: 's, as a number' })).not.toHaveValue('1');
  await bench.type('s', '1.5');
  await expect(page.getByRole('button', { name: 'auto' })).toHaveAttribute('aria-pressed', 'false');
  await expect(bench.row('neumann')).toContainText('diverges');
});

test('x is time, measured here', async ({ bench, page }) => {
  await bench.open('#damping=0.7&precision=float64&scale=2.6');
  await page.getByRole('radio', { name: 'milliseconds' }).check();
  await expect(bench.curve('cg')).toHaveAttribute('d', /^M/);
  await expect(page.locator('.x-label')).toHaveText('milliseconds');
  const time = Number(await bench.row('neumann').locator('td.time').textContent());
  expect(time).toBeGreaterThan(0);
  await page.locator('#convergence-chart').focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('#readout')).toContainText('milliseconds');
});

test('pinned runs have times of their own, from here or from a link', async ({ bench, page }) => {
  await bench.open('#damping=0.7&iterations=20');
  const ghosts = page.locator('.ghosts path');
  await page.getByRole('button', { name: 'Pin', exact: true }).click();
  const pinned = await ghosts.count();
  expect(pinned).toBeGreaterThan(1);
  await page.getByRole('radio', { name: 'milliseconds' }).check();
  await expect(ghosts).toHaveCount(pinned);
  await bench.open('#damping=0.5&x=milliseconds&pins=damping*0.7');
  await expect(ghosts).toHaveCount(pinned);
});

test('theory’s bounds are shaded only where it gives some', async ({ bench, page }) => {
  await bench.open();
  const bounds = page.locator('.bounds path');
  await expect(bounds).toHaveCount(0);
  await page.getByRole('button', { name: 'Damped' }).click();
  await expect(bounds).toHaveCount(1);
  await expect(page.locator('.y-label')).toContainText('within theory’s bound');
  await page.getByRole('radio', { name: 'energy error' }).check();
  await expect(bounds).toHaveCount(1);
  await page.getByRole('radio', { name: '1 − cosine' }).check();
  await expect(bounds).toHaveCount(0);
});

test('step and reset stand beside play', async ({ bench, page }) => {
  await bench.open('#iterations=5');
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(bench.slider('Iterations')).toHaveValue('6');
  await page.getByRole('button', { name: 'Reset', exact: true }).click();
  await expect(bench.slider('Iterations')).toHaveValue('0');
});

test('the problem is chosen: data, loss, training, weight decay, Fishers', async ({ bench, page }) => {
  await bench.open();
  const summary = page.locator('#problem-summary');
  await expect(page.locator('#data-chart rect')).toHaveCount(40);
  await page.getByRole('combobox', { name: 'Data' }).selectOption('moons');
  await expect(page.locator('#data-chart path')).toHaveCount(10);
  await expect(summary).toContainText('P = 21');
  await page.getByRole('combobox', { name: 'Loss' }).selectOption('cross-entropy');
  await expect(summary).toContainText('P = 27');
  const before = await summary.textContent();
  await page.getByRole('spinbutton', { name: 'Steps of training' }).fill('50');
  await page.keyboard.press('Enter');
  await expect(summary).toContainText('trained to');
  await page.getByRole('combobox', { name: 'Steps of' }).selectOption('Newton');
  await expect(summary).not.toHaveText(before ?? '');
  await page.getByRole('spinbutton', { name: /Weight decay/ }).fill('0.1');
  await page.keyboard.press('Enter');
  await bench.ready();
  for (const name of ['sampled Fisher', 'empirical']) {
    await page.getByRole('radio', { name }).check();
    await expect(page.locator('#spectrum-signs')).toHaveText('27 positive');
  }
  await page.getByRole('combobox', { name: 'Data' }).selectOption('sine');
  await expect(page.getByRole('combobox', { name: 'Loss' })).toHaveValue('mse');
  await bench.ready();
});

test('each preset teaches what it says', async ({ bench, page }) => {
  await bench.open();
  const press = async (name: string) => {
    await page.getByRole('button', { name }).click();
    await expect(page.getByRole('button', { name })).toHaveAttribute('aria-pressed', 'true');
    await bench.ready();
  };
  await press('Damped');
  await expect(bench.row('cg')).toContainText('converged');
  await expect(page.locator('#spectrum-signs')).toHaveText('26 positive');
  await press('Trained');
  await expect(page.locator('#spectrum-signs')).toHaveText('25 positive');
  await expect.poll(async () => (await bench.numbers('cg')).error).toBeLessThan(1e-9);
  expect((await bench.numbers('neumann')).error).toBeGreaterThan(0.9);
  await press('KFAC exact');
  await expect.poll(async () => (await bench.numbers('kfac')).error).toBeLessThan(1e-12);
  await press('Classifier');
  await expect(page.locator('#spectrum-signs')).toHaveText('75 positive');
  const losses = await Promise.all(['block_diagonal', 'ekfac', 'kfac', 'diagonal'].map((name) => bench.numbers(name)));
  expect(losses.map(({ error }) => error)).toEqual(losses.map(({ error }) => error).sort((a, b) => a - b));
  await press('Ill-conditioned');
  await expect(bench.row('exact')).toContainText('condition number is 1000');
  await expect(bench.row('cg_kfac')).toContainText('converged at 1');
  await expect(bench.row('neumann')).not.toContainText('diverges');
});

test('charts have tables', async ({ bench, page }) => {
  await bench.open();
  await page.getByRole('button', { name: 'Table of the eigenvalues' }).click();
  const dialog = page.getByRole('dialog', { name: 'Eigenvalues' });
  await expect(dialog.getByRole('row')).toHaveCount(27);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Table of the eigenvalues' })).toBeFocused();
  await page.getByRole('button', { name: 'Table of the weights' }).click();
  await expect(page.getByRole('dialog', { name: 'Weights and their gradient' }).getByRole('row')).toHaveCount(27);
});
