// The lessons, from the first to the last: predict, see, try, leave.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { LESSONS } from '../../www/lessons/catalogue';
import { type Bench, expect, test } from './bench';

const BEFORE = '#damping=0.25&iterations=17';

function panel(page: Page) {
  return page.locator('#lesson');
}

async function openContents(bench: Bench): Promise<void> {
  await bench.open(BEFORE);
  await bench.page.getByRole('button', { name: 'Lessons', exact: true }).click();
  await expect(panel(bench.page).getByRole('heading', { level: 2 })).toHaveText('Eight lessons');
}

async function expectBenchAsBefore(bench: Bench): Promise<void> {
  await expect(panel(bench.page)).toBeHidden();
  await expect(bench.slider('Iterations')).toHaveValue('17');
  await expect(bench.page.getByRole('spinbutton', { name: 'λ, as a number' })).toHaveValue('0.25');
  await expect(bench.page.getByRole('button', { name: 'Lessons', exact: true })).toBeFocused();
}

for (const { name, title } of LESSONS) {
  test(`${name}: by pointer, from the prediction to leaving`, async ({ bench, page }) => {
    await openContents(bench);
    await panel(page).getByRole('button', { name: title }).click();
    await expect(panel(page).getByRole('heading', { level: 2 })).toHaveText(title);
    await expect(panel(page).locator('.claim')).toBeHidden();
    await bench.ready();

    const grip = page.locator('.guess .grip');
    if (await grip.count()) {
      const words = panel(page).locator('output');
      const marked = await words.textContent();
      const knob = await page.locator('.guess .knob').boundingBox();
      if (!knob) throw new Error('the marker has no place');
      await page.mouse.move(knob.x + knob.width / 2, knob.y + knob.height / 2);
      await page.mouse.down();
      await page.mouse.move(knob.x - 60, knob.y + 70, { steps: 6 });
      await page.mouse.up();
      await expect(words).not.toHaveText(marked ?? '');
    } else await panel(page).getByRole('radio').first().check();
    await panel(page)
      .getByRole('button', { name: /^That is my/ })
      .click();

    await expect(panel(page).locator('.outcome')).toBeFocused();
    await expect(panel(page).locator('.outcome')).toHaveText(/^(Right|Not so|Not quite|Well judged)/);
    await expect(panel(page).locator('.claim')).toBeVisible();
    await bench.ready();

    const presses = panel(page).locator('.tries button');
    const sentences = new Set<string>();
    for (const button of await presses.all()) {
      await button.click();
      await bench.ready();
      await page.waitForTimeout(100);
      sentences.add((await panel(page).locator('.now').textContent()) ?? '');
    }
    expect(sentences.size).toBeGreaterThan(1);
    await panel(page).getByRole('button', { name: 'Leave' }).click();
    await expectBenchAsBefore(bench);
  });
}

for (const width of [1120, 1280, 1800, 1920])
  test(`beside a lesson, headings and sliders keep to their places at ${width}`, async ({ bench, page }) => {
    await page.setViewportSize({ width, height: Math.round(0.56 * width) });
    await bench.open('#lesson=neumann');
    await panel(page).getByRole('radio').first().check();
    await panel(page)
      .getByRole('button', { name: /^That is my/ })
      .click();
    await bench.ready();
    const tight = width === 1120 ? '' : ', #scale-hint';
    const cut = await page
      .locator(`.numbers thead th, .slider${tight}`)
      .evaluateAll((boxes) => boxes.filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.textContent));
    expect(cut).toEqual([]);
  });

