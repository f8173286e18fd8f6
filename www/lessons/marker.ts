// The reader's marker on the convergence chart: a line across it that is dragged until the prediction is made.

import { select } from 'd3-selection';
import { round, type Scales } from '../charts/curve';
import type { Marker } from './lesson';

/** Below a line that is so near to the chart's top there is more room for its label than above, where the axis has its title. */
const ROOM_ABOVE = 20;

export class GuessMarker {
  readonly #svg: SVGSVGElement;
  readonly #marker: Marker;
  readonly #root: SVGGElement;
  #scales: Scales | null = null;

  constructor(svg: SVGSVGElement, marker: Marker, onDrag: (place: number) => void) {
    this.#svg = svg;
    this.#marker = marker;
    const root = select(svg).append('g').attr('class', 'guess').attr('data-axis', marker.axis);
    root.append('line').attr('class', 'rule');
    root.append('circle').attr('class', 'knob').attr('r', 7);
    root.append('text');
    root.append('line').attr('class', 'grip');
    this.#root = root.node() as SVGGElement;
    this.#bindDrag(this.#root, onDrag);
  }

  draw(scales: Scales, place: number | null, committed: boolean): void {
    this.#scales = scales;
    if (place === null) return;
    const [left, right] = scales.x.range() as [number, number];
    const [bottom, top] = scales.y.range() as [number, number];
    const upright = this.#marker.axis === 'x';
    const at = upright ? round(scales.x(place)) : round(Math.min(Math.max(scales.y(place), top), bottom));
    const root = select(this.#root).classed('committed', committed);
    root
      .selectAll('line')
      .attr('x1', upright ? at : left)
      .attr('x2', upright ? at : right)
      .attr('y1', upright ? top : at)
      .attr('y2', upright ? bottom : at);
    const knob = upright ? [at, (top + bottom) / 2] : [(left + right) / 2, at];
    root
      .select('.knob')
      .attr('cx', knob[0] as number)
      .attr('cy', knob[1] as number);
    root
      .select('text')
      .attr('x', upright ? at + 8 : right - 4)
      .attr('y', upright ? top + 14 : at < top + ROOM_ABOVE ? at + 16 : at - 7)
      .attr('text-anchor', upright ? 'start' : 'end')
      .text(`${committed ? 'your guess' : 'drag me'}: ${this.#marker.words(place)}`);
  }

  remove(): void {
    this.#root.remove();
  }

  #bindDrag(grip: SVGGElement, onDrag: (place: number) => void): void {
    grip.addEventListener('pointerdown', (event) => {
      if (grip.classList.contains('committed')) return;
      event.preventDefault();
      event.stopPropagation();
      grip.setPointerCapture(event.pointerId);
    });
    grip.addEventListener('pointermove', (event) => {
      if (!this.#scales || !grip.hasPointerCapture(event.pointerId)) return;
      event.stopPropagation();
      const { left, top } = this.#svg.getBoundingClientRect();
      const { x, y } = this.#scales;
      onDrag(this.#marker.axis === 'x' ? Math.round(x.invert(event.clientX - left)) : y.invert(event.clientY - top));
    });
    grip.addEventListener('pointerup', (event) => event.stopPropagation());
  }
}
