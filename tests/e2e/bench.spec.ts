// The bench in a browser, on the shipped module.

import { expect, test } from './bench';

test('a number that a field does not take is named with what it takes, and the last one comes back', async ({
  bench,
  page,
}) => {
  await bench.open('#damping=0.00001');
  const damping = page.getByRole('spinbutton', { name: 'λ, as a number' });
  await expect(damping).toHaveValue('1e-5');
  expect(await damping.evaluate((field) => field.scrollWidth - field.clientWidth)).toBeLessThanOrEqual(0);
  const alert = page.getByRole('alert').first();
  await damping.fill('-1');
  await damping.press('Tab');
  await expect(alert).toContainText('λ, as a number: Value must be greater than or equal to 0. It stays as it was.');
  await expect(damping).toHaveValue('1e-5');
  await damping.fill('0.5');
  await damping.press('Tab');
  await expect(alert).toBeHidden();
  await expect(page).toHaveURL(/damping=0\.5/);
  const seed = page.getByRole('spinbutton', { name: 'Seed' });
  await seed.fill('99999999999');
  await seed.press('Tab');
  await expect(alert).toContainText('Seed: Value must be less than or equal to 4294967295');
  await expect(seed).toHaveValue('831');
});

test('opens on the notebook’s surprise', async ({ bench, page }) => {
  await bench.open();
  const cg = await bench.numbers('cg');
  expect(cg.error).toBeGreaterThan(0.6);
  expect(cg.error).toBeLessThan(0.8);
  expect(cg.cosine).toBeGreaterThan(0.68);
  expect(cg.cosine).toBeLessThan(0.8);
  expect(Math.abs((await bench.numbers('neumann')).cosine)).toBeLessThan(0.05);
  await expect(bench.row('cg')).toContainText('negative curvature');
  await expect(bench.row('neumann')).toContainText('diverges');

  const range = await page.locator('#spectrum-range').textContent();
  const largest = Number(range?.match(/λmax = ([\d.]+)/)?.[1]);
  expect(Math.abs(largest / 4.3236 - 1)).toBeLessThan(0.03);

  await bench.type('K', '10');
  expect(Math.abs((await bench.numbers('neumann')).cosine)).toBeLessThan(0.05);
});

test('one switch of precision takes most of CG’s error away, and says so', async ({ bench, page }) => {
  await bench.open();
  const single = (await bench.numbers('cg')).error;
  await bench.precision('float64').check();
  await expect.poll(async () => (await bench.numbers('cg')).error).toBeLessThan(single / 5);
  await expect(page.locator('#sentence')).toContainText('other arithmetic');
  await bench.precision('float32').check();
  await expect.poll(async () => (await bench.numbers('cg')).error).toBe(single);
});

test('damping past −λmin makes CG converge', async ({ bench, page }) => {
  await bench.open();
  await page.getByRole('button', { name: /^−λmin\(H\) = / }).click();
  await expect(bench.row('cg')).toContainText('converged');
  await expect(page.locator('#spectrum-signs')).toHaveText('26 positive');
  await expect(page.locator('#sentence')).toContainText('Every eigenvalue of H + ');
});

test('the matrix is named whose eigenvalues are told: damped over the spectrum, undamped at the mark of the damping', async ({
  bench,
  page,
}) => {
  await bench.open('#damping=0.5');
  await expect(page.getByRole('heading', { name: 'Spectrum of A = H + λI' })).toBeVisible();
  await expect(page.locator('#spectrum-range')).toContainText('λmin = 0.218');
  await expect(page.getByRole('button', { name: '−λmin(H) = 0.282' })).toBeVisible();
  await page.getByRole('radio', { name: 'Gauss–Newton' }).check();
  await expect(page.getByRole('heading', { name: 'Spectrum of A = G + λI' })).toBeVisible();
});

test('eigenvalues that are zero are in the key where there are any, and stay there while they are damped', async ({
  bench,
  page,
}) => {
  await bench.open();
  const key = page.getByText('0: the matrix is singular');
  await expect(key).toBeHidden();
  await bench.open('#samples=1&matrix=gauss-newton');
  await expect(page.locator('#spectrum-signs')).toContainText('zero');
  await expect(key).toBeVisible();
  await bench.type('λ', '0.1');
  await expect(page.locator('#spectrum-signs')).toHaveText('26 positive');
  await expect(key).toBeVisible();
});

test('what can’t be run is refused by the name that the page has for it', async ({ bench, page }) => {
  await bench.open();
  await page.goto('./#data=sine');
  await expect(page.getByRole('alert')).toContainText('This can’t be run: Data: "sine" has 1 input');
  await page.goto('./#loss=cross-entropy');
  await expect(page.getByRole('alert')).toContainText('This can’t be run: Units in each layer, no. 3: ');
});

