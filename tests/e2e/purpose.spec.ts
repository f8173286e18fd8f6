// What it is for: each application by pointer, keyboard and address, against what the core says.

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

const USES = ['influence'];

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

test('influence: away from a minimum it says so, and one press leads to one', async ({ bench, page }) => {
  await openUse(bench, 'influence', 'seed=831');
  await expect(sentence(page)).toContainText('θ is no minimum');
  await page.getByRole('button', { name: 'Train this problem' }).click();
  await expect(sentence(page)).not.toContainText('θ is no minimum');
  await expect(page).toHaveURL(/optimizer=newton/);
  await page.getByRole('button', { name: 'A sine, trained' }).click();
  await expect(page).toHaveURL(/data=sine/);
});
