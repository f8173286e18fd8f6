// For everyone: by keyboard, on a phone, in either theme, with a screen reader.

import AxeBuilder from '@axe-core/playwright';
import type { Locator } from '@playwright/test';
import { expect, test } from './bench';

test('every control is reached and moved by keyboard, with a visible focus', async ({ bench, page }) => {
  await bench.open();
  const reached = new Set<string>();
  for (let press = 0; press < 110; press++) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      const at = document.activeElement as HTMLElement | null;
      if (!at || at === document.body) return null;
      const shown = at.matches('.segments input') ? (at.parentElement as HTMLElement) : at;
      return {
        name: at.id || at.getAttribute('name') || at.textContent || '',
        outline: getComputedStyle(shown).outlineStyle,
      };
    });
    if (!focus) continue;
    expect(focus.outline, `${focus.name} shows its focus`).not.toBe('none');
    reached.add(focus.name.trim());
  }
  for (const name of [
    'share',
    'export',
    'theme',
    'help',
    'convergence-chart',
    'pin',
    'more-methods',
    'play',
    'step',
    'reset',
  ])
    expect(reached).toContain(name);
  for (const name of ['activation', 'loss', 'generator', 'own', 'samples', 'seed', 'redraw', 'training', 'weightDecay'])
    expect(reached).toContain(name);
  for (const name of ['iterations-range', 'scale-range', 'damping-range', 'x', 'y', 'curvature', 'precision'])
    expect(reached).toContain(name);
});

test('at the fewest and the most layers the focus goes to the button that is left', async ({ bench, page }) => {
  await bench.open();
  const [remove, add] = [/^Remove/, /^Add/].map((name) => page.getByRole('button', { name })) as [Locator, Locator];
  await remove.focus();
  await page.keyboard.press('Enter');
  await expect(remove).toBeDisabled();
  await expect(add).toBeFocused();
  for (let press = 0; press < 6; press++) await page.keyboard.press('Enter');
  await expect(add).toBeDisabled();
  await expect(remove).toBeFocused();
  await bench.ready();
});

test('a message that is closed gives the focus back, or to the page’s main part', async ({ bench, page }) => {
  const close = page.getByRole('button', { name: 'Close' }).first();
  await bench.open('#pins=left-out');
  await close.focus();
  await page.keyboard.press('Enter');
  await expect(close).toBeHidden();
  await expect(page.getByRole('main')).toBeFocused();

  const seed = page.getByRole('spinbutton', { name: 'Seed' });
  await seed.fill('-1');
  await seed.press('Enter');
  await close.click();
  await expect(close).toBeHidden();
  await expect(seed).toBeFocused();
});

test('a suggestion that goes when it is pressed gives the focus to another one, or to the story', async ({
  bench,
  page,
}) => {
  const suggestion = page.getByRole('group', { name: 'To try next' }).getByRole('button');
  const press = async (name: string) => {
    await suggestion.getByText(name).focus();
    await page.keyboard.press('Enter');
  };
  await bench.open();
  await expect(suggestion).toHaveText(['Switch to float64', 'Damping 0.3']);
  await press('Damping');
  await expect(suggestion).toHaveText([/^Best scale/]);
  await expect(suggestion).toBeFocused();
  await press('Best scale');
  await expect(suggestion).toHaveCount(0);
  await expect(page.locator('#sentence')).toBeFocused();
  await page.goto('./#layers=3-100-100-1');
  await press('Show the residual');
  await expect(suggestion).toHaveCount(0);
  await expect(page.locator('#sentence')).toBeFocused();

  await page.goto('./#damping=0.5&precision=float64&scale=4');
  await suggestion.click();
  await expect(page.locator('#sentence')).toBeFocused();
  await expect(page.locator('#sentence')).toHaveCSS('outline-style', 'none');
});

test('the curves are read out by arrow keys', async ({ bench, page }) => {
  await bench.open();
  const chart = page.getByRole('slider', { name: /^Curves by method/ });
  await expect(chart).toHaveAttribute('aria-valuetext', /^40 iterations: CG 0/);
  await chart.focus();
  await page.keyboard.press('ArrowLeft');
  const readout = page.locator('#readout');
  await expect(readout).toContainText('39 iterations');
  await expect(readout).toContainText('CG');
  await expect(chart).toHaveAttribute('aria-valuetext', /^39 iterations: CG 0/);
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(bench.slider('Iterations')).toHaveValue('29');
  await page.keyboard.press('Escape');
  await expect(readout).toBeHidden();
});

