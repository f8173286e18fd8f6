// What it is for: each application by pointer, keyboard and address, against what the core says.

import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { type Bench, expect, test } from './bench';

/** A sine fitted to a minimum. */
const SINE =
  'layers=1-8-1&activation=tanh&data=sine&samples=40&seed=3&decay=0.01&optimizer=newton&train=500&precision=float64&scale=9.52';

async function openUse(bench: Bench, use: string, address = SINE): Promise<void> {
  await bench.open(`#${address}&lens=purpose&use=${use}`);
  await expect(sentence(bench.page)).not.toBeEmpty();
}

function sentence(page: Page) {
  return page.locator('.lens-sentence');
}

const USES = ['influence', 'hypergradient'];

for (const use of USES)
  for (const scheme of ['light', 'dark'] as const)
    for (const width of [1280, 390])
      test(`${use}: axe finds nothing at ${width}, ${scheme}, and nothing overflows`, async ({ bench, page }) => {
        await page.emulateMedia({ colorScheme: scheme });
        await page.setViewportSize({ width, height: 844 });
        await openUse(bench, use);
        await page.getByText('The same as a table').click();
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      });

test('influence: each inverse is chosen by pointer and by keyboard, and told how far off it is', async ({
  bench,
  page,
}) => {
  await openUse(bench, 'influence');
  await expect(sentence(page)).not.toContainText('correlation');
  await page.getByRole('radio', { name: 'KFAC', exact: true }).check();
  await expect(sentence(page)).toContainText('KFAC’s predictions have correlation');
  await expect(page).toHaveURL(/solver=kfac/);
  await page.keyboard.press('ArrowRight');
  await expect(sentence(page)).toContainText('EKFAC’s predictions have correlation');
});

test('influence: hollow marks are in the key, while there are any', async ({ bench, page }) => {
  await openUse(bench, 'influence', 'seed=831');
  const key = page.getByText('hollow: further out than the axis');
  await expect(key).toBeHidden();
  await page.getByRole('radio', { name: 'KFAC', exact: true }).check();
  await expect(key).toBeVisible();
  await expect(page.locator('.points .beyond')).toHaveCount(6);
});

test('influence: away from a minimum it says so, and one press leads to one', async ({ bench, page }) => {
  await openUse(bench, 'influence', 'seed=831');
  await expect(sentence(page)).toContainText('θ is no minimum');
  await page.getByRole('button', { name: 'Train this problem' }).click();
  await expect(sentence(page)).not.toContainText('θ is no minimum');
  await expect(page).toHaveURL(/optimizer=newton/);
  await page.getByRole('button', { name: 'A sine, trained' }).click();
  await expect(page).toHaveURL(/data=sine/);
});

for (const [width, height] of [
  [1280, 800],
  [390, 844],
] as const)
  test(`influence: its charts stay where they are as damping leaves 0, at ${width}`, async ({ bench, page }) => {
    await page.setViewportSize({ width, height });
    await openUse(bench, 'influence', 'seed=831');
    const chart = page.getByRole('slider', { name: /^Predicted against real/ });
    await expect(sentence(page)).not.toContainText('The damping');
    const before = await chart.boundingBox();
    await bench.type('λ', '0.0001');
    await expect(sentence(page)).toContainText('The damping 1.0e-4 is in it too');
    expect(await chart.boundingBox()).toEqual(before);
  });

test('an application that is refused keeps the controls that undo it', async ({ bench, page }) => {
  await openUse(bench, 'stochastic', 'batch=20');
  await expect(sentence(page)).toContainText('A batch of 20 data can’t be drawn from 10');
  await expect(page.getByRole('slider', { name: /^LiSSA’s error over its steps/ })).toBeHidden();
  await page.getByLabel('Data in a batch').selectOption('5');
  await expect(sentence(page)).not.toContainText('can’t be drawn');
  await expect(page.getByRole('slider', { name: /^LiSSA’s error over its steps/ })).toBeVisible();
});

