// An SVG in a lens, with a read-out that steps from mark to mark by pointer or by arrow keys. To assistive technology it is a slider,
// whose value is what is read out.

import { type Frame, frameOf } from '../charts/frame';
import { writeAttributes } from '../dom';
import { slide } from '../slide';

export interface Mark {
  /** Where it stands, in pixels from the left; and from the top, where that matters to what is nearest. */
  readonly x: number;
  readonly y?: number;
  /** What is read out there: a heading, and a line for each value, with its colour. */
  readonly heading: string;
  readonly lines: readonly { readonly label: string; readonly value: string; readonly colour: string }[];
}

export class Plot {
  readonly element = document.createElement('div');
  readonly svg: SVGSVGElement;
  readonly #box: HTMLElement;
  readonly #onMove: () => void;
  readonly #onPick: (index: number) => void;
  #marks: readonly Mark[] = [];
  #index: number | null = null;

  /** `onPick` hears of the mark that is clicked, or that Enter is pressed on. */
  constructor(label: string, markup: string, onMove: () => void, onPick: (index: number) => void = () => undefined) {
    this.element.className = 'plot';
    this.element.innerHTML = `
      <svg class="chart" role="slider" tabindex="0" aria-valuemin="0">${markup}</svg><div class="readout" hidden></div>`;
    const [svg, box] = [...this.element.children] as [Element, HTMLElement];
    this.svg = svg as SVGSVGElement;
    this.#box = box;
    this.#onMove = onMove;
    this.#onPick = onPick;
    svg.setAttribute('aria-label', `${label} Arrow keys read it out; the table below has the same numbers.`);
    this.svg.addEventListener('pointermove', (event) => this.#moveTo(this.#nearest(event)));
    this.svg.addEventListener('pointerdown', (event) => this.#moveTo(this.#nearest(event)));
    this.svg.addEventListener('click', (event) => this.#pick(this.#nearest(event)));
    this.svg.addEventListener('pointerleave', () => this.#moveTo(null));
    this.svg.addEventListener('blur', () => this.#moveTo(null));
    this.svg.addEventListener('keydown', (event) => this.#key(event));
  }

  get frame(): Frame {
    return frameOf(this.svg);
  }

  /** The mark that is read out. */
  get index(): number | null {
    return this.#index;
  }

  /** Shows the read-out at its mark among those that were just drawn. */
  show(marks: readonly Mark[]): void {
    this.#marks = marks;
    const mark = this.#index === null ? undefined : marks[Math.min(this.#index, marks.length - 1)];
    writeAttributes(this.svg, {
      'aria-valuemax': marks.length,
      'aria-valuenow': mark ? marks.indexOf(mark) + 1 : 0,
      'aria-valuetext': mark ? spoken(mark) : 'nothing is read out',
    });
    this.#box.toggleAttribute('hidden', !mark);
    if (!mark) return;
    const shift = mark.x > this.svg.clientWidth / 2 ? 'calc(-100% - 0.8em)' : '0.8em';
    this.#box.style.transform = `translate(${mark.x}px, 0) translate(${shift}, 0)`;
    this.#box.replaceChildren(make('b', mark.heading), ...mark.lines.map(lineOf));
  }

  #nearest(event: MouseEvent): number | null {
    const { left, top } = this.svg.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const far = this.#marks.map((mark) => Math.hypot(mark.x - x, mark.y === undefined ? 0 : mark.y - y));
    return far.length > 0 ? far.indexOf(Math.min(...far)) : null;
  }

  #pick(index: number | null): void {
    if (index !== null) this.#onPick(index);
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Enter') this.#pick(this.#index);
    if (event.key === 'Escape') this.#moveTo(null);
    const last = this.#marks.length - 1;
    const start = event.key === 'ArrowLeft' || event.key === 'ArrowDown' ? last + 1 : -1;
    const place = slide(event, this.#index ?? start, 1, [0, last]);
    if (place === null) return;
    event.preventDefault();
    this.#moveTo(place);
  }

  #moveTo(index: number | null): void {
    if (index === this.#index) return;
    this.#index = index;
    this.#onMove();
  }
}

/** An SVG that prints its own numbers, and needs no read-out. */
export function stillPlot(label: string, markup: string): { plot: HTMLElement; svg: SVGSVGElement } {
  const plot = make('div', '');
  plot.className = 'plot';
  plot.innerHTML = `<svg class="chart" role="img">${markup}</svg>`;
  const svg = plot.firstElementChild as SVGSVGElement;
  svg.setAttribute('aria-label', label);
  return { plot, svg };
}

function spoken({ heading, lines }: Mark): string {
  return `${heading}: ${lines.map(({ label, value }) => `${label} ${value}`).join(', ')}`;
}

function lineOf({ label, value, colour }: Mark['lines'][number]): HTMLElement {
  const line = make('span', '');
  line.style.setProperty('--method', colour);
  line.append(make('i', label), value);
  return line;
}

function make(tag: string, text: string): HTMLElement {
  return Object.assign(document.createElement(tag), { textContent: text });
}
