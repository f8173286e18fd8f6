// What is taken away and brought along: history, pins, own data, exports, other pages.

import { readFileSync, writeFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { Download } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { expect, test } from './bench';
import { drop } from './drop';

const CSV = 'width,height,y\n0.5,1,2\n-1,0.25,1\n0.75,-0.5,0\n1.5,1,-1\n0.1,0.9,0.3\n-0.4,-0.8,1.2';

test('back and forward go from change to change, and a drag is one', async ({ bench, page }) => {
  await bench.open();
  await bench.precision('float64').check();
  await bench.type('λ', '0.7');
  const slider = bench.slider('Iterations');
  await slider.focus();
  for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowLeft');
  await expect(page).toHaveURL(/iterations=35/);
  await page.goBack();
  await expect(slider).toHaveValue('40');
  await expect(page.getByRole('spinbutton', { name: 'λ, as a number' })).toHaveValue('0.7');
  await page.goBack();
  await expect(page.getByRole('spinbutton', { name: 'λ, as a number' })).toHaveValue('0');
  await expect(bench.precision('float64')).toBeChecked();
  await page.goBack();
  await expect(bench.precision('float32')).toBeChecked();
  await page.goForward();
  await expect(bench.precision('float64')).toBeChecked();
  await bench.ready();
});

test('pinned runs stay as ghosts, with what they cost', async ({ bench, page }) => {
  await bench.open('#damping=0.7&precision=float64&scale=2.61');
  await page.getByRole('button', { name: 'Pin', exact: true }).click();
  const ghosts = page.locator('.ghosts path');
  await expect(ghosts).toHaveCount(3);
  const pinned = (await bench.numbers('kfac')).error;
  await bench.type('λ', '2');
  await expect.poll(async () => (await bench.numbers('kfac')).error).not.toBe(pinned);
  await expect(ghosts).toHaveCount(3);
  await page.getByRole('button', { name: '1 pinned' }).click();
  const dialog = page.getByRole('dialog', { name: 'Pinned runs' });
  await expect(dialog).toContainText('damping 0.7');
  await expect(dialog).toContainText('now: ');
  await expect(dialog.getByRole('row', { name: /^CG/ }).first()).toContainText(/\d+ \(\d+\)/);
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(ghosts).toHaveCount(0);
});

test('pinned runs travel in the link, and back unpins', async ({ bench, page }) => {
  // An axis that eases to where it must go would be read on its way.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await bench.open('#damping=0.7&precision=float64&scale=2.61');
  const pin = page.getByRole('button', { name: 'Pin', exact: true });
  await pin.click();
  await expect(page).toHaveURL(/&pins=precision\*float64\*scale\*2\.61\*damping\*0\.7$/);
  await bench.type('λ', '2');
  await pin.click();
  await expect(page).toHaveURL(/\*\*/);
  const ghosts = page.locator('.ghosts path');
  await expect(ghosts).toHaveCount(6);
  const drawn = await ghosts.evaluateAll((paths) => paths.map((path) => path.getAttribute('d')));
  await page.reload();
  await bench.ready();
  await expect(page.getByRole('button', { name: '2 pinned' })).toBeVisible();
  await expect.poll(() => ghosts.evaluateAll((paths) => paths.map((path) => path.getAttribute('d')))).toEqual(drawn);
  await page.getByRole('button', { name: 'Trained' }).click();
  await expect(page).toHaveURL(/pins=/);
  await page.goBack();
  await page.goBack();
  await expect(page.getByRole('button', { name: '1 pinned' })).toBeVisible();
});

test('pins that are too long for a link are said to be left out', async ({ bench, page }) => {
  await bench.open('#pins=left-out');
  await expect(page.getByRole('alert')).toContainText('leaves pinned runs out');
  await page.goto('./#pins=damping*oops');
  await expect(page.getByRole('alert')).toContainText('damping: “oops” is not a number');
});

test('own data survive a reload inside a lesson', async ({ bench, page }) => {
  await bench.open();
  await drop(page, 'own.csv', CSV);
  await expect(page.locator('#problem-summary')).toContainText('P = 21');
  await page.getByRole('button', { name: 'Lessons', exact: true }).click();
  await page.locator('[data-open=clusters]').click();
  await expect(page).toHaveURL(/lesson=clusters/);
  await expect(page.locator('#problem-summary')).not.toContainText('P = 21');
  await page.reload();
  await bench.ready();
  await page.getByRole('button', { name: 'Lessons', exact: true }).click();
  await expect(page.locator('#problem-summary')).toContainText('P = 21');
});

test('own data are pasted, travel in the link, and are given up again', async ({ bench, page }) => {
  await bench.open();
  await page.getByRole('button', { name: 'own…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your own data and weights' });
  await dialog.getByRole('textbox').fill('1,2\n3,oops');
  await dialog.getByRole('button', { name: 'Use as data' }).click();
  await expect(dialog.getByRole('alert')).toHaveText('row 2, column 2: “oops” is not a number');
  await dialog.getByRole('textbox').fill(CSV);
  await dialog.getByRole('button', { name: 'Use as data' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.locator('#problem-summary')).toContainText('P = 21');
  await expect(page.locator('#data-chart path')).toHaveCount(6);
  await expect(page).toHaveURL(/own=[\w-]+/);
  const samples = page.getByRole('spinbutton', { name: 'Samples' });
  await expect(samples).toHaveValue('6');
  const loss = (await page.locator('#problem-summary').textContent()) ?? '';
  await page.reload();
  await bench.ready();
  await expect(page.locator('#problem-summary')).toHaveText(loss);
  await page.getByRole('button', { name: 'own…' }).click();
  await page.getByRole('button', { name: 'Go back to drawn ones' }).click();
  await expect(page.locator('#problem-summary')).not.toHaveText(loss);
  await expect(samples).toHaveValue('10');
});

test('own data survive a reload beside a setting that they don’t fit', async ({ bench, page }) => {
  await bench.open();
  await drop(page, 'own.csv', CSV);
  const summary = page.locator('#problem-summary');
  await expect(summary).toContainText('P = 21');
  const before = (await summary.textContent()) ?? '';
  const inputs = page.getByRole('spinbutton', { name: 'Inputs' });
  const notice = page.getByRole('alert').first();
  await inputs.fill('4');
  await inputs.press('Enter');
  await expect(notice).toContainText('This can’t be run: ');
  const refusal = (await notice.textContent()) ?? '';
  await page.reload();
  await expect(notice).toHaveText(refusal);
  await expect(inputs).toHaveValue('4');
  await expect(page.locator('#sentence')).toContainText('Nothing is drawn yet');
  await inputs.fill('2');
  await inputs.press('Enter');
  await expect(summary).toHaveText(before);
  await expect(notice).toBeHidden();
});

test('own data stay with another loss where they fit it, and else the page says why not', async ({ bench, page }) => {
  await bench.open();
  const loss = page.getByRole('combobox', { name: 'Loss' });
  const outputs = page.getByRole('spinbutton', { name: 'Outputs' });
  const law = page.getByRole('combobox', { name: 'Data', exact: true });
  await drop(page, 'own.csv', 'x1,x2,y\n1,2,0\n2,3,1\n3,4,0\n0,1,1');
  await expect(law).toHaveValue('own');
  const summary = page.locator('#problem-summary');
  await expect(summary).toContainText('P = 21');
  const before = (await summary.textContent()) ?? '';
  await loss.selectOption('cross-entropy');
  await expect(outputs).toHaveValue('2');
  await expect(law).toHaveValue('own');
  await expect(page).toHaveURL(/own=[\w-]+/);
  await expect(summary).toContainText('P = 27');
  await page.reload();
  await bench.ready();
  await expect(summary).toContainText('P = 27');
  await loss.selectOption('squared');
  await expect(outputs).toHaveValue('1');
  await expect(summary).toHaveText(before);

  await drop(page, 'own.csv', CSV);
  await expect(page.locator('#data-chart path')).toHaveCount(6);
  await loss.selectOption('cross-entropy');
  await expect(page.getByRole('alert').first()).toContainText('datum 4, column 3: -1 is not a class, a whole number');
  await expect(loss).toHaveValue('mse');
  await expect(page).not.toHaveURL(/cross-entropy/);
  await loss.selectOption('squared');
  await page.getByRole('combobox', { name: 'Activation' }).selectOption('tanh');
  await expect(page.getByRole('alert').first()).toBeHidden();
});

test('files are chosen and dropped: data, weights, an Experiment', async ({ bench, page }, testInfo) => {
  await bench.open();
  const file = testInfo.outputPath('data.csv');
  writeFileSync(file, CSV);
  await page.getByRole('button', { name: 'own…' }).click();
  await page.getByLabel('or a file').setInputFiles(file);
  await page.getByRole('button', { name: 'Use as data' }).click();
  await expect(page.locator('#problem-summary')).toContainText('P = 21');

  await drop(page, 'weights.json', JSON.stringify(Array.from({ length: 21 }, (_, index) => index / 20)));
  await expect(page.locator('#network-chart path').first().locator('title')).toContainText(': 0');
  await drop(page, 'weights.json', '[1, 2]');
  await expect(page.getByRole('alert').first()).toContainText('there are 2 weights, and a network 2-5-1 has 21');

  const experiment = {
    network: { layers: [2, 3, 1], activation: 'relu' },
    data: { generator: 'moons', samples: 30 },
    loss: 'mse',
    damping: 1,
  };
  await drop(page, 'experiment.json', JSON.stringify(experiment));
  await expect(page.locator('#problem-summary')).toContainText('P = 13');
  await expect(page.getByRole('combobox', { name: 'Activation' })).toHaveValue('relu');
  const methods = [
    { method: 'minres', iterations: 9 },
    { method: 'neumann', iterations: 9, scale: 3.5 },
    { method: 'kfac', fisher: 'mc' },
  ];
  await drop(page, 'experiment.json', JSON.stringify({ ...experiment, methods }));
  await expect(page.getByRole('alert').first()).toContainText(
    'the Experiment without “Fisher matrix of the third method (KFAC)”: the page',
  );
  await expect(page.locator('#scale').getByLabel('s, as a number')).toHaveValue('3.5');
  await expect(page.locator('tr[data-method=minres]')).toBeVisible();
  await drop(page, 'experiment.json', JSON.stringify(experiment).replace(/}$/, ',"damping":2}'));
  await expect(page.getByRole('alert').first()).toContainText('experiment.json can’t be used: "damping" stands twice.');
});

test('what can be used takes back what was said of its like that could not, and nothing else', async ({
  bench,
  page,
}) => {
  await bench.open();
  const notice = page.getByRole('alert').first();
  await drop(page, 'own.csv', '1,2\n3,oops');
  await expect(notice).toContainText('own.csv can’t be used');
  await drop(page, 'own.csv', CSV);
  await expect(page.locator('#problem-summary')).toContainText('P = 21');
  await expect(notice).toBeHidden();

  const seed = page.getByRole('spinbutton', { name: 'Seed' });
  await seed.fill('-1');
  await seed.press('Enter');
  await expect(notice).toContainText('Seed: ');
  await drop(page, 'own.csv', CSV.replaceAll(/,[^,]*$/gm, ''));
  await expect(page.locator('#problem-summary')).toContainText('P = 16');
  await expect(notice).toContainText('Seed: ');

  await drop(page, 'own.csv', '1,2\n3,oops');
  await expect(notice).toContainText('own.csv can’t be used');
  await seed.fill('7');
  await seed.press('Enter');
  await expect(page).toHaveURL(/seed=7/);
  await expect(notice).toContainText('own.csv can’t be used');
  await seed.fill('-1');
  await seed.press('Enter');
  await expect(notice).toContainText('Seed: ');
  await seed.fill('8');
  await seed.press('Enter');
  await expect(notice).toBeHidden();
});

test('data too large for a link are said to be left out', async ({ bench, page }) => {
  await bench.open();
  const rows = Array.from(
    { length: 900 },
    (_, index) => `${Math.sin(index * 7.3)},${Math.cos(index * index)},${Math.sin(index)}`,
  );
  await drop(page, 'large.csv', rows.join('\n'));
  await expect(page.locator('#problem-summary')).toContainText('P = 21');
  await expect(page).toHaveURL(/own=left-out/);
  await page.getByRole('button', { name: 'Export' }).click();
  await expect(page.getByRole('dialog', { name: 'Export' })).toContainText('too large for a link');
  await page.reload();
  await expect(page.getByRole('alert')).toContainText('were left out; open the sender’s Experiment file');
  await bench.ready();
});

test('everything is exported', async ({ bench, page }) => {
  await bench.open('#damping=0.7&precision=float64&scale=2.61');
  await page.getByRole('button', { name: 'Export' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  const get = async (name: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name }).click()]);
    return read(download);
  };
  const csv = (await get('Curves, CSV')).toString().trimEnd().split('\n');
  expect(csv[0]).toBe('method,iteration,products,relative_error,cosine_similarity,residual,energy_error,slope');
  expect(csv).toHaveLength(1 + 1 + 121 + 121 + 1);

  const experiment = JSON.parse((await get('Experiment, JSON')).toString());
  expect(experiment).toMatchObject({ damping: 0.7, precision: 'f64', network: { layers: [3, 5, 1] } });
  const report = JSON.parse((await get('Report, JSON')).toString());
  expect(report.methods.map(({ method }: { method: string }) => method)).toEqual(['exact', 'cg', 'neumann', 'kfac']);

  const script = (await get('PyTorch script')).toString();
  const problem = JSON.parse(script.match(/json\.loads\(r"""(.*?)"""\)/s)?.[1] ?? '');
  expect(problem.theta).toEqual(report.theta);
  expect(problem.shown.cg.relative_error).toEqual(report.methods[1].trace.relative_error.slice(0, 41));
  expect(problem.inputs).toHaveLength(10);

  const svg = (await get('SVG')).toString();
  expect(svg).toMatch(/^<svg/);
  expect(svg).not.toMatch(/var\(|style=|class=|role=|aria-value/);
  expect(svg).toContain('CG');
  const png = await get('PNG');
  expect(png.subarray(1, 4).toString()).toBe('PNG');
});

