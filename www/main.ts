// Wires the page: controls change the state, the state asks the worker, its reports are drawn.

import type { Experiment } from '../pkg/hessian_lab';
import { addressOf, followAddress, readAddress } from './address';
import { Aside } from './aside';
import { Bench } from './bench';
import { toBenchExperiment, toGlimpse } from './bench-experiment';
import { followFrames } from './charts/frame';
import { light } from './charts/network';
import { drawSparingly } from './charts/sparing';
import { Client } from './client';
import { Controls } from './controls';
import { element, write } from './dom';
import { followDrops } from './dropping';
import { isEmbedded, startEmbedding } from './embed';
import { named, toExperiment } from './experiment';
import { followHealth } from './health';
import { nearLab, prefetchWhenUsed } from './lab-worker';
import { Lenses } from './lens-tabs';
import { Door } from './lessons/door';
import { MethodsMenu, toggled } from './methods-menu';
import { isShown, orNotice, showNotice, showSilence, startNotice, takeBack } from './notice';
import { changeToNewer, keepForOffline } from './offline';
import { openPanel, openWith } from './panel';
import { inView, onlyPrecisionDiffers, type Picture, toPicture } from './picture';
import { Pins } from './pins';
import { startPlay } from './play';
import { fitForPrint } from './printing';
import { Readout } from './readout';
import { ScaleHandle } from './scale-handle';
import { areOtherProblems, DEFAULT_STATE, type State } from './state';
import { Stopwatch } from './stopwatch';
import { Store } from './store';
import { Storyteller } from './storyteller';
import { Table } from './table';
import { startTheme } from './theme';

const NOT_LOADED = 'This could not be loaded. Check the connection and try again.';

const root = document.documentElement;
let picture: Picture | null = null;
/** The last picture in the other precision. */
let twin: Picture | null = null;
/** How often what is held has moved; 0 where nothing is. */
let moves = 0;
/** Whether a pointer has taken hold of a slider. */
let held = false;
/** The experiment last asked for, and the state that was last asked about in whole: while something is held, a lens is given a glimpse. */
let asked = '';
let whole: State;
/** Whether what was last asked for is a glimpse, and whether what is drawn is one. */
let asksGlimpse = false;
let isGlimpse = false;
let scheduled = false;
/** When a move was last drawn within its own event, in the time of the page's frames. */
let drawnAt: CSSNumberish | null = null;

root.dataset['started'] = '';
startNotice();
followHealth({ onSilence: showSilence, onRestart: tellRestarted });
startTheme(element('#theme'));
fitForPrint();
startEmbedding();
drawSparingly();
await changeToNewer();
const place = await readAddress(refuseAddress);
const store = new Store<State>(place.state);
const aside = new Aside();
const stopwatch = new Stopwatch(aside, schedule);
const pins = new Pins({
  onChange: showPins,
  onPinned: () => address.pinsChanged(),
  run: async (state) => toPicture(state, named(await aside.report(toExperiment(state)), state)),
});
const drag = { start: () => setDragging(true), settle: () => setDragging(false) };
const setWhileDragging = (patch: Partial<State>) => {
  drag.start();
  store.set(withScale(patch));
};
const controls = new Controls(store, drag);
const bench = new Bench({
  table: new Table(element('#numbers'), hideOrShow),
  stopwatch,
  pins,
  readout: new Readout(element('#convergence-chart'), element('#readout'), {
    onProbe: schedule,
    onPick: (iterations) => setWhileDragging({ iterations }),
    onSettle: drag.settle,
  }),
  scaleHandle: new ScaleHandle(element('#spectrum-chart'), element('#scale-handle'), {
    onDrag: (scale) => setWhileDragging({ scale }),
    onSettle: drag.settle,
  }),
  storyteller: new Storyteller(({ patch }) => store.set(withScale(patch))),
});
startPlay(
  { play: element('#play'), step: element('#step'), reset: element('#reset') },
  { now: () => store.value.iterations, onStep: (iterations) => store.set({ iterations }) },
);
const methods = new MethodsMenu(element('#method-list'), (name) => store.set(toggled(store.value, name)));
methods.show(store.value);
const lenses = new Lenses(store, { set: setWhileDragging, settle: drag.settle, redraw: schedule, near, light });
const door = new Door(store, element('#lessons'));
const client = new Client<State>({ onReport: receive, onFailure: fail });

store.subscribe((state, before) => {
  if (areOtherProblems(state, before)) takeBack('problem');
  methods.show(state);
  follow();
});
const address = followAddress(store, pins, {
  onBad: refuseAddress,
  isDragging: () => moves > 0,
  keepsHistory: !isEmbedded(),
});
element('.sliders').addEventListener('pointerdown', hold);
new ResizeObserver(schedule).observe(element('.bench'));
followFrames(schedule);
element('#share').addEventListener('click', copyLink);
element('#help').addEventListener('click', showGuide);
press('#more-methods', (button) => openPanel(element('#methods-panel'), button));
press('#pin', () => picture && pins.add(inView(picture, store.value)));
press('#pinned', async (button) => (await import('./pin-table')).openPins(button, pins, () => picture));
press('#export', async (button) =>
  (await import('./export/menu')).openExport(button, { store, aside, pins, table: () => lenses.table }),
);
press('#own', async (button) => (await import('./own-panel')).openOwn(button, store));
for (const button of document.querySelectorAll<HTMLElement>('[data-figures]'))
  button.addEventListener('click', () =>
    orNotice(async () => {
      const { figuresOf } = await import('./figures');
      const figures = picture && figuresOf(button.dataset['figures'] ?? '', picture);
      if (figures) await openWith(button, figures.title, (body) => body.append(figures.table));
    }, NOT_LOADED),
  );
