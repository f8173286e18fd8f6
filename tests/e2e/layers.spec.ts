// What opens over the page lies over all of it, and nothing on the page lies on its neighbour.

import type { Locator, Page } from '@playwright/test';
import { expect, test } from './bench';

/** Points spread over an element's box at which another one would be met; an element that lets the pointer through is held. */
function coveredPoints(place: Locator): Promise<string[]> {
  return place.evaluate((node) => {
    (node as HTMLElement).style.pointerEvents = 'auto';
    const { left, top, width, height } = node.getBoundingClientRect();
    const places = [0.03, 0.35, 0.65, 0.97].flatMap((x) => [0.06, 0.5, 0.94].map((y) => [x, y] as const));
    const met = places.map(([x, y]) => document.elementFromPoint(left + x * width, top + y * height));
    (node as HTMLElement).style.pointerEvents = '';
    return met.flatMap((found) =>
      node.contains(found) ? [] : [found?.outerHTML.slice(0, 80) ?? 'outside the window'],
    );
  });
}

test('a row’s whole status lies over the rows and the sliders under it', async ({ bench }) => {
  await bench.open();
  for (const method of ['exact', 'cg', 'neumann', 'kfac']) {
    await bench.row(method).hover();
    expect(await coveredPoints(bench.row(method).locator('.status p'))).toEqual([]);
  }
});

test('a row keeps its height under the pointer', async ({ bench, page }) => {
  await bench.open();
  const heights = () => page.locator('#numbers tr').evaluateAll((rows) => rows.map((row) => row.clientHeight));
  const before = await heights();
  await bench.row('cg').hover();
  expect(await heights()).toEqual(before);
});

test('the read-out lies over what it meets at both ends of the chart', async ({ bench, page }) => {
  await bench.open();
  await page.locator('#convergence-chart').focus();
  const readout = page.locator('#readout');
  for (const [key, presses] of [
    ['Shift+ArrowLeft', 5],
    ['Shift+ArrowRight', 13],
  ] as const) {
    for (let press = 0; press < presses; press++) await page.keyboard.press(key);
    await expect(readout).toContainText(key === 'Shift+ArrowLeft' ? '0 iterations' : '120 iterations');
    expect(await coveredPoints(readout)).toEqual([]);
  }
});

test('the ring around a slider crosses no number', async ({ bench, page }) => {
  await bench.open();
  for (const name of ['Iterations', 'Scale', 'Damping'] as const) {
    await bench.slider(name).focus();
    await page.keyboard.press('ArrowRight');
    const gap = await bench.slider(name).evaluate((range) => {
      const { outlineOffset, outlineWidth } = getComputedStyle(range);
      const ring =
        range.getBoundingClientRect().top - Number.parseFloat(outlineOffset) - Number.parseFloat(outlineWidth);
      return ring - (range.parentElement?.querySelector('[type=number]')?.getBoundingClientRect().bottom ?? Infinity);
    });
    expect(gap).toBeGreaterThanOrEqual(0);
  }
});

function overflowing(page: Page, selector: string): Promise<string[]> {
  return page
    .locator(selector)
    .evaluateAll((nodes) =>
      nodes.filter((node) => node.scrollWidth > node.clientWidth).map((node) => node.textContent ?? ''),
    );
}

for (const width of [1100, 1120, 1239])
  test(`at ${width} pixels every tab is in sight beside a lesson, and headings keep apart`, async ({ bench, page }) => {
    await page.setViewportSize({ width, height: 800 });
    await bench.open();
    expect(await overflowing(page, '.lens-tabs, .numbers thead th')).toEqual([]);
    await bench.open('#lesson=kfac&guess=0');
    await expect(page.locator('#lesson')).toContainText('KFAC');
    expect(await overflowing(page, '.lens-tabs')).toEqual([]);
  });

test('the chart holds still while the story over it changes', async ({ bench, page }) => {
  await bench.open();
  const place = () => page.locator('#convergence-chart').boundingBox();
  const before = await place();
  for (const name of ['Switch to float64', 'Back to float32', 'Damping 0.3', 'KFAC exact']) {
    await page.getByRole('button', { name }).click();
    await bench.ready();
    expect(await place(), name).toEqual(before);
  }
});

for (const width of [390, 768, 1280])
  test(`${width} pixels wide, a lesson cuts no ring around what stands at its edge`, async ({ bench, page }) => {
    await page.setViewportSize({ width, height: 800 });
    await bench.open('#lesson=kfac&guess=0');
    const room = await page.locator('#lesson').boundingBox();
    for (const place of [page.locator('.lesson .quiet').first(), page.locator('.lesson .tries button').first()]) {
      const box = await place.boundingBox();
      expect((box?.x ?? 0) - (room?.x ?? Infinity)).toBeGreaterThanOrEqual(4);
    }
  });

for (const [name, address, places] of [
  ['the problem', '', '#layers input, .problem .small, .problem .segments label'],
  ['a lens', '#lens=purpose', '#lens summary, #lens .segments label'],
] as const)
  test(`${name} cuts no ring around what stands at its edges`, async ({ bench, page }) => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await bench.open(address);
    await expect(page.locator(places).first()).toBeVisible();
    const rooms = await page.locator(places).evaluateAll((all) =>
      all.map((one) => {
        const [box, room] = [one, one.closest('.problem, .lens-panel')].map((node) => node?.getBoundingClientRect());
        if (!box || !room) return 0;
        return Math.min(box.left - room.left, room.right - box.right, box.top - room.top, room.bottom - box.bottom);
      }),
    );
    expect(Math.min(...rooms)).toBeGreaterThanOrEqual(4);
  });

test('on paper a lesson keeps its tables, and the three matrices their thirds', async ({ bench, page }) => {
  await page.setViewportSize({ width: 720, height: 1000 });
  await bench.open('#lesson=kfac&guess=0');
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.lesson table')).toBeVisible();
  await expect(page.locator('#more-methods')).toBeHidden();
  await bench.open('#lens=matrices');
  await expect(page.locator('.lens-sentence')).not.toBeEmpty();
  const widths = await page
    .locator('.matrix')
    .evaluateAll((all) => all.map((one) => one.scrollWidth - one.clientWidth));
  expect(widths).toEqual([0, 0, 0]);
  const canvases = await page.locator('.matrix canvas').evaluateAll((all) => all.map(({ clientWidth }) => clientWidth));
  expect(new Set(canvases).size).toBe(1);
});
