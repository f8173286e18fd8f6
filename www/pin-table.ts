// The pinned runs in numbers: what each method needed to come down to 10⁻³, 10⁻⁶ and 10⁻⁹.

import { element } from './dom';
import { TRACE_END } from './experiment';
import { makeTable } from './figures';
import { powerOfTen } from './format';
import { METHODS } from './methods';
import { closePanel, openWith } from './panel';
import type { Picture } from './picture';
import type { Pins } from './pins';
import { findRun, type Run, seriesOf } from './reading';
import { DEFAULT_STATE, type Measure, type State } from './state';
import { toAddress } from './state-text';

const TARGETS = [-3, -6, -9];
const MEASURE_WORDS: Record<Measure, string> = {
  error: 'relative error',
  residual: 'residual',
  cosine: '1 − cosine',
  energy: 'energy error',
};

export function openPins(button: HTMLElement, pins: Pins, now: () => Picture | null): Promise<void> {
  return openWith(button, 'Pinned runs', (body) => fill(body, pins, now()));
}

function fill(body: HTMLElement, pins: Pins, now: Picture | null): void {
  const measure = now?.state.y ?? 'error';
  const runs = now ? [...pins.all, now] : pins.all;
  const intro = document.createElement('p');
  intro.textContent = `Iterations, and products in brackets, until the ${MEASURE_WORDS[measure]} is first down to each power of ten; a dash where ${TRACE_END} iterations don’t get there.`;
  body.replaceChildren(intro);
  for (const run of runs) body.append(heading(body, pins, run, now), tableOf(run, measure));
  if (pins.all.length > 1) body.append(makeButton('Remove all', () => pins.clear(), body, pins, now));
}

function heading(body: HTMLElement, pins: Pins, run: Picture, now: Picture | null): HTMLElement {
  const row = document.createElement('div');
  row.className = 'heading';
  const title = Object.assign(document.createElement('h3'), {
    textContent: `${run === now ? 'now: ' : ''}${describe(run.state)}`,
  });
  row.append(title);
  if (run !== now) row.append(makeButton('Remove', () => pins.remove(run), body, pins, now));
  return row;
}

function makeButton(
  text: string,
  onPress: () => void,
  body: HTMLElement,
  pins: Pins,
  now: Picture | null,
): HTMLElement {
  const button = Object.assign(document.createElement('button'), {
    type: 'button',
    className: 'small',
    textContent: text,
  });
  button.addEventListener('click', () => {
    const place = [...body.querySelectorAll('button')].indexOf(button);
    onPress();
    if (pins.all.length === 0) return leave();
    fill(body, pins, now);
    const left = body.querySelectorAll('button');
    left[Math.min(place, left.length - 1)]?.focus();
  });
  return button;
}

/** The button that opened the panel is gone with the last pinned run: the one that pins another takes the focus. */
function leave(): void {
  closePanel();
  element<HTMLElement>('#pin').focus();
}

/** A run in words: what its address says, without the view. */
export function describe(state: State): string {
  const { iterations, x, y, hidden, also } = DEFAULT_STATE;
  const text = toAddress({ ...state, iterations, x, y, hidden, also, own: null });
  const own = state.own ? ['own data or weights'] : [];
  const parts = [...(text ? text.split('&').map((part) => part.replace('=', ' ')) : []), ...own];
  return parts.join(', ') || 'the notebook';
}

function tableOf({ report, state }: Picture, measure: Measure): HTMLTableElement {
  const rows = METHODS.flatMap(({ name, label }) => {
    const run = findRun(report, name);
    return run && name !== 'exact' && !state.hidden.includes(name)
      ? [[label, ...TARGETS.map((exponent) => costOf(run, measure, 10 ** exponent))]]
      : [];
  });
  return makeTable(['method', ...TARGETS.map((exponent) => `to ${powerOfTen(exponent)}`)], rows, 0);
}

/** What a run needed to come down to a target: iterations and products. */
export function costOf(run: Run, measure: Measure, target: number): string {
  const at = seriesOf(run, measure).findIndex((value) => value !== null && value <= target);
  if (at < 0) return '–';
  const products = run.trace.products[at] ?? 0;
  return run.trace.products.length === 1 ? `direct (${products})` : `${at} (${Number(products.toFixed(1))})`;
}