test('each slider moves its curves and their rows', async ({ bench }) => {
  await bench.open('#damping=0.5&scale=2.6&iterations=15');
  const moves = [
    { slider: 'Iterations', curves: ['cg', 'neumann', 'kfac'], rows: ['cg', 'neumann'] },
    { slider: 'Scale', curves: ['neumann'], rows: ['neumann'] },
    { slider: 'Damping', curves: ['cg', 'neumann', 'kfac'], rows: ['cg', 'neumann', 'kfac'] },
  ] as const;
  for (const { slider, curves, rows } of moves) {
    const paths = await Promise.all(curves.map((method) => bench.path(method)));
    const texts = await Promise.all(rows.map((method) => bench.row(method).textContent()));
    await bench.slider(slider).focus();
    for (let press = 0; press < 10; press++) await bench.page.keyboard.press('ArrowLeft');
    for (const [index, method] of curves.entries())
      await expect(bench.curve(method)).not.toHaveAttribute('d', paths[index] as string);
    for (const [index, method] of rows.entries())
      await expect(bench.row(method)).not.toHaveText(texts[index] as string);
  }
});

test('the scale alone moves nothing but Neumann', async ({ bench }) => {
  await bench.open('#damping=0.5&scale=2.6');
  const [cg, kfac] = [await bench.path('cg'), await bench.path('kfac')];
  await bench.type('s', '2.5');
  await expect(bench.curve('cg')).toHaveAttribute('d', cg);
  await expect(bench.curve('kfac')).toHaveAttribute('d', kfac);
});

test('a scale below λmax/2 is said to diverge, and one press mends it', async ({ bench, page }) => {
  await bench.open('#damping=0.5&scale=1');
  await expect(bench.row('neumann')).toContainText('diverges');
  await expect(page.locator('#sentence')).toContainText('is below λmax/2');
  await page.getByRole('button', { name: /^Best scale/ }).click();
  await expect(bench.row('neumann')).not.toContainText('diverges');
});

test('the mark of λmax/2 leads to where no eigenvalue lies past the edge', async ({ bench, page }) => {
  for (const damping of [0.3, 0.5, 2]) {
    await bench.open(`#damping=${damping}&precision=float64&scale=1`);
    await page.locator('#scale button[data-mark=break]').click();
    await bench.ready();
    await expect(bench.row('neumann')).not.toContainText('diverges');
    await expect(page.locator('#scale-hint')).toHaveText('converges');
  }
});

test('an exact answer that there is not has no numbers and no curve', async ({ bench, page }) => {
  await bench.open('#layers=3-40-40-1&y=residual');
  await expect(bench.row('exact')).toContainText('not formed');
  await expect(bench.row('exact').locator('.figure:not(.time)')).toHaveText(['–', '–', '–', '–']);
  await expect(bench.curve('cg')).toHaveCount(1);
  await expect(bench.curve('exact')).toHaveCount(0);
  await expect(page.locator('#convergence-chart .labels')).not.toContainText('Exact');
});

test('a status is not told before it is seen', async ({ bench }) => {
  await bench.open('#iterations=0');
  await expect(bench.row('cg')).toContainText('on its way');
  await bench.type('K', '120');
  await expect(bench.row('cg')).toContainText('negative curvature');
});

test('the axis holds still while a slider is dragged', async ({ bench, page }) => {
  await bench.open('#damping=0.5&precision=float64&scale=2.6');
  const ticks = () => page.locator('.y-axis').textContent();
  const before = await ticks();
  const box = await bench.slider('Damping').boundingBox();
  if (!box) throw new Error('the slider has no place');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.75, y);
  await page.mouse.down();
  for (const part of [0.5, 0.3, 0.1, 0.02]) {
    await page.mouse.move(box.x + box.width * part, y, { steps: 5 });
    await bench.ready();
    expect(await ticks()).toBe(before);
  }
  await page.mouse.up();
  await expect.poll(ticks).not.toBe(before);
});

test('what is chosen changes the problem', async ({ bench, page }) => {
  await bench.open();
  const summary = page.locator('#problem-summary');
  await expect(summary).toContainText('P = 26');
  await page.getByRole('button', { name: 'Add a hidden layer' }).click();
  await expect(summary).toContainText('P = 56');
  await page.getByRole('button', { name: 'Remove a hidden layer' }).click();
  const width = page.getByRole('spinbutton', { name: 'Units in hidden layer 1' });
  await width.fill('8');
  await width.press('Enter');
  await expect(summary).toContainText('P = 41');
  const loss = await summary.textContent();
  await page.getByRole('combobox', { name: 'Activation' }).selectOption('tanh');
  await expect(summary).not.toHaveText(loss ?? '');
  const drawn = await page.locator('#network-chart').innerHTML();
  await page.getByRole('button', { name: 'Redraw' }).click();
  await expect.poll(() => page.locator('#network-chart').innerHTML()).not.toBe(drawn);
  await page.getByRole('radio', { name: 'Gauss–Newton' }).check();
  await expect(page.locator('#spectrum-signs')).not.toContainText('negative');
});

test('presets set the bench, and KFAC is exact where it must be', async ({ bench, page }) => {
  await bench.open();
  await page.getByRole('button', { name: 'KFAC exact' }).click();
  await expect(page.getByRole('button', { name: 'KFAC exact' })).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(async () => (await bench.numbers('kfac')).error).toBeLessThan(1e-12);
  await page.getByRole('button', { name: 'Classifier' }).click();
  await expect.poll(async () => (await bench.numbers('kfac')).error).toBeGreaterThan(0.01);
  await page.getByRole('button', { name: 'The notebook' }).click();
  await expect.poll(async () => (await bench.numbers('cg')).error).toBeGreaterThan(0.6);
});

