// LiSSA's band in the last lens: which error is left, by step, batch and runs, for everyone.

import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { type Bench, expect, test } from './bench';
import { drawing } from './drawing';

/** The notebook's problem made positive definite, so that the series converges. */
const DAMPED = '&matrix=gauss-newton&damping=0.3&scale=6';

async function openBand(bench: Bench, more = DAMPED): Promise<void> {
  await bench.open(`#lens=purpose&use=stochastic${more}`);
  await expect(sentence(bench.page)).not.toBeEmpty();
}

function sentence(page: Page) {
  return page.locator('.lens-sentence');
}

for (const scheme of ['light', 'dark'] as const)
  for (const width of [1280, 390])
    test(`axe finds nothing at ${width}, ${scheme}, and nothing overflows`, async ({ bench, page }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 844 });
      await openBand(bench);
      await page.getByText('The same as a table').click();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    });

test('where the series diverges it says so, and one press leads to one that converges', async ({ bench, page }) => {
  await openBand(bench, '');
  await expect(sentence(page)).toContainText('No batch is large enough to help.');
  await page.getByRole('button', { name: 'Gauss–Newton, damped' }).click();
  await expect(sentence(page)).toContainText('the cut-off series leaves');
  await expect(page).toHaveURL(/matrix=gauss-newton/);
});

test('noise takes over at a step; the whole data have none', async ({ bench, page }) => {
  await openBand(bench);
  await bench.type('K', '2');
  await expect(sentence(page)).toContainText('truncation is what is left');
  await bench.type('K', '120');
  await expect(sentence(page)).toContainText(/noise is what is left since step \d+/);
  await expect(sentence(page)).toContainText('It stays near');
  await expect(page.locator('#lens .place-label')).toHaveText('noise takes over');
  await expect(page.locator('#lens .levels path[data-method="floor"]')).toHaveCount(1);
  await page.getByLabel('Data in a batch').selectOption('10');
  await expect(sentence(page)).toContainText('the batch is the whole data, so there is no noise');
  await expect(page.locator('#lens .place-label')).toHaveText('');
  await expect(page).toHaveURL(/batch=10/);
});

test('more runs lower the noise, and the address keeps them', async ({ bench, page }) => {
  await openBand(bench, `${DAMPED}&iterations=120`);
  const noise = async () => Number(/batches’ noise ([\d.]+)/.exec((await sentence(page).textContent()) ?? '')?.[1]);
  const before = await noise();
  await page.getByLabel('Runs averaged').selectOption('64');
  await expect(page).toHaveURL(/repeats=64/);
  await expect.poll(noise).toBeLessThan(0.5 * before);
  await page.reload();
  await expect(page.getByLabel('Runs averaged')).toHaveValue('64');
});

test('a batch larger than the data is refused with what to change, and changing it helps', async ({ bench, page }) => {
  await openBand(bench, `${DAMPED}&batch=11`);
  await expect(sentence(page)).toHaveText(
    'A batch of 11 data can’t be drawn from 10: set Samples to 11 or more, or take fewer in a batch.',
  );
  await page.getByLabel('Samples').fill('11');
  await page.getByLabel('Samples').press('Enter');
  await expect(sentence(page)).toContainText('the batch is the whole data');
});

test('steps are read out by keyboard, and the table is exported', async ({ bench, page }) => {
  await openBand(bench);
  await page.getByRole('slider', { name: /^LiSSA’s error over its steps/ }).focus();
  await page.keyboard.press('End');
  await expect(page.locator('#lens .readout')).toContainText('step 120');
  await expect(sentence(page)).toContainText('After 120 steps');
  await page.getByRole('button', { name: 'Export' }).click();
  const file = page.waitForEvent('download');
  await page.getByRole('button', { name: 'The lens’s table, CSV' }).click();
  const lines = readFileSync(await (await file).path(), 'utf8')
    .trim()
    .split(/\r?\n/);
  expect(lines[0]).toContain('step,truncation,noise,');
  expect(lines).toHaveLength(122);
});

test('the picture is what it was', async ({ bench, page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await openBand(bench);
  expect(await drawing(page)).toMatchSnapshot('lissas-noise.txt');
});
