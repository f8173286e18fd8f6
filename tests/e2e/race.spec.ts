// The training race by pointer, keyboard and address; and what the applications draw at a fixed seed.

import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { type Bench, expect, test } from './bench';
import { drawing } from './drawing';

async function openRace(bench: Bench, address = ''): Promise<void> {
  await bench.open(`#lens=purpose&use=race${address}`);
  await expect(sentence(bench.page)).not.toBeEmpty();
}

function sentence(page: Page) {
  return page.locator('.lens-sentence');
}

function losses(page: Page) {
  return page.getByRole('slider', { name: /^The loss of each optimizer/ });
}

for (const scheme of ['light', 'dark'] as const)
  for (const width of [1280, 390])
    test(`axe finds nothing at ${width}, ${scheme}, and nothing overflows`, async ({ bench, page }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 844 });
      await openRace(bench, '&x=products');
      await page.getByText('The same as a table').click();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    });

test('a loss out of hand has as few digits in the table as any, and a sentence is set as one', async ({
  bench,
  page,
}) => {
  await openRace(bench, '&rate=100');
  await page.getByText('The same as a table').click();
  const descent = page.locator('.lens-scroll tbody tr').first();
  await expect(descent.locator('td').first()).toHaveText('2.6e+186');
  await expect(descent.locator('td.sentence')).toHaveCSS('text-align', 'left');
  const scroll = page.locator('.lens-scroll');
  expect(await scroll.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
});

test('who is first depends on what is counted, and says so', async ({ bench, page }) => {
  await openRace(bench);
  await expect(losses(page).locator('.before path')).toHaveCount(7);
  await expect(sentence(page)).toContainText('After 40 steps Gauss–Newton is lowest');
  await expect(sentence(page)).toContainText('in steps Gauss–Newton and Martens’ CG (8), in products KFAC (42.8).');
  const bySteps = await losses(page).locator('path[data-method="newton"]').getAttribute('d');
  await page.getByRole('radio', { name: 'Products' }).check();
  await expect(page).toHaveURL(/x=products/);
  await expect(losses(page).locator('path[data-method="newton"]')).not.toHaveAttribute('d', bySteps ?? '');
  await expect(losses(page).locator('.x-label')).toHaveText('products');

  await page.getByRole('radio', { name: 'Products' }).press('ArrowRight');
  await expect(page).toHaveURL(/x=milliseconds/);
  await expect(sentence(page)).toContainText(/in time .+ \([\d.]+ ms\)\.$/, { timeout: 20_000 });
  await expect(losses(page).locator('.before path')).toHaveCount(7);
  await expect(page.getByText('shared out among its steps by their products')).toBeVisible();
});

test('it is played, paused, stepped and restarted from the same weights', async ({ bench, page }) => {
  await openRace(bench, '&iterations=0');
  await expect(sentence(page)).toHaveText(
    'All start from the same weights, with a loss of 1.94. “Race” lets them run.',
  );
  const race = page.getByRole('button', { name: 'Race', exact: true });
  await race.click();
  const pause = page.locator('.application').getByRole('button', { name: 'Pause' });
  await pause.click();
  await expect(race).toBeVisible();
  const paused = Number(await bench.slider('Iterations').inputValue());
  expect(paused).toBeGreaterThan(0);
  expect(paused).toBeLessThan(120);
  await page.getByRole('button', { name: 'One step of the race' }).press('Enter');
  await expect(bench.slider('Iterations')).toHaveValue(`${paused + 1}`);
  await expect(sentence(page)).toContainText(`After ${paused + 1} steps`);
  await page.getByRole('button', { name: 'Back to the same start' }).click();
  await expect(sentence(page)).toContainText('All start from the same weights');
  await bench.type('K', '118');
  await race.click();
  await expect(sentence(page)).toContainText('After 120 steps');
  await expect(race).toBeVisible();
  await expect(page).toHaveURL(/iterations=120/);
});

test('who wants less motion sees the end of the race at once', async ({ bench, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openRace(bench, '&iterations=0');
  const race = page.getByRole('button', { name: 'Race', exact: true });
  await race.click();
  await expect(bench.slider('Iterations')).toHaveValue('120');
  await expect(sentence(page)).toContainText('After 120 steps');
  await race.click();
  await expect(bench.slider('Iterations')).toHaveValue('0');
});

test('optimizers are switched off and on, by pointer and by keyboard, and the link keeps it', async ({
  bench,
  page,
}) => {
  await openRace(bench);
  const optimizers = page.getByRole('group', { name: 'Optimizers' });
  await optimizers.getByRole('checkbox', { name: 'Gauss–Newton' }).uncheck();
  await optimizers.getByRole('checkbox', { name: 'Martens’ CG' }).press('Space');
  await expect(page).toHaveURL(/out=gauss_newton-cg/);
  await expect(losses(page).locator('.before path')).toHaveCount(5);
  await expect(sentence(page)).toContainText('After 40 steps Newton is lowest');
  await page.reload();
  await bench.ready();
  await expect(losses(page).locator('.before path')).toHaveCount(5);
  await expect(optimizers.getByRole('checkbox', { name: 'Gauss–Newton' })).not.toBeChecked();
  await optimizers.getByRole('checkbox', { name: 'Gauss–Newton' }).check();
  await expect(losses(page).locator('.before path')).toHaveCount(6);
  for (const box of await optimizers.getByRole('checkbox').all()) await box.uncheck();
  await expect(sentence(page)).toHaveText('Nobody runs: switch an optimizer on.');
  await expect(losses(page).locator('.empty')).toHaveText('Nobody runs.');
});

test('rate and momentum are set by slider and by number; too much of either is told', async ({ bench, page }) => {
  await openRace(bench);
  const curve = losses(page).locator('.before path[data-method="gradient_descent"]');
  const before = await curve.getAttribute('d');
  await page.getByRole('slider', { name: 'Learning rate' }).press('ArrowRight');
  await expect(page).toHaveURL(/rate=0\.102/);
  await expect(curve).not.toHaveAttribute('d', before ?? '');
  const momentum = page.getByRole('spinbutton', { name: 'β, as a number' });
  await momentum.fill('0.5');
  await momentum.press('Enter');
  await expect(page).toHaveURL(/momentum=0\.5/);
  const rate = page.getByRole('spinbutton', { name: 'η, as a number' });
  await rate.fill('1000');
  await rate.press('Enter');
  await expect(sentence(page)).toContainText('run away at this learning rate: a smaller one helps.');
  await rate.fill('5000');
  await rate.press('Enter');
  await expect(page.getByRole('alert')).toContainText('η, as a number: Value must be less than or equal to 1000');
  await expect(rate).toHaveValue('1000');
  await expect(page).toHaveURL(/rate=1000/);
  await bench.open('#lens=purpose&use=race&momentum=1');
  await expect(page.getByRole('alert')).toContainText('momentum: “1” is not a number from 0 to 0.999');
});

test('damping and its ratio are drawn, and both charts are read out by keys', async ({ bench, page }) => {
  await openRace(bench);
  const damping = page.getByRole('slider', { name: /^Damping, and the ratio that it follows/ });
  await expect(damping.locator('.damping-band .before path')).toHaveCount(4);
  await expect(damping.locator('.ratio-band .before path')).toHaveCount(4);
  await damping.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.race-side .readout')).toContainText('step 1');
  await expect(page.locator('.race-side .readout')).toContainText(/Newtondamping [\d.]+, ρ [\d.]+/);
  await losses(page).focus();
  await page.keyboard.press('End');
  await expect(page.locator('.race-row > .plot .readout')).toContainText('step 120');
  await page.keyboard.press('Enter');
  await expect(bench.slider('Iterations')).toHaveValue('120');
});

test('the race starts from where training has led, and a minimum is told', async ({ bench, page }) => {
  await openRace(
    bench,
    '&layers=1-8-1&activation=tanh&data=sine&samples=40&seed=3&decay=0.01&optimizer=newton&train=500',
  );
  await expect(sentence(page)).toContainText(
    'The race starts where the gradient is as good as zero: set “Trained” to 0',
  );
  await page.getByLabel('Steps of training').fill('0');
  await page.getByLabel('Steps of training').press('Enter');
  await expect(sentence(page)).toContainText('is lowest');
});

test('table, curves and charts are exported', async ({ bench, page }) => {
  await openRace(bench);
  await page.getByText('The same as a table').click();
  const row = page.getByRole('row', { name: /^KFAC/ });
  await expect(row).toContainText('86.17');
  await page.getByRole('button', { name: 'Export' }).click();
  const chart = page.getByRole('combobox', { name: 'Chart' });
  for (const [name, kind, file] of [
    ['The loss of each optimizer', 'SVG', 'the-loss-of-each-optimizer.svg'],
    ['Damping, and the ratio that it follows', 'PNG', 'damping-and-the-ratio-that-it-follows.png'],
  ] as const) {
    await chart.selectOption(name);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: kind, exact: true }).click();
    expect((await download).suggestedFilename()).toBe(`hessian-lab-${file}`);
  }
  const file = page.waitForEvent('download');
  await page.getByRole('button', { name: 'The lens’s table, CSV' }).click();
  const lines = readFileSync(await (await file).path(), 'utf8')
    .trim()
    .split('\n');
  expect(lines[0]).toBe('optimizer,step,loss,gradient norm,products,milliseconds,damping,ratio');
  expect(lines).toHaveLength(1 + 7 * 121);
  expect(lines.filter((line) => line.startsWith('kfac,40,'))[0]).toMatch(
    /^kfac,40,0\.01018\d+,0\.04496\d+,86\.16\d+,,3\.5\d+e-15,0\.99/,
  );
});

