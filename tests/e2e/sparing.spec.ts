// A slider move changes what follows from it and nothing else: counted in the page, so that no clock is asked.

import type { Browser, Locator, Page } from '@playwright/test';
import { expect, test } from './bench';

interface Counts {
  /** What was written on the page, by the nearest element that has a name in index.html, and where it differs from before. */
  readonly written: Record<string, number>;
  /** Attributes and texts that were written as they were. */
  readonly same: string[];
  readonly asked: number;
}

/** Counts from now on, questions to workers too. */
async function count(page: Page): Promise<() => Promise<Counts>> {
  await page.evaluate(() => {
    const counts = { written: {} as Record<string, number>, same: [] as string[], asked: 0 };
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, ...given: [unknown, ...unknown[]]) {
      // What a worker is started with has no number.
      if ('id' in (given[0] as object)) counts.asked++;
      return (post as (...all: unknown[]) => void).apply(this, given);
    } as typeof post;
    new MutationObserver((records) => {
      for (const { target, attributeName, oldValue, type } of records) {
        const element = target instanceof Element ? target : target.parentElement;
        const place = element?.closest('[id]')?.id ?? '';
        counts.written[place] = (counts.written[place] ?? 0) + 1;
        const now = attributeName === null ? target.textContent : element?.getAttribute(attributeName);
        if (type !== 'childList' && now === oldValue) counts.same.push(`${place} ${target.nodeName} ${attributeName}`);
      }
    }).observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
      attributeOldValue: true,
      characterDataOldValue: true,
    });
    Object.assign(globalThis, { counts });
  });
  return async () => {
    await page.waitForTimeout(200);
    return page.evaluate(() => (globalThis as unknown as { counts: Counts }).counts);
  };
}

test('Iterations ask no worker, and leave spectrum, axes and problem alone', async ({ bench, page }) => {
  await bench.open('#damping=0.5');
  await bench.slider('Iterations').press('ArrowRight');
  await page.waitForTimeout(1_500);
  const counted = await count(page);
  await bench.slider('Iterations').press('ArrowRight');
  const { written, same, asked } = await counted();
  expect(asked).toBe(0);
  expect(same).toEqual([]);
  expect(written['convergence-chart'] ?? 0).toBeGreaterThan(0);
  for (const still of ['spectrum-chart', 'scale', 'damping', 'network-chart', 'data-chart', 'layers', 'presets'])
    expect(written[still] ?? 0, still).toBe(0);
  expect(Object.values(written).reduce((sum, part) => sum + part, 0)).toBeLessThan(80);
});

for (const name of ['Scale', 'Damping'] as const)
  test(`${name} asks once, and leaves the problem alone`, async ({ bench, page }) => {
    await bench.open('#damping=0.5');
    await bench.slider(name).press('ArrowRight');
    await bench.ready();
    await page.waitForTimeout(1_500);
    const counted = await count(page);
    await bench.slider(name).press('ArrowRight');
    await bench.ready();
    const { written, same, asked } = await counted();
    expect(asked).toBe(1);
    expect(same).toEqual([]);
    for (const still of ['network-chart', 'data-chart', 'layers', 'iterations'])
      expect(written[still] ?? 0, still).toBe(0);
    expect(Object.values(written).reduce((sum, part) => sum + part, 0)).toBeLessThan(60);
  });

function linesOfReasons(table: Element): string {
  return [...table.querySelectorAll('.status b + span')].map((reason) => reason.getClientRects().length).join();
}

test('however long the reasons in the table, the chart over it keeps its room', async ({ bench, page }) => {
  await bench.open();
  const rooms = new Set<number | undefined>();
  const reasons = new Set<string>();
  for (const damping of ['0', '0.003', '0.01', '0.05', '0.2', '0.3', '1']) {
    await bench.type('λ', damping);
    await page.waitForTimeout(100);
    rooms.add((await page.locator('#convergence-chart').boundingBox())?.height);
    reasons.add(await page.locator('#numbers').evaluate(linesOfReasons));
  }
  expect(reasons.size).toBeGreaterThan(1);
  expect([...rooms]).toHaveLength(1);
});

