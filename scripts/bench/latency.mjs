// How long the page takes from a slider's move to the painted frame: the built site in headless Chromium, dragged by a mouse.

import { join } from 'node:path';
import { root } from '../run.mjs';
import { launch, serveIsolated } from './browser.mjs';
import { duration, markdown } from './table.mjs';

const SLIDERS = ['iterations', 'scale', 'damping'];
/** Views take turns in one place; the problem's panel and the sliders are beside each. */
const VIEWS = ['', 'polynomial', 'eigenvectors', 'matrices', 'budget', 'loss', 'purpose'];
const M = 'layers=8-16-8-1&samples=100';
/** What the browser itself takes to move a slider and to write its value, on a page of nothing else: the floor of all the rest. */
const LONE = 'a lone slider';
const LONE_PAGE = `<!doctype html><html data-state="ready"><title>${LONE}</title><div id="iterations">
  <input type="range" style="width: 300px" oninput="this.nextElementSibling.textContent = this.value"><output>50</output>`;
const RUNS = [
  ...[1, 4].map((throttle) => ({ size: '', view: LONE, throttle })),
  ...VIEWS.map((view) => ({ size: 'S', view, throttle: 1 })),
  { size: 'S', view: '', throttle: 4 },
  ...['', 'polynomial'].map((view) => ({ size: 'M', view, throttle: 1 })),
];

const MOVES = 50;
/** Every drag is done so often, and the middle one's figures count: on a machine that others use too, one of them may be slowed. */
const DRAGS = 3;
/** Between two moves: a frame for the answer, one for the picture, and some air. */
const MOVE_EVERY_MS = 70;

export async function latency() {
  const server = await serveIsolated({ '/lone-slider.html': LONE_PAGE }, join(root, 'dist'));
  const browser = await launch();
  try {
    const rows = [];
    for (const run of RUNS)
      for (const slider of run.view === LONE ? ['iterations'] : SLIDERS) {
        const drags = [];
        while (drags.length < DRAGS) drags.push(figures(await drag(browser, addressOf(server, run), slider, run)));
        rows.push(row(run, slider, drags));
      }
    return markdown(HEAD, rows);
  } finally {
    await browser.close();
    server.close();
  }
}

const HEAD = [
  'size',
  'view',
  'CPU',
  'slider',
  'work, median',
  'work, p95',
  'to paint, p95',
  'frames, p95',
  'longest task',
];

/** Of one drag, in the order of the table's columns. */
function figures({ works, paints, frames, longest }) {
  return [at(works, 0.5), at(works, 0.95), at(paints, 0.95), at(frames, 0.95), longest];
}

function row({ size, view, throttle }, slider, drags) {
  const [work, most, paint, frames, longest] = drags[0].map((_, column) =>
    at(
      drags.map((figures) => figures[column]),
      0.5,
    ),
  );
  const times = [work, most, paint].map(duration);
  return [size, view || 'bench', `÷ ${throttle}`, slider, ...times, frames, duration(longest)];
}

function at(values, quantile) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))];
}

function addressOf(server, { size, view }) {
  if (view === LONE) return `${server.address}/lone-slider.html`;
  const parts = [size === 'M' ? M : '', view ? `lens=${view}` : ''].filter(Boolean).join('&');
  return `${server.address}/#${parts}`;
}