test('a script carries what chance drew', async ({ bench, page }) => {
  await bench.open('#matrix=fisher&also=lissa&iterations=7');
  await page.getByRole('button', { name: 'Export' }).click();
  const button = page.getByRole('dialog', { name: 'Export' }).getByRole('button', { name: 'PyTorch script' });
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  const problem = JSON.parse((await read(download)).toString().match(/json\.loads\(r"""(.*?)"""\)/s)?.[1] ?? '');
  expect(problem.fisher_gradients).toHaveLength(10);
  expect(problem.batches.map((steps: unknown[]) => steps.length)).toEqual([7, 7, 7, 7]);
});

test('the page goes into another page, without what a link leaves out', async ({ bench, page }) => {
  await bench.open('#damping=0.7');
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('checkbox', { name: 'problem' }).check();
  await page.getByRole('checkbox', { name: 'spectrum' }).check();
  const html = await page.getByRole('textbox', { name: 'HTML to copy' }).inputValue();
  expect(html).toContain('embed=1&amp;without=problem-spectrum#damping=0.7');
  const address = html.match(/src="([^"]+)"/)?.[1]?.replaceAll('&amp;', '&') ?? '';
  await page.goto(address);
  await bench.ready();
  await expect(page.locator('.problem')).toBeHidden();
  await expect(page.locator('.spectrum')).toBeHidden();
  await expect(page.locator('#guide')).toBeHidden();
  await expect(page.locator('#convergence-chart')).toBeVisible();
  const steps = await page.evaluate(() => history.length);
  await bench.type('λ', '1');
  await expect(page).toHaveURL(/without=problem-spectrum#damping=1$/);
  expect(await page.evaluate(() => history.length)).toBe(steps);
});

