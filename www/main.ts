// Wires the page: controls change the state, the state asks the worker, its reports are drawn.

import { addressOf, followAddress, readAddress } from './address';
import { Bench } from './bench';
import { light } from './charts/network';
import { Client } from './client';
import { Controls } from './controls';
import { element } from './dom';
import { toExperiment } from './experiment';
import { Lenses } from './lens-tabs';
import { Door } from './lessons/door';
import { hideNotice, showNotice, startNotice } from './notice';
import { inView, onlyPrecisionDiffers, type Picture, toPicture } from './picture';
import { startPlay } from './play';
import { Readout } from './readout';
import { ScaleHandle } from './scale-handle';
import { DEFAULT_STATE, type State } from './state';
import { Store } from './store';
import { Storyteller } from './storyteller';
import { Table } from './table';
import { startTheme } from './theme';

const root = document.documentElement;
let picture: Picture | null = null;
/** The last picture in the other precision. */
let twin: Picture | null = null;
let dragging = false;
/** Whether the message at the top is of a run that failed. */
let failed = false;
let scheduled = false;

startNotice();
startTheme(element('#theme'));
const store = new Store<State>(readAddress(refuseAddress));
const drag = { start: () => setDragging(true), settle: () => setDragging(false) };
const setWhileDragging = (patch: Partial<State>) => {
  drag.start();
  store.set(patch);
};
const controls = new Controls(store, drag);
const bench = new Bench({
  table: new Table(element('#numbers'), toggleMethod),
  readout: new Readout(element('#convergence-chart'), element('#readout'), element('#readout-spoken'), {
    onProbe: schedule,
    onPick: (iterations) => setWhileDragging({ iterations }),
    onSettle: drag.settle,
  }),
  scaleHandle: new ScaleHandle(element('#spectrum-chart'), element('#scale-handle'), {
    onDrag: (scale) => setWhileDragging({ scale }),
    onSettle: drag.settle,
  }),
  storyteller: new Storyteller(({ patch }) => store.set(patch)),
});
startPlay(element('#play'), {
  now: () => store.value.iterations,
  onStep: (iterations) => store.set({ iterations }),
});
const lenses = new Lenses(store, { set: setWhileDragging, settle: drag.settle, redraw: schedule, light });
const door = new Door(store, element('#lessons'));
const client = new Client<State>({ onReport: receive, onFailure: fail });

store.subscribe((state, before) => {
  const sameRun = JSON.stringify(toExperiment(state)) === JSON.stringify(toExperiment(before));
  if (sameRun) schedule();
  else ask(state);
});
followAddress(store, refuseAddress);
new ResizeObserver(schedule).observe(element('.bench'));
element('#share').addEventListener('click', copyLink);
element('#help').addEventListener('click', showGuide);
ask(store.value);

function ask(state: State): void {
  root.dataset['state'] = 'computing';
  client.ask({ experiment: toExperiment(state) }, state);
}

function receive(report: Picture['report'], asked: State): void {
  const next = toPicture(asked, report);
  if (picture && onlyPrecisionDiffers(picture.state, asked)) twin = picture;
  else if (twin && !onlyPrecisionDiffers(twin.state, asked)) twin = null;
  picture = next;
  if (failed) hideNotice();
  failed = false;
  root.dataset['state'] = 'ready';
  schedule();
}

/** The last picture stays. A first experiment that fails came from the address, and the default takes its place. */
function fail(message: string, outcome: 'refused' | 'broken'): void {
  if (!picture && outcome === 'refused') {
    refuseAddress(message);
    store.set(DEFAULT_STATE);
    return;
  }
  root.dataset['state'] = 'failed';
  failed = true;
  const advice =
    outcome === 'refused' ? 'Change that setting to go on.' : 'It has been restarted: change any setting to try again.';
  const what = outcome === 'refused' ? 'This can’t be run' : 'The calculation stopped unexpectedly';
  showNotice(`${what}: ${message}. ${advice}`);
}

function refuseAddress(reason: string): void {
  showNotice(`This link can’t be read: ${reason}. You see the default problem instead.`);
}

function setDragging(now: boolean): void {
  dragging = now;
  if (!now) schedule();
}

function schedule(): void {
  if (!scheduled) requestAnimationFrame(draw);
  scheduled = true;
}

function draw(): void {
  scheduled = false;
  if (!picture) return;
  const seen = inView(picture, store.value);
  controls.showMarks(seen);
  bench.reach = door.reach;
  const moving = bench.draw(seen, twin, !dragging);
  lenses.show(seen, !dragging);
  door.draw(seen, bench.scales);
  if (moving) schedule();
}

function toggleMethod(method: string): void {
  const { hidden } = store.value;
  store.set({ hidden: hidden.includes(method) ? hidden.filter((name) => name !== method) : [...hidden, method] });
}

async function copyLink(): Promise<void> {
  const link = addressOf(store.value);
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
