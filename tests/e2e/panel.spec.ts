// Panels that open under a button: who has the focus, what they hold while the page goes on, and what does not arrive.

import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, test } from './bench';

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');

test('a panel that is opened by keyboard keeps the focus, follows its button, and gives the focus back', async ({
  bench,
  page,
}) => {
  await bench.open();
  const button = page.getByRole('button', { name: 'Export' });
  const panel = page.getByRole('dialog', { name: 'Export' });
  await button.press('Enter');
  await expect(panel.getByRole('button', { name: 'Close' })).toBeFocused();
  // What opened it is told of later than that.
  await page.waitForTimeout(100);
  await expect(panel.getByRole('button', { name: 'Close' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(panel.getByRole('button', { name: 'Curves, CSV' })).toBeFocused();
  while ((await focused(page)) !== 'Copy HTML') await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Dark theme' })).toBeFocused();
  await button.press('Enter');
  await expect(panel).toBeHidden();
  await button.press('Enter');
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  await expect(button).toBeFocused();
});

test('a press elsewhere closes a panel and has the focus', async ({ bench, page }) => {
  await bench.open();
  const panel = page.getByRole('dialog', { name: 'Export' });
  await page.getByRole('button', { name: 'Export' }).click();
  await expect(panel).toBeVisible();
  await page.getByRole('spinbutton', { name: 'Seed' }).click();
  await expect(panel).toBeHidden();
  await page.waitForTimeout(100);
  await expect(page.getByRole('spinbutton', { name: 'Seed' })).toBeFocused();
});

test('an open panel stays in a window that shrinks', async ({ bench, page }) => {
  await bench.open();
  await page.getByRole('button', { name: 'Export' }).click();
  await page.setViewportSize({ width: 600, height: 700 });
  const right = () =>
    page.getByRole('dialog', { name: 'Export' }).evaluate((panel) => panel.getBoundingClientRect().right);
  await expect.poll(right).toBeLessThanOrEqual(600);
});

test('what is exported is what is on screen, though it has moved since the panel was opened', async ({
  bench,
  page,
}) => {
  await bench.open();
  await page.getByRole('button', { name: 'Export' }).click();
  const panel = page.getByRole('dialog', { name: 'Export' });
  await expect(panel).toBeVisible();
  await bench.slider('Damping').focus();
  for (let press = 0; press < 3; press++) await page.keyboard.press('PageUp');
  await bench.ready();
  const damping = Number(await page.getByRole('spinbutton', { name: 'λ, as a number' }).inputValue());
  expect(damping).toBeGreaterThan(0);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel.getByRole('button', { name: 'Experiment, JSON' }).click(),
  ]);
  expect(JSON.parse(readFileSync(await download.path(), 'utf8')).damping).toBe(damping);
  await panel.getByRole('textbox', { name: 'HTML to copy' }).focus();
  expect(await panel.getByRole('textbox', { name: 'HTML to copy' }).inputValue()).toContain(`#damping=${damping}`);
});

test('files are named after what is in them', async ({ bench, page }) => {
  await bench.open('#lens=budget');
  await page.getByRole('button', { name: 'Export' }).click();
  const panel = page.getByRole('dialog', { name: 'Export' });
  const named = async (button: string) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      panel.getByRole('button', { name: button }).click(),
    ]);
    return download.suggestedFilename();
  };
  expect(await named('The lens’s table, CSV')).toBe('hessian-lab-budget.csv');
  await panel.getByLabel('Chart').selectOption('The network');
  expect(await named('SVG')).toBe('hessian-lab-the-network.svg');
});

test('a lens without a table offers none', async ({ bench, page }) => {
  await bench.open('#lens=purpose&use=hypergradient');
  await page.getByRole('button', { name: 'Export' }).click();
  await expect(page.getByRole('button', { name: 'Curves, CSV' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'The lens’s table, CSV' })).toBeHidden();
});