followDrops(store);
follow();
if (place.leavesPinsOut) showNotice('This link leaves pinned runs out: they were too long for it.');
void pins.restore(place.pins);

/** Draws what is there, where that is all that the state asks for. */
function follow(): void {
  const experiment = toBenchExperiment(store.value);
  const text = JSON.stringify(experiment);
  if (text === asked && !asksGlimpse) schedule();
  else {
    asked = text;
    ask(experiment, { ...store.value });
  }
}

function ask(wholly: Experiment, state: State): void {
  const glimpse = toGlimpse(wholly, state);
  const experiment = moves > 0 ? glimpse : wholly;
  asksGlimpse = experiment !== wholly;
  if (!asksGlimpse) whole = state;
  const report = client.isBusy ? null : near(glimpse);
  if (report) {
    receive(report, state);
    return;
  }
  become('computing');
  client.ask({ experiment }, state);
}

/** Whoever holds a slider is answered in the page, where the question is small; who does not may do so next. */
function near(experiment: Experiment): Picture['report'] | null {
  if (moves > (held ? 0 : 1)) return nearLab.report(experiment);
  nearLab.rehearse(experiment);
  return null;
}

function receive(report: Picture['report'], state: State): void {
  const next = toPicture(state, named(report, state));
  if (picture && onlyPrecisionDiffers(picture.state, state)) twin = picture;
  else if (twin && !onlyPrecisionDiffers(twin.state, state)) twin = null;
  if (!picture) prefetchWhenUsed();
  if (!picture && !isEmbedded()) keepForOffline();
  picture = next;
  isGlimpse = state !== whole;
  takeBack('run');
  become('ready');
  schedule();
}

/**
 * The last picture stays. A first experiment that is refused came from the address, and the default takes its place; but the
 * reader's own data and weights would go with it, and the setting that they don't fit can be changed.
 */
function fail(message: string, outcome: 'refused' | 'broken'): void {
  if (!picture && outcome === 'refused' && !store.value.own) {
    store.set(DEFAULT_STATE);
    refuseAddress(message);
    return;
  }
  become('failed');
  if (!picture) write(element('#sentence'), 'Nothing is drawn yet: the message at the top says what to do.');
  if (outcome === 'refused') showNotice(`This can’t be run: ${message}. Change that setting to go on.`, 'run');
  else
    showNotice(`The calculation stopped: ${message}. Change any setting, or try again.`, 'run', {
      label: 'Try again',
      act: () => ask(toBenchExperiment(store.value), store.value),
    });
}

/** What the reader is to act on stays, whatever another worker has to tell. */
function tellRestarted(reason: string): void {
  if (isShown('run')) return;
  showNotice(`The calculation ended unexpectedly: ${reason}. It has been started again.`);
}

function refuseAddress(reason: string): void {
  showNotice(`This link can’t be read: ${reason}. You see the default problem instead.`, 'problem');
}

/** The lab in the page makes itself ready, so that it answers the first move as fast as the next ones. */
function hold({ target }: Event): void {
  held = (target as Element).matches('[type=range]');
  if (!held) return;
  nearLab.report(toGlimpse(toBenchExperiment(store.value), store.value));
}

function setDragging(now: boolean): void {
  moves = now ? moves + 1 : 0;
  held &&= now;
  if (!now) follow();
}

/** What it is already would be looked at again. */
function become(state: 'computing' | 'ready' | 'failed'): void {
  if (root.dataset['state'] !== state) root.dataset['state'] = state;
}

/**
 * Draws once in the next frame. What moves does so in events that come at the head of a frame: the first of each is drawn as that
 * ends, since whoever asks for a frame there has another after it, with nothing in it.
 */
function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  const now = document.timeline.currentTime;
  if (moves > 0 && now !== drawnAt) {
    drawnAt = now;
    queueMicrotask(draw);
  } else requestAnimationFrame(draw);
}

function draw(): void {
  scheduled = false;
  if (!picture) return;
  const seen = inView(picture, store.value);
  controls.showMarks(seen);
  bench.reach = door.reach;
  const settled = moves === 0 && !isGlimpse;
  const moving = bench.draw(seen, twin, settled);
  lenses.show(seen, settled);
  door.draw(seen, bench.scales);
  if (moving) schedule();
}

/** A scale that is set is no longer the core's to choose. */
function withScale(patch: Partial<State>): Partial<State> {
  return patch.scale === undefined ? patch : { ...patch, autoScale: false };
}

/** A row of the table hides its curve, and brings it back. */
function hideOrShow(method: string): void {
  const { hidden } = store.value;
  store.set({ hidden: hidden.includes(method) ? hidden.filter((name) => name !== method) : [...hidden, method] });
}

function press(selector: string, onPress: (button: HTMLElement) => unknown): void {
  const button = element<HTMLElement>(selector);
  button.addEventListener('click', () => orNotice(() => onPress(button), NOT_LOADED));
}

function showPins(): void {
  const button = element<HTMLElement>('#pinned');
  button.hidden = pins.all.length === 0;
  button.textContent = `${pins.all.length} pinned`;
  schedule();
}

async function copyLink(): Promise<void> {
  const link = addressOf(store.value, pins);
  const button = element('#share');
  try {
    await navigator.clipboard.writeText(link);
    button.textContent = 'Copied';
    setTimeout(() => {
      button.textContent = 'Copy link';
    }, 1500);
  } catch {
    showNotice(`Copy this link: ${link}`);
  }
}

function showGuide(): void {
  const guide = element<HTMLElement>('#guide');
  guide.scrollIntoView();
  guide.focus({ preventScroll: true });
}