test('the page runs in a sandbox that gives it no origin, where its files may be read', async ({ page }) => {
  const outer = '<iframe sandbox="allow-scripts" src="/?embed=1#damping=0.7" width="1200" height="700"></iframe>';
  const host = await serve({ '/outer.html': outer }, { '/': 'dist' }, { 'access-control-allow-origin': '*' });
  try {
    await page.goto(`${host.address}/outer.html`);
    const frame = page.frameLocator('iframe');
    await expect(frame.locator('html')).toHaveAttribute('data-state', 'ready');
    await expect(frame.locator('tr[data-method="cg"]')).toContainText('converged');
  } finally {
    host.close();
  }
});

for (const [opener, name] of [
  ['More methods', 'Methods'],
  ['Export', 'Export'],
  ['own…', 'Your own data and weights'],
  ['Table of the eigenvalues', 'Eigenvalues'],
  ['1 pinned', 'Pinned runs'],
] as const)
  test(`axe finds nothing in the panel ${name}, in either theme`, async ({ bench, page }) => {
    await bench.open('#damping=0.7&also=minres-lissa-cg_kfac-cg_ekfac-ekfac-block_diagonal-diagonal');
    await page.getByRole('button', { name: 'Pin', exact: true }).click();
    await page.getByRole('button', { name: opener, exact: true }).click();
    await expect(page.getByRole('dialog', { name })).toBeVisible();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    }
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog', { name })).toBeHidden();
  });