/** Drags a slider by the mouse; the work of the page's main thread and the time to the painted frame, by move. */
async function drag(browser, address, slider, { throttle }) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(address);
  await ready(page);
  const { x, y, width, height } = await page.evaluate(boxOf, slider);
  const place = (step) => [x + width * (0.3 + (0.4 * step) / MOVES), y + height / 2];
  const session = await page.context().newCDPSession(page);
  await mouse(session, 'mouseMoved', place(0), 'none');
  await mouse(session, 'mousePressed', place(0));
  await page.waitForTimeout(1500);
  await ready(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: throttle });
  await page.evaluate(watch);
  await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing', '__metadata'] });
  const pause = MOVE_EVERY_MS * Math.sqrt(throttle);
  for (let step = 1; step <= MOVES; step++) {
    await mouse(session, 'mouseMoved', place(step));
    await page.waitForTimeout(pause);
  }
  await page.waitForTimeout(500);
  const trace = JSON.parse(await browser.stopTracing());
  const seen = await page.evaluate(() => globalThis.seen);
  await page.close();
  const { works, longest } = mainThread(trace.traceEvents, pause);
  return { works: works.map((work, move) => work - seen.watching[move]), longest, ...seen };
}

/** By the browser's own commands: Playwright's run scripts in the page, or leave listeners there, which are no work of the page. */
function mouse(session, type, [x, y], button = 'left') {
  const buttons = button === 'left' ? 1 : 0;
  return session.send('Input.dispatchMouseEvent', { type, x, y, button, buttons, clickCount: buttons });
}

async function ready(page) {
  while ((await page.evaluate(stateOf)) !== 'ready') await page.waitForTimeout(50);
}

/** In the page. */
function stateOf() {
  return document.documentElement.dataset.state;
}

/** In the page: where a slider's track lies. */
function boxOf(slider) {
  const { x, y, width, height } = document.querySelector(`#${slider} input[type=range]`).getBoundingClientRect();
  return { x, y, width, height };
}

/**
 * In the page: marks every move for the trace, and notes when what it asked for has been painted, and how long the noting took. What is
 * drawn by the end of the event is painted in the frame that has brought it; only what comes later is waited for frame by frame, since
 * to ask for a frame costs one.
 */
function watch() {
  globalThis.seen = { paints: [], frames: [], watching: [] };
  const { paints, frames, watching } = globalThis.seen;
  const channel = new MessageChannel();
  let [start, waited, drawn] = [0, 0, false];
  const look = () => {
    drawn = document.documentElement.dataset.state === 'ready';
    channel.port2.postMessage(null);
  };
  channel.port1.onmessage = () => {
    performance.mark('watched');
    waited++;
    if (!drawn) return requestAnimationFrame(look);
    paints.push(performance.now() - start);
    frames.push(waited);
  };
  const timed = (act) => {
    const from = performance.now();
    act();
    return performance.now() - from;
  };
  const note = ({ timeStamp }) => {
    [start, waited] = [timeStamp, 0];
    performance.mark('move');
  };
  addEventListener('input', (event) => watching.push(timed(() => note(event))), { capture: true });
  addEventListener('input', () => watching.push(watching.pop() + timed(look)));
}

/**
 * What the thread that marked the moves worked between each and the next, in milliseconds; while others have its core, it does not.
 * After the last one as long counts as after any other: what comes later, as that its address is written, follows from the drag's end.
 * Tasks of what watches here are not the page's.
 */
function mainThread(events, pause) {
  const [marks, watched] = ['move', 'watched'].map((mark) =>
    events.filter(({ name, cat }) => name === mark && cat.includes('user_timing')),
  );
  const [first] = marks;
  const tasks = events.filter(
    ({ pid, tid, name, ph, ts, dur }) =>
      pid === first.pid &&
      tid === first.tid &&
      ph === 'X' &&
      name.endsWith('RunTask') &&
      !watched.some((mark) => mark.ts > ts && mark.ts < ts + dur),
  );
  const times = marks.map(({ ts }) => ts);
  const works = times.map((from, index) => {
    const until = times[index + 1] ?? from + 1000 * pause;
    const own = tasks.filter(({ ts, dur }) => ts + dur > from && ts + dur <= until);
    return own.reduce((sum, task) => sum + worked(task), 0);
  });
  return { works, longest: Math.max(...tasks.map(worked)) };
}

function worked({ tdur, dur }) {
  return (tdur ?? dur) / 1000;
}