test('a race that takes long says so, is cancelled, and runs again after a change', async ({ bench, page }) => {
  await bench.open('#layers=16-24-24-1&samples=256&lens=purpose&use=race');
  const waiting = page.locator('.waiting');
  await expect(waiting).toContainText(/computing, \d+ s so far/);
  await expect(page.getByRole('radio', { name: 'Products' }).last()).toBeVisible();
  await waiting.getByRole('button', { name: 'Cancel' }).click();
  await expect(sentence(page)).toContainText('Cancelled');
  await expect(waiting).toBeHidden();
  await page.getByLabel('Samples').fill('10');
  await page.getByLabel('Samples').press('Enter');
  await expect(sentence(page)).not.toContainText('Cancelled');
});

/** Large enough for retraining to take a while. */
const SLOW =
  'layers=3-24-1&activation=tanh&samples=300&decay=0.05&optimizer=newton&train=300&precision=float64&also=minres';

test('influence: retraining shows that the exact inverse foretells it and a poor one does not', async ({
  bench,
  page,
}) => {
  await openUse(bench, 'influence');
  await page.getByRole('button', { name: 'Retrain without each datum' }).click();
  await expect(sentence(page)).toContainText(
    'After 40 retrainings, the exact inverse’s predictions have correlation 0.977',
  );
  await page.getByRole('radio', { name: 'KFAC', exact: true }).check();
  await expect(sentence(page)).toContainText(
    /KFAC’s predictions have correlation 0\.\d+ with the real changes, the exact inverse’s 0\.977/,
  );
  await expect(page.locator('#lens .points').first().locator('path')).toHaveCount(40);

  await page.getByRole('radio', { name: 'CG', exact: true }).check();
  const converged = await sentence(page).textContent();
  await bench.type('K', '3');
  await expect(sentence(page)).not.toHaveText(converged ?? '');
  await expect(sentence(page)).toContainText('After 40 retrainings');

  await page.getByLabel('Seed').fill('4');
  await page.getByLabel('Seed').press('Enter');
  await expect(sentence(page)).toContainText('would rise most');
});

test('influence: retraining shows how far it is, and is cancelled', async ({ bench, page }) => {
  await openUse(bench, 'influence', SLOW);
  await page.getByRole('button', { name: 'Retrain without each datum' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('progressbar', { name: 'Retrain without each datum' })).toBeVisible();
  await expect(page.locator('.progress')).toContainText(/\d+ of 300/);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('button', { name: 'Retrain without each datum' })).toBeFocused();
  await expect(page.getByRole('progressbar')).toBeHidden();
  // What is known is compared in the end, and no more of it comes.
  const known = () => page.locator('.influence-row .plot').first().locator('.points path').count();
  const before = await known();
  await expect(sentence(page)).toContainText(`After ${before} of 300 retrainings, the exact inverse’s predictions`);
  await page.waitForTimeout(500);
  expect(await known()).toBe(before);
});

test('influence: a datum is left out by pointer and by keyboard, and taken back', async ({ bench, page }) => {
  await openUse(bench, 'influence');
  const chart = page.getByRole('slider', { name: /^The data, marked by their influence/ });
  await chart.focus();
  await page.keyboard.press('Home');
  for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowRight');
  await expect(page.locator('#lens .readout').last()).toContainText('datum 6');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/spared=6/);
  await expect(sentence(page)).toContainText('Datum 6 is left out: retrained, the validation loss changes by');
  await expect(page.locator('#lens .fits .without')).toHaveAttribute('d', /^M/);
  await page.keyboard.press('Enter');
  await expect(sentence(page)).not.toContainText('is left out');

  const mark = await page.locator('#lens .influence-row .points').last().locator('path[data-datum="9"]').boundingBox();
  if (!mark) throw new Error('the datum has no place');
  await page.mouse.click(mark.x + mark.width / 2, mark.y + mark.height / 2);
  await expect(page).toHaveURL(/spared=9/);
  const link = page.url();
  await page.goto('about:blank');
  await page.goto(link);
  await expect(sentence(page)).toContainText('Datum 9 is left out: retrained');
});