async function read(download: Download): Promise<Buffer> {
  return readFileSync(await download.path());
}

test('a chart’s file has all of its words', async ({ bench, page }) => {
  await bench.open('#lens=purpose&use=race');
  await expect(page.locator('svg').getByText('Gauss–Newton ↓')).toBeVisible();
  await page.getByRole('button', { name: 'Export' }).click();
  const dialog = page.getByRole('dialog');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'SVG' }).click(),
  ]);
  const alone = await page.context().newPage();
  await alone.setContent((await read(download)).toString());
  const beyond = await alone.locator('svg').evaluate((svg) => {
    const box = svg.getBoundingClientRect();
    const words = [...svg.querySelectorAll('text')].filter(({ textContent }) => textContent !== '');
    return words.filter((text) => {
      const { left, right, top, bottom } = text.getBoundingClientRect();
      return left < box.left - 0.5 || right > box.right + 0.5 || top < box.top - 0.5 || bottom > box.bottom + 0.5;
    }).length;
  });
  expect(beyond).toBe(0);
});

test('unpinning keeps the focus in the panel, and leaves it for the button that pins', async ({ bench, page }) => {
  await bench.open();
  for (const damping of ['0.1', '0.2']) {
    await bench.type('λ', damping);
    await page.getByRole('button', { name: 'Pin', exact: true }).click();
  }
  await page.getByRole('button', { name: '2 pinned' }).click();
  const remove = page.getByRole('button', { name: 'Remove', exact: true });
  await remove.nth(1).focus();
  await page.keyboard.press('Enter');
  await expect(remove).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Pin', exact: true })).toBeFocused();
});

for (const without of ['spectrum', 'problem-spectrum'])
  test(`embedded without ${without}, a lens is as wide as its tabs, and nothing scrolls sideways`, async ({
    bench,
    page,
  }) => {
    await bench.open(`?embed=1&without=${without}#lens=budget`);
    const [width, ...ends] = await page.evaluate(() => {
      const parts = [...document.querySelectorAll('.lens-tabs, .sliders')];
      return [document.documentElement.scrollWidth, ...parts.map((part) => part.getBoundingClientRect().right)];
    });
    expect(width).toBe(page.viewportSize()?.width);
    expect(ends).toHaveLength(2);
    expect(ends[0]).toBeCloseTo(ends[1] ?? 0, 0);
  });