test('all of them by keyboard alone', async ({ bench, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await bench.open(BEFORE);
  await page.getByRole('button', { name: 'Lessons', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(panel(page).getByRole('heading', { level: 2 })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  for (const { title } of LESSONS) {
    const heading = panel(page).getByRole('heading', { level: 2 });
    await expect(heading).toHaveText(title);
    await expect(heading).toBeFocused();
    await page.keyboard.press('Tab');
    const isMarker = (await page.locator('.guess').count()) > 0;
    await page.keyboard.press(isMarker ? 'ArrowLeft' : 'Space');
    await page.keyboard.press('Enter');
    await expect(panel(page).locator('.outcome')).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(panel(page).locator('.tries button').first()).toBeFocused();
    await page.keyboard.press('Enter');
    const next = panel(page).locator('footer button');
    for (let press = 0; press < 6 && !(await next.evaluate((node) => node === document.activeElement)); press++)
      await page.keyboard.press('Tab');
    await expect(next).toBeFocused();
    await page.keyboard.press('Enter');
  }
  await expectBenchAsBefore(bench);
});

test('Escape leaves, and a preset does too', async ({ bench, page }) => {
  await openContents(bench);
  await page.keyboard.press('Escape');
  await expectBenchAsBefore(bench);
  await page.getByRole('button', { name: 'Lessons', exact: true }).click();
  await page.getByRole('button', { name: 'Damped' }).click();
  await expect(panel(page)).toBeHidden();
  await expect(page.getByRole('button', { name: 'Damped' })).toHaveAttribute('aria-pressed', 'true');
});

test('a problem that is chosen in a lens leaves the lesson open, and the way back', async ({ bench, page }) => {
  await bench.open('#lesson=kfac&guess=1&lens=budget&back=damping%3D0.25%26iterations%3D17');
  await page.getByRole('button', { name: 'Deep linear' }).click();
  await bench.ready();
  await expect(page).toHaveURL(/activation=identity/);
  await expect(panel(page)).toBeVisible();
  await panel(page).getByRole('button', { name: 'Leave' }).click();
  await expectBenchAsBefore(bench);
});

test('a link restores a lesson with its prediction and the way back', async ({ bench, page }) => {
  await bench.open('#lesson=float32');
  await expect(page.locator('.guess')).toBeVisible();
  await panel(page).getByRole('slider').fill('-3');
  await panel(page).getByRole('button', { name: 'That is my guess' }).click();
  await expect(page).toHaveURL(/lesson=float32&guess=0.001/);
  await bench.ready();
  await page.reload();
  await bench.ready();
  await expect(panel(page).locator('.outcome')).toContainText('you said 0.001, it is 2.4×10⁻⁵');
  expect((await bench.numbers('cg')).error).toBeLessThan(1e-3);

  await page.goto('about:blank');
  await bench.open('#lesson=kfac&guess=1&back=damping%3D0.25%26iterations%3D17');
  await panel(page).getByRole('button', { name: 'Leave' }).click();
  await expectBenchAsBefore(bench);
});

test('an address with a lesson that there is not is refused', async ({ bench, page }) => {
  await bench.open('#lesson=astrology');
  await expect(page.getByRole('alert')).toContainText('lesson: “astrology” is not one of all, newton');
});

test('before the prediction nothing on the bench tells the answer', async ({ bench, page }) => {
  await bench.open('#lesson=neumann');
  await expect(panel(page).getByRole('radio').first()).toBeVisible();
  await expect(page.locator('.story')).toBeHidden();
  await expect(page.getByRole('button', { name: /^λmax\/2/ })).toBeHidden();
  await panel(page).getByRole('radio').first().check();
  await panel(page).getByRole('button', { name: 'That is my answer' }).click();
  await expect(page.getByRole('button', { name: /^λmax\/2/ })).toBeVisible();
  await expect(bench.row('neumann')).toContainText('diverges');
});

test('on a phone no slider that is used tells the answer before the prediction', async ({ bench, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await bench.open('#lesson=neumann');
  for (const name of ['Iterations', 'Scale', 'Damping'] as const) {
    await bench.slider(name).dispatchEvent('pointerdown');
    for (const mark of await page.locator('.marks > *').all()) await expect(mark).toBeHidden();
  }
  await bench.open('#lesson=neumann&guess=2');
  await bench.slider('Scale').dispatchEvent('pointerdown');
  await expect(page.getByRole('button', { name: /^λmax\/2/ })).toBeVisible();
});

for (const [width, height] of [
  [1280, 800],
  [1920, 1080],
  [390, 844],
  [390, 664],
  [360, 568],
] as const) {
  test(`a lesson covers neither chart, table nor sliders at ${width} × ${height}`, async ({ bench, page }) => {
    await page.setViewportSize({ width, height });
    await bench.open('#lesson=float32');
    await expect(page.locator('.guess')).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    const parts =
      width < 700 ? ['#convergence-chart', '.sliders'] : ['#convergence-chart', '.numbers', '.sliders', '.spectrum'];
    const lesson = await panel(page).boundingBox();
    for (const part of parts) {
      await expect(page.locator(part)).toBeInViewport({ ratio: 0.99 });
      const box = await page.locator(part).boundingBox();
      if (!lesson || !box) throw new Error(`${part} has no place`);
      const apart = box.x >= lesson.x + lesson.width || box.y >= lesson.y + lesson.height;
      expect(apart, `${part} is beside or below the lesson`).toBe(true);
    }
    const bottom = await page.locator('#convergence-chart').evaluate((chart) => chart.getBoundingClientRect().bottom);
    const sliders = await page.locator('.sliders').evaluate((bar) => bar.getBoundingClientRect().top);
    expect(bottom).toBeLessThanOrEqual(sliders);
  });
}

for (const scheme of ['light', 'dark'] as const)
  for (const width of [1280, 390])
    for (const name of ['all', ...LESSONS.map((entry) => entry.name)])
      test(`axe finds nothing in lesson ${name}, ${scheme}, ${width} wide`, async ({ bench, page }) => {
        await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
        await page.setViewportSize({ width, height: 844 });
        for (const guess of name === 'all' ? [''] : ['', '&guess=1']) {
          await page.goto('about:blank');
          await bench.open(`#lesson=${name}${guess}`);
          await expect(panel(page).getByRole('heading', { level: 2 })).toBeVisible();
          await page.waitForTimeout(150);
          const { violations } = await new AxeBuilder({ page }).analyze();
          expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
        }
      });

test('a lesson whose prediction is made is marked in the contents, from visit to visit', async ({ bench, page }) => {
  await bench.open('#lesson=all');
  await expect(page.locator('#lesson .done')).toHaveCount(0);
  await page.getByRole('button', { name: 'Negative curvature' }).first().click();
  await page.locator('#lesson .option').first().click();
  await page.getByRole('button', { name: 'That is my answer' }).click();
  await page.getByRole('button', { name: /^All lessons/ }).click();
  await expect(page.locator('#lesson [data-open="curvature"]')).toHaveText(/✓ done/);
  await page.goto('about:blank');
  await bench.open('#lesson=all');
  await expect(page.locator('#lesson .done')).toHaveCount(1);
});

test('without storage a finished lesson is known until the page is left', async ({ bench, page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get: () => {
        throw new DOMException('refused', 'SecurityError');
      },
    });
  });
  await bench.open('#lesson=curvature&guess=0');
  await page.getByRole('button', { name: /^All lessons/ }).click();
  await expect(page.locator('#lesson .done')).toHaveCount(1);
});

test('a chart whose curves a lesson hides says nothing of an answer that is missing', async ({ bench, page }) => {
  await bench.open('#lesson=clusters');
  await expect(page.locator('#convergence-chart .empty')).toHaveText('');
  await bench.open('#hide=cg-neumann-kfac');
  await expect(page.locator('#convergence-chart .empty')).toContainText('Every curve is hidden');
});

test('who is new here is led to lesson 1, and who has been there is not', async ({ bench, page }) => {
  await bench.open();
  await page.getByRole('button', { name: 'Start with lesson 1' }).click();
  await expect(page.getByRole('heading', { name: 'Newton’s step, and when it goes uphill' })).toBeFocused();
  await expect(page.getByRole('button', { name: 'Start with lesson 1' })).toBeHidden();
  await page.getByRole('button', { name: 'Leave' }).first().click();
  await expect(page.getByRole('button', { name: 'Start with lesson 1' })).toBeVisible();
  await page.evaluate(() => localStorage.setItem('hessian-lab-lessons', 'newton'));
  await page.reload();
  await bench.ready();
  await expect(page.getByRole('button', { name: 'Start with lesson 1' })).toBeHidden();
});
