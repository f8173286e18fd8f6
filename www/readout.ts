// The read-out under a still cursor: by mouse, touch or arrow keys; pressing sets the iteration. To assistive technology the chart is a
// slider, whose value is what is read out.

import type { ConvergenceView } from './charts/convergence';
import { type Curve, entryAt, type Scales } from './charts/curve';
import { writeAttributes } from './dom';
import { number, short } from './format';
import { slide } from './slide';

export interface ReadoutEvents {
  /** The cursor has moved, or gone. */
  readonly onProbe: () => void;
  /** A place was chosen: an entry of the longest curve. */
  readonly onPick: (entry: number) => void;
  readonly onSettle: () => void;
}

export class Readout {
  readonly #svg: SVGSVGElement;
  readonly #box: HTMLElement;
  readonly #events: ReadoutEvents;
  #place: number | null = null;
  #view: ConvergenceView | null = null;
  #scales: Scales | null = null;
  #dragging = false;

  constructor(svg: SVGSVGElement, box: HTMLElement, events: ReadoutEvents) {
    this.#svg = svg;
    this.#box = box;
    this.#events = events;
    writeAttributes(svg, { role: 'slider', tabindex: 0, 'aria-valuemin': 0 });
    svg.addEventListener('pointermove', (event) => this.#point(event));
    svg.addEventListener('pointerdown', (event) => this.#press(event));
    svg.addEventListener('pointerup', () => this.#release());
    svg.addEventListener('pointercancel', () => this.#release());
    svg.addEventListener('pointerleave', () => this.#moveTo(null));
    svg.addEventListener('blur', () => this.#moveTo(null));
    svg.addEventListener('keydown', (event) => this.#key(event));
  }

  /** Where the cursor is on the chart's horizontal axis. */
  get place(): number | null {
    return this.#place;
  }

  /** What was last drawn: the read-out reads its curves. */
  show(view: ConvergenceView, scales: Scales): void {
    this.#view = view;
    this.#scales = scales;
    const place = this.#place;
    const value = place ?? view.cursor;
    writeAttributes(this.#svg, {
      'aria-valuemax': view.xEnd,
      'aria-valuenow': value,
      'aria-valuetext': spoken(view, value),
    });
    this.#box.toggleAttribute('hidden', place === null || view.curves.length === 0);
    if (place === null) return;
    const x = scales.x(place);
    const rightHalf = x > this.#svg.clientWidth / 2;
    this.#box.style.transform = `translate(${x}px, 0) translate(${rightHalf ? 'calc(-100% - 0.8em)' : '0.8em'}, 0)`;
    this.#box.replaceChildren(heading(view, place), ...view.curves.map((curve) => reading(curve, place)));
  }

  #moveTo(place: number | null): void {
    if (place === this.#place) return;
    this.#place = place;
    this.#events.onProbe();
  }

  #placeUnder(event: PointerEvent): number | null {
    if (!this.#scales || !this.#view) return null;
    const place = this.#scales.x.invert(event.clientX - this.#svg.getBoundingClientRect().left);
    return onAxis(place, this.#view);
  }

  #point(event: PointerEvent): void {
    this.#moveTo(this.#placeUnder(event));
    if (this.#dragging) this.#pick();
  }

  #press(event: PointerEvent): void {
    this.#svg.setPointerCapture(event.pointerId);
    this.#dragging = true;
    this.#point(event);
  }

  #release(): void {
    if (this.#dragging) this.#events.onSettle();
    this.#dragging = false;
  }

  #pick(): void {
    const longest = this.#view?.curves.find((curve) => curve.xs.length > 1);
    if (longest && this.#place !== null) this.#events.onPick(entryAt(longest, this.#place));
  }

  #key(event: KeyboardEvent): void {
    const view = this.#view;
    if (!view) return;
    if (event.key === 'Enter') {
      this.#pick();
      this.#events.onSettle();
    }
    if (event.key === 'Escape') this.#moveTo(null);
    const step = isWhole(view) ? 1 : view.xEnd / STEPS;
    const place = slide(event, this.#place ?? view.cursor, step, [0, view.xEnd]);
    if (place === null) return;
    event.preventDefault();
    this.#moveTo(onAxis(place, view));
  }
}

/** Arrow presses from one end of a continuous axis to the other. */
const STEPS = 120;

/** Iterations and products are whole numbers; milliseconds are not. */
function isWhole({ xLabel }: ConvergenceView): boolean {
  return xLabel !== 'milliseconds';
}

function onAxis(place: number, view: ConvergenceView): number {
  const value = isWhole(view) ? Math.round(place) : Number(place.toPrecision(3));
  return Math.min(Math.max(value, 0), view.xEnd);
}

function heading({ xLabel }: ConvergenceView, place: number): HTMLElement {
  return Object.assign(document.createElement('b'), { textContent: `${short(place)} ${xLabel}` });
}

function reading(curve: Curve, place: number): HTMLElement {
  const row = document.createElement('span');
  row.style.setProperty('--method', curve.colour);
  row.append(Object.assign(document.createElement('i'), { textContent: curve.label }), valueAt(curve, place));
  return row;
}

function valueAt(curve: Curve, place: number): string {
  return number(curve.ys[entryAt(curve, place)]);
}

function spoken(view: ConvergenceView, place: number): string {
  const values = view.curves.map((curve) => `${curve.label} ${valueAt(curve, place)}`);
  return `${short(place)} ${view.xLabel}: ${values.join(', ') || view.empty}`;
}
