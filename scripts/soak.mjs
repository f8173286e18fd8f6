// `npm run soak`: ten thousand drawn slider moves, presets and lenses in one tab of the built site. Its memory and its modules', measured
// at the same place after every thousand, must stay level, and its console empty. `-- 2000 7` makes so many moves, drawn from that seed.

import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { Draws } from '../tests/node/draws.mjs';
import { findChromium, QUIET } from './browser.mjs';
import { Failure, main, root, say } from './run.mjs';
import { ISOLATED, serve } from './serve.mjs';
import { browser as installBrowser } from './setup.mjs';
import { buildSite } from './site.mjs';
import { buildWasm } from './wasm.mjs';
import { wasmMemory } from './wasm-memory.mjs';

const [MOVES, SEED] = [Number(process.argv[2] ?? 10_000), Number(process.argv[3] ?? 1)];
/** How often memory is measured. What it was the first time, once everything has been opened and moved, it is held against. */
const MEASUREMENTS = 10;
const MOST_GROWTH = 0.1;
const PRESETS = '#presets button';
const LENSES = '[role=tab]';
const SLIDERS = ['#iterations-range', '#scale-range', '#damping-range'];
/** In moves: a drag's length. */
const DRAG = [5, 30];

await main(async () => {
  if (!(MOVES >= MEASUREMENTS && SEED >= 0)) throw new Failure('npm run soak -- MOVES SEED: two whole numbers');
  await installBrowser();
  await buildWasm();
  await buildSite();
  const server = await serve({}, { '/site/': join(root, 'dist') }, ISOLATED);
  const browser = await chromium.launch({
    executablePath: findChromium(),
    // A measurement of memory waits for the next collection otherwise.
    args: [...QUIET, '--enable-blink-features=ForceEagerMeasureMemory'],
  });
  try {
    await soak(browser, `${server.address}/site/`);
  } finally {
    await browser.close();
    server.close();
  }
});

async function soak(browser, address) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const words = [];
  page.on('console', (message) => words.push(message.text()));
  page.on('pageerror', (error) => words.push(error.message));
  page.on('crash', () => words.push('the tab has crashed'));
  await page.goto(address);
  await openAll(page);
  const draws = new Draws(SEED);
  const levels = [];
  let made = 0;
  while (levels.length < MEASUREMENTS) {
    while (made < (MOVES / MEASUREMENTS) * (levels.length + 1)) made += await act(page, draws);
    levels.push(await measure(page));
    const { megabytes, modules, nodes, listeners, workers } = levels.at(-1);
    const memory = `${megabytes.toFixed(1)} MB, ${modules.toFixed(1)} in modules`;
    say(`${made} moves: ${memory}, ${nodes} nodes, ${listeners} listeners, ${workers} workers`);
  }
  if (words.length > 0) throw new Failure(`The console says:\n${words.slice(0, 10).join('\n')}`);
  assertLevel(levels);
}

/** Whatever loads when it is opened is loaded now, and a module, whose memory never shrinks, has been asked for the most. */
async function openAll(page) {
  for (const preset of await places(page, PRESETS))
    for (const lens of await places(page, LENSES)) {
      await press(page, PRESETS, preset);
      await press(page, LENSES, lens);
      await drag(page, SLIDERS[0], [1, 1]);
      await page.waitForTimeout(500);
    }
  await atRest(page);
}

/** One for each element, as `press` takes them. */
async function places(page, selector) {
  const count = await page.locator(selector).count();
  return Array.from({ length: count }, (_, index) => (index + 0.5) / count);
}

/** One drag of a slider, or one press; how many moves it was. */
async function act(page, draws) {
  if (draws.chance(0.5))
    return drag(
      page,
      draws.pick(SLIDERS),
      draws.list(draws.whole(...DRAG), () => draws.unit()),
    );
  await press(page, draws.pick([PRESETS, LENSES, LENSES, 'input[name=precision]']), draws.unit());
  return 1;
}

function drag(page, slider, places) {
  return page.evaluate(
    async ([selector, all]) => {
      const range = document.querySelector(selector);
      for (const place of all) {
        range.value = String(place * Number(range.max));
        range.dispatchEvent(new Event('input', { bubbles: true }));
        await new Promise(requestAnimationFrame);
      }
      range.dispatchEvent(new Event('change', { bubbles: true }));
      return all.length;
    },
    [slider, places],
  );
}

/** A reader takes as long to see what a press has done; browsers count on it where an address changes. */
function press(page, selector, place) {
  return page.evaluate(
    async ([all, at]) => {
      const found = [...document.querySelectorAll(all)];
      found[Math.floor(at * found.length)].click();
      await new Promise((resolve) => setTimeout(resolve, 100));
    },
    [selector, place],
  );
}

/** The first preset on the bench, with nothing under way. */
async function atRest(page) {
  await press(page, LENSES, 0);
  await press(page, PRESETS, 0);
  await page.waitForFunction(() => document.documentElement.dataset.state === 'ready');
  await page.waitForTimeout(1_000);
}

/** What the tab and its workers hold, at rest, after a collection. */
async function measure(page) {
  await atRest(page);
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { nodes, jsEventListeners: listeners } = await session.send('Memory.getDOMCounters');
  await session.detach();
  const bytes = await page.evaluate(async () => (await performance.measureUserAgentSpecificMemory()).bytes);
  const modules = (await wasmMemory(page)) / 1e6;
  return { megabytes: bytes / 1e6, modules, nodes, listeners, workers: page.workers().length };
}

function assertLevel(levels) {
  for (const what of ['megabytes', 'modules', 'nodes', 'listeners', 'workers']) {
    const [first, last] = [levels[0][what], levels.at(-1)[what]];
    if (last > first * (1 + MOST_GROWTH)) throw new Failure(`${what}: ${first} have become ${last}`);
  }
  say('Level within 10 %, and not a word in the console');
}
