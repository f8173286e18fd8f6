// What a lens drew, as text: the pictures that snapshots guard.

import type { Page } from '@playwright/test';

/** What a lens drew, to the pixel, on charts of a given size: pictures that no font can change. */
export async function drawing(page: Page): Promise<string> {
  await page.locator('#lens .plot, #lens .spectrum-editor .chart, #lens .matrix').evaluateAll((rooms) => {
    for (const room of rooms as HTMLElement[]) room.style.cssText = 'flex: none; width: 600px; height: 400px';
  });
  await page.locator('#iterations-range').press('ArrowRight');
  await page.waitForTimeout(400);
  return page.locator('#lens').evaluate((lens) => {
    const whole = (text: string) => text.replace(/-?\d+\.\d+/g, (part) => `${Math.round(Number(part))}`);
    const shapes = [...lens.querySelectorAll('svg :is(path, line, rect, circle, text)')].map((shape) => {
      const place = ['d', 'transform', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'width', 'height', 'r'];
      const parts = place.flatMap((name) => (shape.hasAttribute(name) ? [`${name}=${shape.getAttribute(name)}`] : []));
      const name = [shape.tagName, shape.getAttribute('class'), shape.getAttribute('data-method')];
      return `${name.filter(Boolean).join('.')} ${whole(parts.join(' '))} ${shape.textContent}`.trim();
    });
    const heatmaps = [...lens.querySelectorAll('canvas')].map((canvas) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      const at = (index: number) => Math.round(((index + 0.5) * canvas.width) / 26);
      const cells = Array.from({ length: 26 }, (_, row) =>
        Array.from({ length: 26 }, (_, column) => {
          const start = 4 * (at(row) * canvas.width + at(column));
          return [...data.slice(start, start + 3)].map((channel) => Math.round(channel / 17).toString(16)).join('');
        }).join(' '),
      );
      return cells.join('\n');
    });
    const words = [...lens.querySelectorAll('.lens-sentence, .outcomes tbody tr')].map((node) => node.textContent);
    return `${[...words, ...shapes, ...heatmaps].join('\n')}\n`;
  });
}
