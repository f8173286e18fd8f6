// The lenses: opened by pointer, keyboard and address; what they draw follows every slider and is said in words.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { type Bench, expect, test } from './bench';
import { drawing } from './drawing';

/** A damped problem, on which all methods do something. */
const DAMPED = 'damping=0.5&precision=float64&scale=2.6&iterations=8';

const LENSES = [
  { name: 'polynomial', label: 'Spectrum and polynomial' },
  { name: 'eigenvectors', label: 'Error by eigenvector' },
  { name: 'matrices', label: 'Matrices side by side' },
  { name: 'budget', label: 'Error budget' },
  { name: 'loss', label: 'Model and loss' },
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
    await page.getByLabel('Seed').fill('7');
    await page.getByLabel('Seed').press('Enter');
    await expect(sentence(page)).not.toHaveText(before ?? '');

    await page.getByRole('tab', { name: 'Convergence' }).click();
    await expect(page.getByRole('figure', { name: 'Convergence' })).toBeVisible();
    await expect(page.getByRole('tabpanel', { name: 'Convergence' })).toBeVisible();
    await expect(page.locator('#lens')).toBeHidden();
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

for (const { name, label } of [
  ...LENSES,
  { name: 'polynomial&drawn=0.2_4_10', label: 'Drawn spectrum' },
  { name: 'purpose', label: 'What it is for' },
])
  test(`${label}: what takes the focus says that it moves, and pictures do not take it`, async ({ bench, page }) => {
    await openLens(bench, name);
    for (const chart of await page.locator('#lens svg[tabindex]:visible').all()) {
      await expect(chart).toHaveRole('slider');
      await expect(chart).toHaveAttribute('aria-valuetext', /./);
    }
    for (const picture of await page.locator('#lens [role=img]').all()) {
      await expect(picture).not.toHaveAttribute('tabindex');
      await expect(picture.locator('[tabindex]')).toHaveCount(0);
    }
  });

test('every tab has a panel, which is called as the tab that is open', async ({ bench, page }) => {
  await bench.open();
  const panel = page.getByRole('tabpanel', { name: 'Convergence' });
  await expect(panel.getByRole('figure', { name: 'Convergence' })).toBeVisible();
  await expect(panel.getByRole('table', { name: 'Methods at the current iteration' })).toBeVisible();
  const id = (await panel.getAttribute('id')) ?? '';
  for (const tab of await page.getByRole('tab').all()) await expect(tab).toHaveAttribute('aria-controls', id);
});

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
  const chart = page.getByRole('slider', { name: /^Residual polynomials/ });
  // The drawn spectrum below has read-outs of its own, which come a moment later.
  const readout = page.locator('#lens .readout').first();
  await chart.focus();
  await page.keyboard.press('End');
  await expect(readout).toContainText('eigenvalue 4.9');
  await expect(chart).toHaveAttribute('aria-valuetext', /^eigenvalue 4\.9: CG /);
  await page.keyboard.press('Escape');
  await expect(readout).toBeHidden();

  const box = await page.locator('#lens .edge-handle').first().boundingBox();
  if (!box) throw new Error('the edge has no place');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 - 80, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  await expect(sentence(page)).not.toContainText('λᵢ/2.6');
});

