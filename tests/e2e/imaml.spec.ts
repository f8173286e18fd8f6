// Meta-learning in the last lens: its controls, its numbers, its meta-training, for everyone.

import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { type Bench, expect, test } from './bench';
import { drawing } from './drawing';

async function openImaml(bench: Bench, more = ''): Promise<void> {
  await bench.open(`#lens=purpose&use=imaml${more}`);
  await expect(sentence(bench.page)).toContainText('Unrolling');
}

function sentence(page: Page) {
  return page.locator('.lens-sentence');
}

for (const scheme of ['light', 'dark'] as const)
  for (const width of [1280, 390])
    test(`axe finds nothing after meta-training at ${width}, ${scheme}, and nothing overflows`, async ({
      bench,
      page,
    }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 844 });
      await openImaml(bench);
      await page.getByRole('button', { name: 'Meta-train for 40 steps' }).click();
      await expect(sentence(page)).toContainText('40 meta-steps take');
      await page.getByText('The same as a table').click();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    });

test('more CG steps and more inner steps are told of, and the address keeps both', async ({ bench, page }) => {
  await openImaml(bench);
  await expect(sentence(page)).toContainText('for 384.5 products and 257 iterates kept');
  await page.getByLabel('CG steps').selectOption('20');
  await expect(sentence(page)).toContainText(
    /CG with 20 steps there leaves an error of .* for 148\.5 products and one iterate/,
  );
  await page.getByLabel('Inner steps').selectOption('64');
  await expect(sentence(page)).toContainText('for 96.5 products and 65 iterates kept');
  await expect(page).toHaveURL(/cgsteps=20&innersteps=64/);
  await page.reload();
  await expect(sentence(page)).toContainText('CG with 20 steps there');
  await expect(page.getByLabel('CG steps')).toHaveValue('20');
});

test('each inverse is chosen by keyboard, and what it leaves at the minimum is said', async ({ bench, page }) => {
  await openImaml(bench, '&solver=kfac');
  await expect(sentence(page)).toContainText('At the inner minimum itself KFAC leaves');
  await page.getByRole('radio', { name: 'KFAC', exact: true }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(sentence(page)).toContainText('itself EKFAC leaves');
  await page.getByRole('radio', { name: 'Exact' }).check();
  await expect(sentence(page)).not.toContainText('itself');
});

test('meta-training adds its curve and its losses; another γ takes them back', async ({ bench, page }) => {
  await openImaml(bench);
  const curves = page.locator('#lens .task-curves path');
  await expect(curves).toHaveCount(2);
  await page.getByRole('button', { name: 'Meta-train for 40 steps' }).focus();
  await page.keyboard.press('Enter');
  await expect(sentence(page)).toContainText(/40 meta-steps take the test loss .* from 0\.\d+ to 0\.\d+/);
  await expect(curves).toHaveCount(3);
  const chart = page.getByRole('slider', { name: /^A new task, adapted to/ });
  await chart.focus();
  await page.keyboard.press('Home');
  await expect(page.locator('#lens .readout').last()).toContainText('input −3');
  await page.getByLabel('Proximal strength γ').selectOption('1');
  await expect(page).toHaveURL(/proximal=1/);
  await expect(curves).toHaveCount(2);
  await expect(sentence(page)).not.toContainText('meta-steps');
});

test('meta-training is cancelled, and can be started again', async ({ bench, page }) => {
  // The first one never reaches its worker, and so never ends by itself.
  await page.addInitScript(() => {
    let held = 1;
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (
      this: Worker,
      message: { experiment?: { imaml?: { meta_steps?: number } } },
    ) {
      if (message.experiment?.imaml?.meta_steps && held-- > 0) return;
      post.call(this, message);
    };
  });
  await openImaml(bench);
  const start = page.getByRole('button', { name: 'Meta-train for 40 steps' });
  const curves = page.locator('#lens .task-curves path');
  await start.click();
  await expect(page.getByRole('progressbar', { name: 'Meta-train for 40 steps' })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(start).toBeFocused();
  await expect(curves).toHaveCount(2);
  await start.click();
  await expect(curves).toHaveCount(3);
});

test('an address that asks for too much is refused by its key', async ({ bench, page }) => {
  await bench.open('#lens=purpose&use=imaml&innersteps=501');
  await expect(page.locator('body')).toContainText('innersteps: “501” is not a whole number from 1 to 500');
});

test('its table is exported', async ({ bench, page }) => {
  await openImaml(bench);
  await page.getByRole('button', { name: 'Export' }).click();
  const file = page.waitForEvent('download');
  await page.getByRole('button', { name: 'The lens’s table, CSV' }).click();
  const text = readFileSync(await (await file).path(), 'utf8');
  expect(text).toMatch(/^after,unrolled: error,unrolled: products,/);
  expect(text).toContain('256 inner steps,');
  await expect(page.getByRole('combobox', { name: 'Chart' })).toContainText('The meta-gradient’s error over its cost');
});

test('the picture is what it was', async ({ bench, page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await openImaml(bench, '&seed=1');
  expect(await drawing(page)).toMatchSnapshot('meta-learning.txt');
});