test('the curves are read out under the pointer, and pressing sets the iteration', async ({ bench, page }) => {
  await bench.open();
  const box = await page.locator('#convergence-chart').boundingBox();
  if (!box) throw new Error('the chart has no place');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await expect(page.locator('#readout')).toContainText('iterations');
  await page.mouse.down();
  await page.mouse.up();
  await expect(bench.slider('Iterations')).not.toHaveValue('40');
});

test('the edge of Neumann’s interval is dragged', async ({ bench, page }) => {
  await bench.open('#damping=0.5');
  const box = await page.locator('#scale-handle').boundingBox();
  if (!box) throw new Error('the edge has no place');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x - 60, box.y + box.height / 2, { steps: 8 });
  await page.mouse.up();
  await expect(bench.row('neumann')).toContainText('diverges');
});

test('the edge of Neumann’s interval is moved by arrow keys', async ({ bench, page }) => {
  await bench.open('#damping=0.5');
  const edge = page.getByRole('slider', { name: '2s, where Neumann’s interval ends' });
  await expect(edge).toHaveAttribute('aria-valuenow', '9');
  await edge.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(edge).toHaveAttribute('aria-valuenow', '8.8');
  await page.keyboard.press('Home');
  await expect(bench.row('neumann')).toContainText('diverges');
  await expect(bench.slider('Scale')).toHaveAttribute('aria-valuetext', '0.1');
});

for (const [width, height] of [
  [390, 844],
  [320, 640],
  [768, 1024],
  [1100, 720],
  [1280, 800],
  [1920, 1080],
] as const) {
  test(`nothing overflows at ${width} × ${height}`, async ({ bench, page }) => {
    await page.setViewportSize({ width, height });
    await bench.open();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    if (width < 1100) return;
    const bottom = await page.locator('.first-screen').evaluate((node) => node.getBoundingClientRect().bottom);
    expect(bottom).toBeLessThanOrEqual(height);
    for (const part of ['.sliders', '.problem', '.spectrum'])
      expect(await page.locator(part).evaluate((node) => node.getBoundingClientRect().bottom)).toBeLessThanOrEqual(
        height,
      );
  });
}

