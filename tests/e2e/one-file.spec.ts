// The page as one file: opened from a disk, with no network at all; and the policies of both builds.

import { fileURLToPath } from 'node:url';
import { expect, test as plain } from '@playwright/test';
import { expect as expectOnBench, test } from './bench';

const FILE = new URL('../../dist/hessian-lab.html', import.meta.url);

plain('one file works from a disk, without a network, and within its policy', async ({ browser }) => {
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

for (const [name, address] of [
  ['the site', ''],
  ['one file', fileURLToPath(FILE)],
] as const)
  test(`${name} has a policy under which nothing foreign runs or is asked`, async ({ page }) => {
    await page.goto(address ? FILE.href : './');
    const policy = (await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content')) ?? '';
    expectOnBench(policy).toContain("default-src 'none'");
    expectOnBench(policy).not.toContain("'unsafe-inline'");
    expectOnBench(policy).not.toContain("'unsafe-eval'");
    const ran = await page.evaluate(async () => {
      const script = Object.assign(document.createElement('script'), { textContent: 'window.intruder = true' });
      document.head.append(script);
      const asked = await fetch('https://example.org/').then(
        () => true,
        () => false,
      );
      return { script: 'intruder' in window, asked };
    });
    expectOnBench(ran).toEqual({ script: false, asked: false });
  });