test('a cell of the matrices lights its two weights, by pointer and by arrow keys, and its factors are told', async ({
  bench,
  page,
}) => {
  await openLens(bench, 'matrices', '');
  const words = page.locator('.cell-words');
  const box = await page.locator('.matrix canvas').first().boundingBox();
  if (!box) throw new Error('the heatmap has no place');
  // Row 4, column 7 of 26: W₁[2, 2] and W₁[3, 2].
  await page.mouse.move(box.x + (7.5 / 26) * box.width, box.y + (4.5 / 26) * box.height);
  await expect(words).toHaveText(
    /^W₁\[2, 2\] and W₁\[3, 2\]: H = \S+, KFAC = B₁\[2, 3\] × A₁\[2, 2\] = \S+ × \S+ = \S+$/,
  );
  await expect(page.locator('#network-chart .lit')).toHaveCount(2);
  const [first, second] = await page.locator('#network-chart .lit title').allTextContents();
  expect(first).toContain('weight from 2 to 2');
  expect(second).toContain('weight from 2 to 3');

  await page.getByRole('application', { name: /^Three heatmaps/ }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(words).toContainText('W₁[2, 3] and W₁[3, 2]');
  for (let press = 0; press < 20; press++) await page.keyboard.press('ArrowRight');
  await expect(words).toContainText('b₂[1]: H = ');
  await expect(words).toContainText('KFAC = 0, since the two are in different layers');
  await page.keyboard.press('Escape');
  await expect(page.locator('#network-chart .lit')).toHaveCount(0);
});

test('KFAC’s factors stand below, and a cell marks the two entries that it is made of', async ({ bench, page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await openLens(bench, 'matrices', '');
  await expect(page.locator('.factors')).toContainText('B₁ (5 × 5) ⊗ A₁ (4 × 4): 41 numbers for 400');
  await expect(page.locator('.factors canvas').last()).toBeInViewport({ ratio: 1 });
  const pictures = () =>
    page.locator('.factors canvas').evaluateAll((all) => all.map((one) => (one as HTMLCanvasElement).toDataURL()));
  const before = await pictures();
  await page.getByRole('application', { name: /^Three heatmaps/ }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('.cell-words')).toContainText('B₁[1, 1] × A₁[1, 1]');
  const after = await pictures();
  expect(after.map((picture, index) => picture === before[index])).toEqual([false, false, true, true]);
});

test('printed from the dark theme, the matrices are on white paper', async ({ bench, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await openLens(bench, 'matrices', '');
  // KFAC’s entry at the top right, between the layers, is zero. A printer waits for no frame: it is read at once.
  const zeros = await page
    .locator('.matrix canvas')
    .nth(1)
    .evaluateHandle((canvas: HTMLCanvasElement) => {
      const read = () => {
        const corner = new OffscreenCanvas(1, 1).getContext('2d');
        corner?.drawImage(canvas, canvas.width - 6, 4, 1, 1, 0, 0, 1, 1);
        return [...(corner?.getImageData(0, 0, 1, 1).data ?? [])];
      };
      const found = [read()];
      matchMedia('print').addEventListener('change', () => found.push(read()));
      return found;
    });
  await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
  const [before, printed] = await zeros.jsonValue();
  expect(before).not.toEqual([255, 255, 255, 255]);
  expect(printed).toEqual([255, 255, 255, 255]);
});

test('on the diagonal weight decay joins KFAC’s product', async ({ bench, page }) => {
  await openLens(bench, 'matrices', 'decay=0.05');
  const words = page.locator('.cell-words');
  await page.getByRole('application', { name: /^Three heatmaps/ }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(words).toHaveText(/KFAC = B₁\[1, 1\] × A₁\[1, 1\] \+ μ = (\S+) × (\S+) \+ 0.05 = (\S+)$/);
  const [b, a, decay, entry] =
    ((await words.textContent()) ?? '')
      .match(/[\d.]+(?= [×+=]|$)/g)
      ?.slice(-4)
      .map(Number) ?? [];
  expect((b as number) * (a as number) + (decay as number)).toBeCloseTo(entry as number, 2);
  await page.keyboard.press('ArrowRight');
  await expect(words).not.toContainText('μ');
});

test('any two matrices are chosen, and the address keeps them', async ({ bench, page }) => {
  await openLens(bench, 'matrices', 'samples=1');
  await page.getByLabel('Left').selectOption('EKFAC');
  await page.getByLabel('Right').selectOption('layer blocks of Gauss–Newton');
  await expect(sentence(page)).toHaveText(
    'EKFAC and layer blocks of Gauss–Newton are the same matrix here, to rounding.',
  );
  await expect(page).toHaveURL(/matrices=ekfac_layer-blocks/);
  await page.getByLabel('Right').selectOption('EKFAC');
  await expect(sentence(page)).toContainText('shown twice');
});

test('the Kronecker bar vanishes where a theorem says so', async ({ bench, page }) => {
  await openLens(bench, 'budget');
  const value = page.locator('[data-stage=kronecker] .distance.value');
  await expect(value).not.toHaveText('0');
  for (const [name, why] of [
    ['One datum', 'with one datum'],
    ['Deep linear', 'with no activation'],
  ] as const) {
    await page.getByRole('button', { name, exact: true }).last().click();
    await expect(value).toHaveText('0');
    await expect(sentence(page)).toContainText(why);
  }
  await page.getByRole('button', { name: 'Ten data and a sigmoid' }).click();
  await expect(value).not.toHaveText('0');
});

test('steps that raise the loss are said to', async ({ bench, page }) => {
  await openLens(bench, 'loss', '');
  const cell = page.locator('.outcomes tr[data-method=kfac] td').nth(1);
  await expect(cell).toHaveClass('rise');
  await expect(cell).toContainText('−');
});

test('a drawn spectrum has iterations of its own, and leaves the problem’s as they were', async ({ bench, page }) => {
  await bench.open('#lens=polynomial&iterations=33');
  const mark = page.locator('#iterations button[data-mark=size]');
  await expect(mark).toHaveText('P = 26');
  await page.getByRole('radio', { name: 'Draw your own' }).check();
  await expect(mark).toHaveText('12 eigenvalues');
  await expect(page).toHaveURL(/iterations=4\b/);
  await page.getByRole('radio', { name: /This problem/ }).check();
  await expect(mark).toHaveText('P = 26');
  await expect(page).toHaveURL(/iterations=33\b/);
});

test('a spectrum is drawn by hand: presets, mouse, touch and keyboard', async ({ bench, page }) => {
  await openLens(bench, 'polynomial');
  await page.getByRole('radio', { name: 'Draw your own' }).check();
  await expect(sentence(page)).toContainText('12 eigenvalues, no two alike, condition number 50');
  await expect(sentence(page)).toContainText('CG 12 iterations');
  await page.getByRole('button', { name: 'Two clusters' }).click();
  await expect(sentence(page)).toContainText('in 2 clusters, condition number 50');
  await expect(sentence(page)).toContainText('CG 2 iterations, MINRES 2 iterations, Neumann more than 40');
  await page.getByRole('button', { name: 'One outlier' }).click();
  await expect(sentence(page)).toContainText('condition number 50');

  const dot = (index: number) => page.getByRole('slider', { name: `Eigenvalue ${index}`, exact: true });
  const outlier = await dot(12).boundingBox();
  if (!outlier) throw new Error('the dot has no place');
  await page.mouse.move(outlier.x + outlier.width / 2, outlier.y + outlier.height / 2);
  await page.mouse.down();
  await page.mouse.move(outlier.x - 150, outlier.y, { steps: 5 });
  await page.mouse.up();
  expect(Number(await dot(12).getAttribute('aria-valuenow'))).toBeLessThan(9);
  await expect(sentence(page)).not.toContainText('condition number 50');

  await dot(1).focus();
  for (let press = 0; press < 3; press++) await page.keyboard.press('Shift+ArrowLeft');
  await expect(dot(1)).toHaveAttribute('aria-valuenow', '-1.3');
  await expect(sentence(page)).toContainText('Neumann never');
  await page.keyboard.press('Delete');
  await expect(dot(12)).toHaveCount(0);
  await expect(dot(1)).toBeFocused();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dot(12)).toBeVisible();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(dot(12)).toHaveCount(0);

  const line = await page.locator('.spectrum-editor .ground').boundingBox();
  if (!line) throw new Error('the line has no place');
  await page.mouse.click(line.x + line.width * 0.75, line.y + 8);
  await expect(dot(12)).toHaveAttribute('aria-valuenow', /^8\.[45]/);
  await expect(page).toHaveURL(/drawn=.*_8\.[45]/);
  const link = page.url();
  await page.getByRole('radio', { name: /This problem/ }).check();
  await expect(page.locator('.sketch')).toBeHidden();
  await page.goto('about:blank');
  await page.goto(link);
  await expect(dot(12)).toBeVisible();
});

test.describe('by touch', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

  test('a finger moves an eigenvalue', async ({ bench, page }) => {
    await openLens(bench, 'polynomial', 'drawn=1_4_8');
    const dot = page.getByRole('slider', { name: 'Eigenvalue 2', exact: true });
    await dot.scrollIntoViewIfNeeded();
    const box = await dot.boundingBox();
    if (!box) throw new Error('the dot has no place');
    const session = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', x: number) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [{ x, y: box.y + box.height / 2 }],
      });
    await touch('touchStart', box.x + box.width / 2);
    for (const by of [10, 20, 30, 40]) await touch('touchMove', box.x + box.width / 2 + by);
    await touch('touchEnd', 0);
    expect(Number(await dot.getAttribute('aria-valuenow'))).toBeGreaterThan(4.5);
  });
});

