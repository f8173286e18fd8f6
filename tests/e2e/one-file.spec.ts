// The page as one file: opened from a disk, with no network at all.

import { expect, test } from '@playwright/test';

const FILE = new URL('../../dist/hessian-lab.html', import.meta.url);

test('one file works from a disk, without a network, and within its policy', async ({ browser }) => {
  const context = await browser.newContext({ offline: true, viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url().slice(0, 80)));
  await page.goto(`${FILE.href}#damping=0.7&precision=float64`);
  await expect(page.locator('html')).toHaveAttribute('data-state', 'ready');
  await expect(page.locator('tr[data-method="cg"]')).toContainText('converged');

  // Parts that a site loads when they are opened are inside too.
  await page.getByRole('button', { name: 'Export' }).click();
  await expect(page.getByRole('button', { name: 'PyTorch script' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: /eigenvector/ }).click();
  await expect(page.locator('.lens-panel .claim')).not.toBeEmpty();
  await page.getByRole('tab', { name: 'Convergence' }).click();
  await page.getByRole('radio', { name: 'milliseconds' }).check();
  await expect(page.locator('path[data-method="cg"]')).toHaveAttribute('d', /^M/);

  expect(complaints).toEqual([]);
  expect(requests.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
  await context.close();
});