/** Holds a slider by the mouse, from a place on its track to others. */
async function hold(page: Page, slider: Locator): Promise<(place: number) => Promise<void>> {
  const { x, y, width, height } = (await slider.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const moveTo = (place: number) => page.mouse.move(x + place * width, y + height / 2);
  await moveTo(0.5);
  await page.mouse.down();
  return moveTo;
}

/** Whether each of a slider's moves from now on had been drawn by the end of its event, which asks for no frame of its own. */
async function watchMoves(page: Page): Promise<() => Promise<boolean[]>> {
  await page.evaluate(() => {
    const drawn: boolean[] = [];
    const row = document.querySelector('tr[data-method="neumann"]');
    let before = row?.textContent;
    addEventListener('input', () => {
      drawn.push(row?.textContent !== before);
      before = row?.textContent;
    });
    Object.assign(globalThis, { drawn });
  });
  return () => page.evaluate(() => (globalThis as unknown as { drawn: boolean[] }).drawn);
}

for (const name of ['Scale', 'Damping'] as const)
  test(`${name}, in a hand, is answered in the page and drawn by the event that moves it, from its first move`, async ({
    bench,
    page,
  }) => {
    await bench.open('#damping=0.5&scale=4.5');
    const moveTo = await hold(page, bench.slider(name));
    for (const place of [0.52, 0.54, 0.56]) {
      await moveTo(place);
      await bench.ready();
      await page.waitForTimeout(500);
    }
    await page.mouse.up();
    await page.waitForTimeout(1_500);
    const counted = await count(page);
    const moves = await watchMoves(page);
    await hold(page, bench.slider(name));
    await page.waitForTimeout(100);
    for (const place of [0.6, 0.64, 0.68]) {
      await moveTo(place);
      await page.waitForTimeout(100);
    }
    const { asked, same, written } = await counted();
    expect(asked).toBe(0);
    expect(same).toEqual([]);
    expect(Object.values(written).reduce((sum, part) => sum + part, 0)).toBeLessThan(4 * 60);
    expect(await moves()).toEqual([true, true, true, true]);
    await page.mouse.up();
    const held = await page.locator('#numbers').textContent();
    const value = await bench.slider(name).getAttribute('aria-valuetext');
    await expect(page).toHaveURL(new RegExp(`${name.toLowerCase()}=${value}\\b`));
    await page.reload();
    await bench.ready();
    await expect(page.locator('#numbers')).toHaveText(held ?? '');
  });

test('a number under way keeps its width, and has no more digits than it needs once it is let go', async ({
  bench,
  page,
}) => {
  await bench.open('#damping=0.5');
  const field = page.getByLabel('λ, as a number');
  const moveTo = await hold(page, bench.slider('Damping'));
  const shown = new Set<string>();
  for (let place = 0.3; place < 0.8; place += 0.02) {
    await moveTo(place);
    shown.add(await field.inputValue());
  }
  expect(shown.size).toBeGreaterThan(10);
  for (const number of shown) expect(number).toMatch(/^(0\.0*[1-9]\d\d|[1-9]\.\d\d|[1-9]\d\.\d|\d+)$/);
  await page.mouse.up();
  const value = (await bench.slider('Damping').getAttribute('aria-valuetext')) ?? '';
  await expect(field).toHaveValue(`${Number(value)}`);
});

for (const view of ['loss', 'purpose', 'polynomial'])
  test(`in a hand, Damping moves nothing by a transform, which would have all layers of the page put together anew: ${view}`, async ({
    bench,
    page,
  }) => {
    await bench.open(`#lens=${view}&damping=0.5`);
    await expect(page.locator('#lens .axis text').first()).toBeAttached();
    const moveTo = await hold(page, bench.slider('Damping'));
    await moveTo(0.55);
    await page.waitForTimeout(1_000);
    await page.evaluate(() => {
      const moved: string[] = [];
      new MutationObserver((records) => {
        for (const { target, attributeName } of records)
          if (attributeName === 'd' || attributeName === 'transform') moved.push(`${target.nodeName} ${attributeName}`);
      }).observe(document.body, { subtree: true, attributes: true });
      Object.assign(globalThis, { moved });
    });
    for (const place of [0.6, 0.65, 0.7]) {
      await moveTo(place);
      await page.waitForTimeout(100);
    }
    const moved = await page.evaluate(() => (globalThis as unknown as { moved: string[] }).moved);
    expect(moved).toContain('path d');
    expect(moved.filter((change) => change.endsWith('transform'))).toEqual([]);
  });

test('a sentence that grows to its second line leaves the figure its room', async ({ bench, page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await bench.open('#lens=loss');
  await expect(page.locator('#lens .fills path').first()).toBeAttached();
  const heights = await page.evaluate(() => {
    const [sentence, figure] = [document.querySelector('.lens-sentence'), document.querySelector('.lens-figure')];
    return [1, 2].map((lines) => {
      if (sentence) sentence.innerHTML = 'A line.<br>'.repeat(lines);
      return figure?.getBoundingClientRect().height;
    });
  });
  expect(heights[0]).toBeGreaterThan(300);
  expect(heights[1]).toBe(heights[0]);
});

for (const [name, to] of [
  ['Damping', 0.9],
  ['Scale', 0.45],
] as const)
  test(`the polynomials’ axis, once ${name} is let go, is the one that its link opens with`, async ({
    bench,
    page,
  }) => {
    await bench.open('#lens=polynomial&damping=0.2');
    const axis = () => page.locator('#lens .x-axis').first().innerHTML();
    await expect.poll(axis).toContain('tick');
    const before = await axis();
    const moveTo = await hold(page, bench.slider(name));
    await moveTo(to);
    await bench.ready();
    await page.waitForTimeout(200);
    expect(await axis()).toBe(before);
    await page.mouse.up();
    await expect.poll(axis).not.toBe(before);
    const released = await axis();
    const value = await bench.slider(name).getAttribute('aria-valuetext');
    await expect(page).toHaveURL(new RegExp(`${name.toLowerCase()}=${value}\\b`));
    await page.reload();
    await bench.ready();
    await expect.poll(axis).toBe(released);
  });

test('contours are rough while a slider is held, and fine and the same as ever once it is let go', async ({
  bench,
  page,
}) => {
  await bench.open('#lens=loss&damping=0.5');
  const contours = () => page.locator('#lens .fills').innerHTML();
  await expect.poll(contours).toContain('<path');
  const moveTo = await hold(page, bench.slider('Damping'));
  await moveTo(0.7);
  await bench.ready();
  await page.waitForTimeout(200);
  const held = await contours();
  await page.mouse.up();
  await expect.poll(async () => (await contours()).length).toBeGreaterThan(1.5 * held.length);
  const fine = await contours();
  const damping = await bench.slider('Damping').getAttribute('aria-valuetext');
  await expect(page).toHaveURL(new RegExp(`damping=${damping}\\b`));
  await page.reload();
  await bench.ready();
  await expect.poll(contours).toBe(fine);
});

/** How many frames Chromium painted, and for how many of them it put all of the page's layers together anew. */
async function painted(browser: Browser, page: Page, act: () => Promise<void>): Promise<{ all: number; anew: number }> {
  await browser.startTracing(page, { categories: ['blink', 'devtools.timeline'] });
  await act();
  const { traceEvents } = JSON.parse(`${await browser.stopTracing()}`) as { traceEvents: { name: string }[] };
  const count = (name: string) => traceEvents.filter((event) => event.name === name).length;
  return { all: count('Layerize'), anew: count('PaintArtifactCompositor::Update') };
}

for (const lens of ['', 'purpose', 'loss'])
  test(`a held slider leaves the page’s layers as they are${lens && `, with ${lens} open`}`, async ({
    bench,
    browser,
    page,
  }) => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await bench.open(`#lens=${lens}`);
    const moveTo = await hold(page, bench.slider('Damping'));
    await moveTo(0.4);
    await page.waitForTimeout(500);
    const { all, anew } = await painted(browser, page, async () => {
      for (let move = 1; move <= 20; move++) {
        await moveTo(0.4 + 0.01 * move);
        await page.waitForTimeout(60);
      }
    });
    expect(all).toBeGreaterThanOrEqual(20);
    expect(anew).toBeLessThanOrEqual(3);
  });