test('influence: own data have no validation data, and that is said', async ({ bench, page }) => {
  await openUse(bench, 'influence');
  await page.getByRole('button', { name: 'own…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your own data and weights' });
  await dialog.getByRole('textbox').fill('1,2\n3,4\n0,1');
  await dialog.getByRole('button', { name: 'Use as data' }).click();
  await expect(sentence(page)).toContainText('your own data come without');
});

test('hypergradient: slopes by each inverse, the curve retrained to, and a descent of it', async ({ bench, page }) => {
  await openUse(bench, 'hypergradient');
  await expect(sentence(page)).toContainText('1 % more weight decay raises the validation loss by 0.49 %');
  await expect(page.locator('#lens .tangents path')).toHaveCount(6);
  const descend = page.getByRole('button', { name: 'Descend', exact: true });
  await expect(descend).toBeDisabled();
  await page.getByRole('button', { name: 'Retrain along the curve' }).click();
  await expect(sentence(page)).toContainText('Of those retrained with, μ = 0.001 is best');
  await expect(page.locator('#lens .samples circle')).toHaveCount(21);
  await expect(page.locator('.descent-step')).toHaveText('step 0 of 8');
  await page.getByRole('button', { name: 'Descend one step' }).click();
  await expect(sentence(page)).toContainText('After 1 step of descent');
  await expect(page.locator('#lens .descent circle')).toHaveCount(2);
  await descend.click();
  await expect(page.locator('.descent-step')).toHaveText('step 8 of 8');
  await expect(page.locator('#lens .descent circle')).toHaveCount(9);
  await page.getByRole('button', { name: 'Back to the start' }).click();
  await expect(page.locator('.descent-step')).toHaveText('step 0 of 8');

  await page.getByRole('radio', { name: 'Neumann' }).check();
  await expect(sentence(page)).toContainText(
    'by Neumann; by the exact inverse it raises the validation loss by 0.49 %',
  );
  const chart = page.getByRole('slider', { name: /^The validation loss over the weight decay/ });
  await chart.focus();
  await page.keyboard.press('End');
  await expect(page.locator('#lens .readout')).toContainText('μ = 1');
});

test('hypergradient: without weight decay it says what to do', async ({ bench, page }) => {
  await openUse(bench, 'hypergradient', 'seed=831');
  await expect(sentence(page)).toContainText('“Train this problem” sets one');
  await page.getByRole('button', { name: 'Train this problem' }).click();
  await expect(sentence(page)).toContainText('1 % more weight decay');
});

test('applications are chosen by pointer and by keyboard, and the address keeps them', async ({ bench, page }) => {
  await openUse(bench, 'influence');
  await page.getByRole('radio', { name: 'Influence' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/use=hypergradient/);
  await expect(sentence(page)).toContainText('weight decay');
  await page.goBack();
  await expect(page.getByRole('radio', { name: 'Influence' })).toBeChecked();
});

test('a singular Hessian is refused with what would help', async ({ bench, page }) => {
  await openUse(bench, 'influence', 'layers=2-3-3&loss=cross-entropy&data=blobs&precision=float64');
  await expect(sentence(page)).toContainText('This can’t be answered here: Weight decay: 0 leaves an eigenvalue');
  await page.getByRole('button', { name: 'Train this problem' }).click();
  await expect(sentence(page)).toContainText('would rise most');
});

test('charts and curves are exported under their own names', async ({ bench, page }) => {
  await openUse(bench, 'hypergradient');
  await page.getByRole('button', { name: 'Export' }).click();
  const chart = page.getByRole('combobox', { name: 'Chart' });
  await chart.selectOption('The validation loss over the weight decay');
  const file = page.waitForEvent('download');
  await page.getByRole('button', { name: 'SVG' }).click();
  expect((await file).suggestedFilename()).toBe('hessian-lab-the-validation-loss-over-the-weight-decay.svg');
  const table = page.waitForEvent('download');
  await page.getByRole('button', { name: 'The lens’s table, CSV' }).click();
  const text = readFileSync(await (await table).path(), 'utf8');
  expect(text).toMatch(/^what,weight decay,validation loss,/);
  expect(text).toContain('slope by the exact inverse,,,0.9');
});