test('on a phone the chart and the sliders come first', async ({ bench, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await bench.open();
  for (const part of ['#convergence-chart', '#iterations-range', '#scale-range', '#damping-range'])
    await expect(page.locator(part)).toBeInViewport({ ratio: 1 });
});

test('on a phone the slider used last has its buttons and marks at hand', async ({ bench, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await bench.open('#damping=0.5&iterations=8');
  const [step, auto] = [
    page.getByRole('button', { name: 'Step', exact: true }),
    page.getByRole('button', { name: 'auto' }),
  ];
  await step.click();
  await expect(bench.slider('Iterations')).toHaveValue('9');
  await expect(auto).toBeHidden();
  await bench.slider('Scale').dispatchEvent('pointerdown');
  await expect(step).toBeHidden();
  await expect(auto).toBeInViewport({ ratio: 1 });
  await page.getByRole('button', { name: /^best/ }).click();
  await expect(page.locator('#scale-hint')).toContainText('converges');
  await expect(page.getByRole('spinbutton', { name: 's, as a number' })).toHaveValue('2.56');
  await bench.slider('Damping').focus();
  await expect(auto).toBeHidden();
  await page.getByRole('button', { name: /^−λmin/ }).click();
  await expect(page.getByRole('spinbutton', { name: 'λ, as a number' })).toHaveValue('0.3');
});

test('on a phone what plays can be stopped, whatever slider was used last', async ({ bench, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await bench.open('#iterations=0');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await bench.slider('Scale').dispatchEvent('pointerdown');
  const [pause, auto] = [page.getByRole('button', { name: 'Pause' }), page.getByRole('button', { name: 'auto' })];
  await expect(auto).toBeVisible();
  const [one, other] = [await pause.boundingBox(), await auto.boundingBox()];
  expect((one?.x ?? 0) + (one?.width ?? Infinity)).toBeLessThan(other?.x ?? 0);
  await pause.click();
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
});

test('on a phone times have a column of their own', async ({ bench, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await bench.open('#x=milliseconds');
  const cells = bench.row('cg').getByRole('cell');
  const [products, time] = [await cells.nth(3).boundingBox(), await cells.nth(4).boundingBox()];
  expect(time?.y).toBe(products?.y);
  expect(time?.x).toBeGreaterThan(products?.x ?? Infinity);
});

for (const [place, address] of [
  ['over a lesson', '#lesson=newton&guess=2'],
  ['from far down', ''],
] as const)
  test(`on a phone a message is in sight ${place}`, async ({ bench, page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await bench.open(address);
    const samples = page.getByRole('spinbutton', { name: 'Samples' });
    await samples.fill('0');
    await samples.press('Enter');
    const close = page.getByRole('button', { name: 'Close', exact: true });
    await expect(page.getByRole('alert').first()).toContainText('Samples: Value must be greater than or equal to 1');
    await expect(close).toBeInViewport({ ratio: 1 });
    await close.click();
    await expect(close).toBeHidden();
  });

for (const [width, height] of [
  [844, 390],
  [740, 360],
] as const)
  test(`on its side, ${width} × ${height}, a phone shows chart and sliders together`, async ({ bench, page }) => {
    await page.setViewportSize({ width, height });
    await bench.open();
    const chart = page.locator('#convergence-chart');
    await chart.evaluate((node) => node.scrollIntoView());
    for (const part of ['#convergence-chart', '#iterations-range', '#scale-range', '#damping-range'])
      await expect(page.locator(part)).toBeInViewport({ ratio: 0.99 });
    const bottom = await chart.evaluate((node) => node.getBoundingClientRect().bottom);
    const sliders = await page.locator('.sliders').evaluate((bar) => bar.getBoundingClientRect().top);
    expect(bottom).toBeLessThanOrEqual(sliders);
  });

for (const scheme of ['light', 'dark'] as const) {
  for (const [name, width] of [
    ['a desktop', 1280],
    ['a phone', 390],
  ] as const) {
    test(`axe finds nothing on ${name}, ${scheme}`, async ({ bench, page }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 844 });
      await bench.open('#damping=0.5&scale=2');
      await page.locator('#convergence-chart').focus();
      await page.keyboard.press('ArrowRight');
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    });
  }
}

test('a phone shows all decimals of a damping, and no label runs off it', async ({ bench, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await bench.open('#damping=0.28214');
  const cut = await page
    .getByRole('spinbutton', { name: 'λ, as a number' })
    .evaluate((field) => field.scrollWidth - field.clientWidth);
  expect(cut).toBe(0);
  const label = await page.locator('#convergence-chart .y-label').boundingBox();
  expect((label?.x ?? 0) + (label?.width ?? Infinity)).toBeLessThanOrEqual(390);
});

for (const [place, address, width] of [
  ...[1120, 1280, 1800, 1920].map((width) => ['beside a lesson', '#lesson=kfac&guess=0', width] as const),
  ['beside a lesson, damped', '#lesson=float32&guess=2&damping=0.5', 1280] as const,
  ...[320, 390, 701, 1100, 1180, 1280].map((width) => ['on the bench', '', width] as const),
])
  test(`${place}, ${width} pixels wide, what the sliders mean is not cut`, async ({ bench, page }) => {
    await page.setViewportSize({ width, height: 800 });
    await bench.open(address);
    await expect(page.locator('#scale-hint')).not.toBeEmpty();
    for (const hint of await page.locator('.hint').all())
      expect(await hint.evaluate((text) => text.scrollWidth - text.clientWidth)).toBe(0);
  });

test('on a phone a preset that is reached by Tab is all in sight', async ({ bench, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await bench.open();
  await page.getByRole('button', { name: 'The notebook' }).focus();
  for (const name of ['Damped', 'Trained', 'KFAC exact', 'Classifier', 'Ill-conditioned']) {
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name })).toBeFocused();
    await expect(page.getByRole('button', { name })).toBeInViewport({ ratio: 0.99 });
  }
});

test('a phone never hides what has the focus under its sliders', async ({ bench, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await bench.open();
  const sliders = await page.locator('.sliders').boundingBox();
  await page.locator('#weightDecay').focus();
  const field = await page.locator('#weightDecay').boundingBox();
  expect((field?.y ?? Infinity) + (field?.height ?? 0)).toBeLessThanOrEqual(sliders?.y ?? 0);
});

test('on paper a chart keeps to the room it has there, and on screen it is as it was', async ({ bench, page }) => {
  await bench.open();
  const chart = page.locator('#convergence-chart');
  const { width, height } = await chart.evaluate((svg) => svg.getBoundingClientRect());
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await expect(chart).toHaveAttribute('viewBox', `0 0 ${width} ${height}`);
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await expect(chart).not.toHaveAttribute('viewBox');
});

for (const [place, address] of [
  ['the bench', ''],
  ['a lens', '#lens=budget'],
  ['a lesson', '#lesson=float32&guess=0.5'],
] as const) {
  test(`${place} prints in light colours without what is pressed`, async ({ bench, page }) => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 690, height: 970 });
    await bench.open(address);
    await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
    for (const gone of ['.tools', '.presets', '.lens-tabs', '#play', '#redraw', '.lesson header', '.lens-buttons'])
      for (const one of await page.locator(gone).all()) await expect(one).toBeHidden();
    for (const part of ['.sliders', '.lesson'])
      expect(await page.locator(part).evaluate((node) => getComputedStyle(node).position)).toBe('static');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(690);
  });

  test(`${place} keeps its meaning in forced colours`, async ({ bench, page }) => {
    await page.emulateMedia({ colorScheme: 'dark', forcedColors: 'active' });
    await page.addInitScript(() => localStorage.setItem('hessian-lab-theme', 'light'));
    await bench.open(address);
    const seen = await page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement('p'));
      probe.style.cssText = 'color: CanvasText; background: Canvas; border-color: Highlight';
      const { color, backgroundColor, borderTopColor } = getComputedStyle(probe);
      const paint = (selector: string, property: string) => {
        const node = document.querySelector(selector);
        return node && getComputedStyle(node).getPropertyValue(property);
      };
      return {
        system: { color, backgroundColor, borderTopColor },
        page: paint('body', 'background-color'),
        chosen: paint('.lens-tabs [aria-selected="true"]', 'background-color'),
        other: paint('.lens-tabs [aria-selected="false"]', 'border-bottom-color'),
        key: paint('.lens-key .bar', 'background-color'),
      };
    });
    expect(seen.page).toBe(seen.system.backgroundColor);
    expect(seen.chosen).toBe(seen.system.borderTopColor);
    expect(seen.other).toBe(seen.system.backgroundColor);
    if (seen.key) expect(seen.key).toBe(seen.system.color);
  });
}

