// Eigenvalues as dots on a line that are moved by hand; dots that would lie on one another are stacked.

import { select } from 'd3-selection';
import { element } from '../dom';
import { short } from '../format';
import { round } from './curve';
import type { Frame } from './frame';
import type { X } from './polynomial';
import { drawTicksBelow } from './ticks';

export interface DrawnSpectrumView {
  readonly values: readonly number[];
  /** The dot that buttons act on. */
  readonly chosen: number | null;
  readonly x: X;
}

export const DRAWN_SPECTRUM_MARKUP =
  '<rect class="ground" /><line class="zero" /><g class="axis x-axis"></g><g class="handles"></g>';

/** How high each dot stands: the lowest level that no earlier dot near it has. */
export function stack(places: readonly number[], gap: number): number[] {
  const levels: number[] = [];
  for (const [index, place] of places.entries()) {
    const near = levels.filter((_, other) => Math.abs((places[other] as number) - place) < gap);
    levels[index] = [...near.keys(), near.length].find((level) => !near.includes(level)) ?? near.length;
  }
  return levels;
}

export function drawDrawnSpectrum(svg: SVGSVGElement, { values, chosen, x }: DrawnSpectrumView, frame: Frame): void {
  const { height, em } = frame;
  const [left, right] = x.range() as [number, number];
  const [low, high] = x.domain() as [number, number];
  const base = height - 1.7 * em;
  const places = values.map((value) => x(value));
  const levels = stack(places, 1.05 * em);
  const pitch = Math.min(1.1 * em, (base - 0.9 * em) / Math.max(...levels, 1));
  const root = select(svg);
  root
    .select('.ground')
    .attr('x', left)
    .attr('width', Math.max(right - left, 0))
    .attr('y', 0)
    .attr('height', Math.max(base, 0));
  root
    .select('.zero')
    .attr('x1', round(x(0)))
    .attr('x2', round(x(0)))
    .attr('y1', 0)
    .attr('y2', base);
  drawTicksBelow(element('.x-axis', svg), base, {
    scale: x,
    values: x.ticks((right - left) / (3 * em)),
    words: (value) => short(value),
    size: 0.3 * em,
    padding: 0.3 * em,
  });
  root
    .select('.handles')
    .selectAll<SVGGElement, number>('g')
    .data(values)
    .join((enter) =>
      enter.append('g').attr('role', 'slider').attr('tabindex', 0).html('<circle class="hit" /><circle class="dot" />'),
    )
    .attr('aria-label', (_, index) => `Eigenvalue ${index + 1}`)
    .attr('aria-valuemin', low)
    .attr('aria-valuemax', high)
    .attr('aria-valuenow', (value) => value)
    .classed('negative', (value) => value < 0)
    .classed('chosen', (_, index) => index === chosen)
    .attr(
      'transform',
      (_, index) =>
        `translate(${round(places[index] as number)},${round(base - 0.55 * em - (levels[index] as number) * pitch)})`,
    )
    .call((dots) => dots.select('.dot').attr('r', round(0.5 * em)))
    .call((dots) => dots.select('.hit').attr('r', round(1.1 * em)));
}
