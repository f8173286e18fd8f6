// The lenses: opened by pointer, keyboard and address; what they draw follows every slider and is said in words.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { type Bench, expect, test } from './bench';

/** A damped problem, on which all methods do something. */
const DAMPED = 'damping=0.5&precision=float64&scale=2.6&iterations=8';

const LENSES = [
  { name: 'polynomial', label: 'Spectrum and polynomial' },
  { name: 'eigenvectors', label: 'Error by eigenvector' },
];

async function openLens(bench: Bench, name: string, address = DAMPED): Promise<void> {
  await bench.open(`#${address}&lens=${name}`);
  await expect(sentence(bench.page)).not.toBeEmpty();
}

function sentence(page: Page) {
  return page.locator('.lens-sentence');
}

for (const { name, label } of LENSES) {
  test(`${label}: a tab opens it, the sliders move it, the first tab closes it`, async ({ bench, page }) => {
    await bench.open(`#${DAMPED}`);
    await page.getByRole('tab', { name: label }).click();
    await expect(page.getByRole('tabpanel', { name: label })).toBeVisible();
    await expect(sentence(page)).not.toBeEmpty();
    await expect(page).toHaveURL(new RegExp(`lens=${name}`));
    await expect(page.getByRole('figure', { name: 'Convergence' })).toBeHidden();
    await expect(bench.slider('Damping')).toBeInViewport({ ratio: 1 });

    const before = await sentence(page).textContent();
    await bench.type('λ', '0.9');
    await expect(sentence(page)).not.toHaveText(before ?? '');

    await page.getByRole('tab', { name: 'Convergence' }).click();
    await expect(page.getByRole('figure', { name: 'Convergence' })).toBeVisible();
    await expect(page.getByRole('tabpanel')).toBeHidden();
  });

  test(`${label}: its table says the same`, async ({ bench, page }) => {
    await openLens(bench, name);
    await page.getByText('The same as a table').click();
    await expect(page.locator('.lens-scroll tbody tr').first()).toBeVisible();
    expect(await page.locator('.lens-scroll thead th').count()).toBeGreaterThan(2);
  });

  for (const scheme of ['light', 'dark'] as const)
    for (const width of [1280, 390])
      test(`${label}: axe finds nothing at ${width}, ${scheme}, and nothing overflows`, async ({ bench, page }) => {
        await page.emulateMedia({ colorScheme: scheme });
        await page.setViewportSize({ width, height: 844 });
        await openLens(bench, name);
        await page.getByText('The same as a table').click();
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      });
}

test('tabs are gone through by arrow keys', async ({ bench, page }) => {
  await bench.open();
  await page.getByRole('tab', { name: 'Convergence' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('tab', { name: 'Spectrum and polynomial' })).toBeFocused();
  await expect(page.getByRole('tabpanel', { name: 'Spectrum and polynomial' })).toBeVisible();
  await page.keyboard.press('Home');
  await expect(page.getByRole('tab', { name: 'Convergence' })).toBeFocused();
});

test('a preset keeps the lens open', async ({ bench, page }) => {
  await openLens(bench, 'eigenvectors', '');
  await page.getByRole('button', { name: 'Damped' }).click();
  await expect(page.getByRole('tabpanel', { name: 'Error by eigenvector' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Damped' })).toHaveAttribute('aria-pressed', 'true');
});

test('a network too large for a lens is told so', async ({ bench, page }) => {
  await bench.open('#layers=3-128-9-1&lens=eigenvectors');
  await expect(sentence(page)).toContainText('is drawn for up to');
});

test('the polynomials’ dots are read out by arrow keys, and the end of Neumann’s interval is dragged', async ({
  bench,
  page,
}) => {
  await openLens(bench, 'polynomial');
  const chart = page.getByRole('img', { name: /^Residual polynomials/ });
  await chart.focus();
  await page.keyboard.press('End');
  await expect(page.locator('#lens .readout')).toContainText('λ = 4.9');
  await page.keyboard.press('Escape');
  await expect(page.locator('#lens .readout')).toBeHidden();

  const box = await page.locator('#lens .edge-handle').boundingBox();
  if (!box) throw new Error('the edge has no place');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 - 80, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  await expect(sentence(page)).not.toContainText('λ/2.6');
});