test('in forced colours the words of a filled button can be read', async ({ bench, page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await bench.open();
  const button = page.locator('.suggestions button').first();
  const [ink, ground] = await button.evaluate((filled) => {
    const { color, backgroundColor } = getComputedStyle(filled);
    return [color, backgroundColor];
  });
  await expect(button).toHaveCSS('forced-color-adjust', 'none');
  expect(ink).not.toBe(ground);
});

test('who has set larger text has the page laid out as on a smaller screen', async ({ bench, page }) => {
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setFontSizes', { fontSizes: { standard: 24 } });
  await bench.open();
  const { font, over } = await page.evaluate(() => ({
    font: Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
    over: document.documentElement.scrollWidth - innerWidth,
  }));
  expect(font).toBeGreaterThanOrEqual(0.8125 * 24);
  expect(over).toBeLessThanOrEqual(0);
  await expect(page.locator('#problem-summary')).not.toBeInViewport();
});

test('of many methods each has one line', async ({ bench, page }) => {
  await bench.open('#also=minres-lissa-cg_kfac-cg_ekfac-ekfac-block_diagonal-diagonal');
  const rows = page.locator('#numbers tr[data-method]:visible');
  await expect(rows).toHaveCount(11);
  const [tallest, em] = await rows.evaluateAll((all) => [
    Math.max(...all.map((row) => row.clientHeight)),
    Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
  ]);
  expect(tallest).toBeLessThan(2.2 * em);
});