for (const [scheme, width] of [
  ['light', 1280],
  ['dark', 390],
] as const)
  test(`axe finds nothing on a drawn spectrum at ${width}, ${scheme}`, async ({ bench, page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 844 });
    await openLens(bench, 'polynomial', 'drawn=-1_0.5_0.5_8&iterations=2');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });

for (const { name, label } of [...LENSES, { name: 'polynomial&drawn=0.2_0.2_4_10', label: 'Drawn spectrum' }])
  test(`${label}: the picture is what it was`, async ({ bench, page }) => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await openLens(bench, name);
    expect(await drawing(page)).toMatchSnapshot(`${label.toLowerCase().replaceAll(' ', '-')}.txt`);
  });

for (const width of [320, 390])
  test(`the error budget’s labels are whole on a window of ${width} pixels`, async ({ bench, page }) => {
    await page.setViewportSize({ width, height: 844 });
    await openLens(bench, 'budget');
    const chart = page.locator('#lens svg').first();
    const cut = await chart.evaluate((svg) => {
      const room = svg.getBoundingClientRect();
      const texts = [...svg.querySelectorAll('text')].map((text) => ({ text, at: text.getBoundingClientRect() }));
      return texts.filter(({ at }) => at.left < room.left || at.right > room.right).map(({ text }) => text.textContent);
    });
    expect(cut).toEqual([]);
  });

