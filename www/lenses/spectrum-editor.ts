// Moves, adds and removes eigenvalues on a line: by mouse, by touch and by keyboard.

import { DRAWN_SPECTRUM_MARKUP, drawDrawnSpectrum } from '../charts/drawn-spectrum';
import { frameOf } from '../charts/frame';
import { polynomialScale, type X } from '../charts/polynomial';
import { slide } from '../slide';
import { DRAWN_RANGE, MOST_DRAWN } from '../state';

const STEP = 0.05;

export interface SpectrumEvents {
  readonly onChange: (values: number[]) => void;
  readonly onSettle: () => void;
}

export class SpectrumEditor {
  readonly element = document.createElement('div');
  readonly #svg: SVGSVGElement;
  readonly #add: HTMLButtonElement;
  readonly #remove: HTMLButtonElement;
  readonly #events: SpectrumEvents;
  #values: readonly number[] = [];
  #chosen: number | null = null;
  #dragged: number | null = null;
  #x: X | null = null;

  constructor(events: SpectrumEvents) {
    this.#events = events;
    this.element.className = 'spectrum-editor';
    this.element.innerHTML = `
      <svg class="chart" role="group" aria-label="Eigenvalues: arrow keys move one, Delete removes it">${DRAWN_SPECTRUM_MARKUP}</svg>
      <p class="lens-key"><span>Drag the eigenvalues; press the line to add one. <var>K</var> acts here, scale and damping do not.</span>
        <button type="button">Add</button> <button type="button">Remove</button></p>`;
    this.#svg = this.element.querySelector('svg') as SVGSVGElement;
    [this.#add, this.#remove] = [...this.element.querySelectorAll('button')] as [HTMLButtonElement, HTMLButtonElement];
    this.#svg.addEventListener('pointerdown', (event) => this.#press(event));
    this.#svg.addEventListener('pointermove', (event) => this.#drag(event));
    for (const kind of ['pointerup', 'pointercancel'] as const) this.#svg.addEventListener(kind, () => this.#release());
    this.#svg.addEventListener('keydown', (event) => this.#key(event));
    this.#svg.addEventListener('focusin', ({ target }) => this.#choose(this.#indexOf(target)));
    this.#add.addEventListener('click', () => this.#insert(this.#beside()));
    this.#remove.addEventListener('click', () => this.#delete(this.#chosen ?? this.#values.length - 1));
  }

  show(values: readonly number[]): void {
    this.#values = values;
    if (this.#chosen !== null && this.#chosen >= values.length) this.#chosen = null;
    const frame = frameOf(this.#svg);
    this.#x = polynomialScale({ domain: DRAWN_RANGE }, frame);
    drawDrawnSpectrum(this.#svg, { values, chosen: this.#chosen, x: this.#x }, frame);
    this.#add.disabled = values.length >= MOST_DRAWN;
    this.#remove.disabled = values.length <= 1;
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return;
    const index = this.#indexOf(event.target);
    const value = this.#valueUnder(event);
    if (index === null) {
      if (value !== null && this.#values.length < MOST_DRAWN) this.#insert(value);
      return;
    }
    this.#choose(index);
    this.#dragged = index;
    this.#svg.setPointerCapture(event.pointerId);
  }

  #drag(event: PointerEvent): void {
    const value = this.#valueUnder(event);
    if (this.#dragged !== null && value !== null) this.#move(this.#dragged, value);
  }

  #release(): void {
    if (this.#dragged !== null) this.#events.onSettle();
    this.#dragged = null;
  }

  #key(event: KeyboardEvent): void {
    const index = this.#indexOf(event.target);
    if (index === null) return;
    const now = this.#values[index] as number;
    const place = slide(event, now, STEP, DRAWN_RANGE);
    if (place !== null) this.#move(index, place);
    else if (event.key === 'Delete' || event.key === 'Backspace') this.#delete(index);
    else return;
    event.preventDefault();
    this.#events.onSettle();
  }

  #move(index: number, value: number): void {
    this.#change(this.#values.with(index, within(value)));
  }

  #insert(value: number): void {
    this.#chosen = this.#values.length;
    this.#change([...this.#values, within(value)]);
    this.#events.onSettle();
  }

  /** The focus goes to a neighbour, so that Delete can be pressed again. */
  #delete(index: number): void {
    if (this.#values.length <= 1) return;
    const focused = this.#svg.contains(document.activeElement);
    this.#change(this.#values.toSpliced(index, 1));
    this.#chosen = Math.min(index, this.#values.length - 1);
    if (focused) this.#dots()[this.#chosen]?.focus();
    this.#events.onSettle();
  }

  #change(values: number[]): void {
    this.#events.onChange(values);
    this.show(values);
  }

  #choose(index: number | null): void {
    this.#chosen = index;
    this.show(this.#values);
  }

  #beside(): number {
    const [low, high] = DRAWN_RANGE;
    const last = this.#values[this.#chosen ?? this.#values.length - 1] ?? (low + high) / 2;
    return last + 1 > high ? last - 1 : last + 1;
  }

  #valueUnder(event: PointerEvent): number | null {
    return this.#x ? this.#x.invert(event.clientX - this.#svg.getBoundingClientRect().left) : null;
  }

  #dots(): SVGGElement[] {
    return [...this.#svg.querySelectorAll<SVGGElement>('.handles > g')];
  }

  #indexOf(target: EventTarget | null): number | null {
    const index = this.#dots().findIndex((dot) => target instanceof Node && dot.contains(target));
    return index < 0 ? null : index;
  }
}

/** Within the line, to a hundredth. */
function within(value: number): number {
  const [low, high] = DRAWN_RANGE;
  return Number(Math.min(Math.max(value, low), high).toFixed(2));
}
