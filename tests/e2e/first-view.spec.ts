// What the page loads before its reader does anything: what the size step counts, and nothing else.

import { expect, type Page, test } from '@playwright/test';
import { firstView } from '../../scripts/size.mjs';
import { Bench } from './bench';

// What is kept for later is fetched when the page has nothing to do, and is no part of the first view.
test.use({ serviceWorkers: 'block' });

/** The site's files that the page asks for from now on. */
function asked(page: Page): () => string[] {
  const files: string[] = [];
  page.on('request', (request) => {
    const file = /\/some\/path\/(.*)$/.exec(request.url());
    if (file) files.push(file[1] || 'index.html');
  });
  return () => [...files].sort();
}

async function opened(page: Page): Promise<Bench> {
  await page.goto('./');
  const bench = new Bench(page);
  await bench.ready();
  await page.waitForLoadState('networkidle');
  return bench;
}

test('the first view asks for the files that are weighed, each once', async ({ page }) => {
  const files = asked(page);
  await opened(page);
  expect(files()).toEqual([...firstView()].sort());
});

test('the full module follows at the first move', async ({ page }) => {
  await opened(page);
  const files = asked(page);
  await page.mouse.move(300, 300);
  await expect
    .poll(() =>
      files()
        .filter((file) => file.endsWith('.wasm'))
        .join(),
    )
    .toMatch(/^assets\/hessian_lab_bg.*\.wasm$/);
});

test('a link to what the first module does not cover loads the full one at once', async ({ page }) => {
  const files = asked(page);
  await page.goto('./#precision=float64');
  await new Bench(page).ready();
  expect(files().filter((file) => file.endsWith('.wasm'))).toHaveLength(2);
});

test('a link to a lens says that its answer is on its way, and shows no empty figure until then', async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/assets/hessian_lab_bg*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('./#lens=loss');
  const sentence = page.locator('.lens-sentence');
  await expect(page.locator('.claim')).toBeVisible();
  await expect.poll(() => sentence.evaluate((node) => getComputedStyle(node, '::after').visibility)).toBe('visible');
  expect(await sentence.evaluate((node) => getComputedStyle(node, '::after').content)).toContain('In a moment');
  for (const part of ['.lens-figure', '.lens-numbers']) await expect(page.locator(part)).toBeHidden();
  await expect(page.locator('.zero-label')).toBeEmpty();
  release();
  await expect(sentence).toContainText('The loss is');
  for (const part of ['.lens-figure', '.lens-numbers']) await expect(page.locator(part)).toBeVisible();
  expect(await sentence.evaluate((node) => getComputedStyle(node, '::after').content)).not.toContain('In a moment');
});