test('lessons 5 and 8 lead to where their inverses are used', async ({ bench, page }) => {
  await bench.open('#lesson=million&guess=2');
  await page.getByRole('button', { name: 'The race' }).click();
  await expect(page).toHaveURL(/use=race/);
  await expect(sentence(page)).toContainText('After 120 steps');
  await page.getByRole('button', { name: 'λ = 0.1', exact: true }).click();
  await expect(page.getByRole('figure', { name: 'Convergence' })).toBeVisible();
  await bench.open('#lesson=neumann&guess=1');
  await page.getByRole('button', { name: 'A hypergradient by it' }).click();
  await expect(sentence(page)).toContainText(
    '1 % more weight decay raises the validation loss by 0.13 %, by Neumann; by the exact inverse it raises the validation loss by 0.49 %',
  );
  await bench.open('#lesson=neumann&guess=1');
  await page.getByRole('button', { name: 'LiSSA’s noise' }).click();
  await expect(page).toHaveURL(/use=stochastic/);
  await expect(sentence(page)).toContainText('noise');
  await expect(page.getByLabel('Data in a batch')).toBeVisible();
});

const SINE =
  'layers=1-8-1&activation=tanh&data=sine&samples=40&seed=3&decay=0.01&optimizer=newton&train=500&precision=float64&scale=9.52';

for (const [use, problem] of [
  ['influence', SINE],
  ['hypergradient', SINE],
  ['race', 'seed=831'],
] as const)
  test(`${use}: the picture is what it was`, async ({ bench, page }) => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await bench.open(`#${problem}&lens=purpose&use=${use}`);
    await expect(sentence(page)).not.toBeEmpty();
    expect(await drawing(page)).toMatchSnapshot(`${use}.txt`);
  });

test('race: played on beside the bench’s own player it ends where the slider does', async ({ bench, page }) => {
  await bench.open('#lens=purpose&use=race&iterations=100');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.getByRole('button', { name: 'Race', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Pause' })).toHaveCount(0);
  await expect(page.getByRole('spinbutton', { name: 'K, as a number' })).toHaveValue('120');
  await expect(page).toHaveURL(/iterations=120/);
});