test('other measures and counts redraw the curves', async ({ bench, page }) => {
  await bench.open();
  for (const name of ['residual', '1 − cosine', 'products', 'error', 'iterations']) {
    const before = await bench.path('cg');
    await page.getByRole('radio', { name, exact: true }).check();
    await expect(bench.curve('cg')).not.toHaveAttribute('d', before);
  }
  await page.getByRole('radio', { name: 'energy error' }).check();
  await expect(page.locator('#convergence-chart')).toContainText('raise Damping');
});

test('a method’s name hides its curve and brings it back', async ({ bench }) => {
  await bench.open();
  await bench.row('neumann').getByRole('button').click();
  await expect(bench.curve('neumann')).toHaveCount(0);
  await bench.row('neumann').getByRole('button').click();
  await expect(bench.curve('neumann')).toHaveCount(1);
});

test('play runs the iterations to the end', async ({ bench, page }) => {
  await bench.open('#iterations=110');
  await page.getByRole('button', { name: 'Play' }).click();
  await expect(bench.slider('Iterations')).toHaveValue('120');
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
});

test('a number that is typed while it plays goes on from there, and its field follows', async ({ bench, page }) => {
  await bench.open('#iterations=10');
  await page.getByRole('button', { name: 'Play' }).click();
  const field = page.getByRole('spinbutton', { name: 'K, as a number' });
  await field.fill('90');
  await field.press('Enter');
  await expect(bench.slider('Iterations')).toHaveValue('120');
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('120');
});

test('a million fits its field', async ({ bench, page }) => {
  await bench.open('#damping=1e6');
  const field = page.getByRole('spinbutton', { name: 'λ, as a number' });
  expect(await field.evaluate((box) => box.scrollWidth <= box.clientWidth)).toBe(true);
  await expect(field).toHaveValue('1e+6');
});

test('what is said of a problem goes when another takes its place', async ({ bench, page }) => {
  await bench.open('#seed=xx');
  await expect(page.getByRole('alert')).toContainText('This link can’t be read');
  await page.getByRole('tab', { name: 'Error budget' }).click();
  await expect(page.getByRole('alert')).toContainText('This link can’t be read');
  await page.getByRole('button', { name: 'Damped' }).click();
  await expect(page.getByRole('alert')).toBeHidden();
  await page.evaluate(() => {
    location.hash = 'seed=yy';
  });
  await expect(page.getByRole('alert')).toContainText('“yy”');
});

for (const [width, height] of [
  [390, 844],
  [844, 390],
  [1024, 768],
] as const)
  test(`with another method, chart and rows stay apart at ${width}`, async ({ bench, page }) => {
    await page.setViewportSize({ width, height });
    await bench.open('#also=minres-lissa');
    const ends = await page.evaluate(() => {
      const boxes = [...document.querySelectorAll('#convergence-chart, .numbers tbody tr:not([hidden])')];
      return boxes.map((box) => {
        const parts = [box, ...box.querySelectorAll('td, text')].map((part) => part.getBoundingClientRect());
        return [box.getBoundingClientRect().top, Math.max(...parts.map(({ bottom }) => bottom))] as const;
      });
    });
    expect(ends).toHaveLength(7);
    for (const [index, [, end]] of ends.slice(0, -1).entries())
      expect(end).toBeLessThanOrEqual((ends[index + 1]?.[0] ?? 0) + 1);
  });

test('the theme is kept', async ({ bench, page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await bench.open();
  await page.getByRole('button', { name: 'Dark theme' }).click();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByRole('button', { name: 'Light theme' })).toBeVisible();
});

test('a matrix that is too large to form leaves no marks of the one before', async ({ bench, page }) => {
  await bench.open();
  const parts = [
    page.locator('button[data-mark]:visible').nth(1),
    page.getByRole('button', { name: 'Table of the eigenvalues' }),
  ];
  for (const part of [...parts, page.getByText('past 2s: Neumann diverges')]) await expect(part).toBeVisible();
  await page.getByRole('spinbutton', { name: 'Units in hidden layer 1' }).fill('128');
  await page.keyboard.press('Enter');
  await page.getByRole('spinbutton', { name: 'Inputs' }).fill('40');
  await page.keyboard.press('Enter');
  await expect(page.locator('#spectrum-signs')).toHaveText('The matrix is too large to form.');
  for (const part of [...parts, page.getByText('past 2s: Neumann diverges')]) await expect(part).toBeHidden();
  for (const id of ['#scale-hint', '#damping-hint']) await expect(page.locator(id)).toBeEmpty();
});

test('by milliseconds too, hidden curves are said to be hidden', async ({ bench, page }) => {
  await bench.open('#x=milliseconds&hide=exact-cg-neumann-kfac');
  await expect(page.getByText('Every curve is hidden.')).toBeVisible();
});