test('the label of a step that leaves the landscape points where its arrow does', async ({ bench, page }) => {
  await openLens(bench, 'loss', 'seed=6');
  const labels = page.locator('#lens .labels text');
  await expect(labels.first()).toHaveText('← KFAC');
  await bench.open('#lens=loss&seed=7');
  await expect(labels.first()).toHaveText('KFAC →');
});

test('a network that is too large for its polynomials still lets a spectrum be drawn', async ({ bench, page }) => {
  await openLens(bench, 'polynomial', 'layers=30-30-1');
  await expect(page.locator('.lens-sentence')).toContainText('up to 600 parameters, and this network has 961');
  await page.getByRole('radio', { name: 'Draw your own' }).check();
  await expect(page.locator('.lens-sentence')).toContainText('To a residual of 10⁻⁶');
});

for (const address of ['', DAMPED])
  test(`the loss’s contours fill their room${address && ', damped'}, and hold θ and the exact step`, async ({
    bench,
    page,
  }) => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await openLens(bench, 'loss', address);
    const { filled, ends } = await page.locator('.contour-row svg').evaluate((svg) => {
      const border = svg.querySelector('.border') as SVGRectElement;
      const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(border.getAttribute(name)));
      const path = svg.querySelector('.arrows [data-method=exact]')?.getAttribute('d') ?? '';
      const places = path
        .slice(1)
        .split('L')
        .map((place) => place.split(',').map(Number));
      return {
        filled: ((width as number) * (height as number)) / (svg.clientWidth * svg.clientHeight),
        ends: places.flatMap(([a, b]) => [
          ((a as number) - (x as number)) / (width as number),
          ((b as number) - (y as number)) / (height as number),
        ]),
      };
    });
    expect(filled).toBeGreaterThan(0.7);
    for (const end of ends) expect(Math.abs(end - 0.5)).toBeLessThan(0.4);
  });

test('error budget: what hardly changes the matrix and turns the step is not called nothing', async ({
  bench,
  page,
}) => {
  await bench.open('#layers=3-5-5-5-5-5-5-1&lens=budget');
  await expect(page.locator('.lens-sentence')).toContainText(/the Kronecker factors \d\S* and \d+°/);
  await expect(page.locator('.lens-sentence')).toContainText('its step is the shortest solution');
});

test('error by eigenvector: with all methods, rows stay high enough to read and tell of each other’s worst at once', async ({
  bench,
  page,
}) => {
  await bench.open('#lens=eigenvectors&also=minres-lissa-cg_kfac-cg_ekfac-ekfac-block_diagonal-diagonal');
  const ticks = await page
    .locator('.mode-row')
    .evaluateAll((rows) => rows.map((row) => row.querySelectorAll('.y-axis text').length));
  expect(ticks).toHaveLength(10);
  expect(Math.min(...ticks)).toBeGreaterThanOrEqual(2);
  const [chart, details] = [page.locator('.lens-figure'), page.locator('.lens-numbers')];
  const [above, below] = [await chart.boundingBox(), await details.boundingBox()];
  expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThanOrEqual(below?.y ?? 0);
  const sentence = (await page.locator('.lens-sentence').textContent()) ?? '';
  expect(sentence).toMatch(/at the eigenvalue \S+, with \S+ to find, for .* \(\S+ left\) and /);
  const places = [...sentence.matchAll(/at the eigenvalue ([^,]+),/g)].map(([, place]) => place);
  expect(new Set(places).size).toBe(places.length);
});

test('drawn spectrum: one eigenvalue takes one iteration', async ({ bench, page }) => {
  await bench.open('#lens=polynomial&drawn=12');
  await expect(page.locator('.lens-sentence')).toContainText(
    /1 eigenvalue, condition number 1\. To a residual of 10⁻⁶: CG 1 iteration, MINRES 1 iteration, Neumann \d+ iterations? at its best scale/,
  );
});

test('an eigenvalue that counts as zero is called 0', async ({ bench, page }) => {
  await bench.open('#samples=1&lens=polynomial');
  await expect(page.locator('.lens-sentence')).toContainText('is largest at the eigenvalue 0: ');
  await bench.open('#samples=1&lens=eigenvectors');
  const labels = await page.locator('.lens svg text').allTextContents();
  expect(labels).toContain('0');
  expect(labels.filter((label) => label.includes('×10⁻¹'))).toEqual([]);
});
