// How damping is adapted, step by step: it on a log axis, and under it the ratio of actual to predicted reduction that it follows.

import { scaleLinear, scaleLog } from 'd3-scale';
import { select } from 'd3-selection';
import { element } from '../dom';
import { type Curve, pathOf, round, type Scales, splitAt } from './curve';
import { decadeText, decadeTicks } from './decade-ticks';
import type { Decades } from './domain';
import type { Frame } from './frame';
import { drawTicksBelow, drawTicksBeside } from './ticks';

export interface AdaptedCurve extends Omit<Curve, 'xs' | 'ys' | 'bound'> {
  /** By step. */
  readonly damping: readonly number[];
  /** By step; null where there is none. */
  readonly ratio: readonly (number | null)[];
}

export interface AdaptationView {
  readonly curves: readonly AdaptedCurve[];
  /** Curves are solid up to this step. */
  readonly cursor: number;
  /** The step that is read out. */
  readonly probe: number | null;
  readonly xEnd: number;
  readonly decades: Decades;
}

/** Below the first of them damping grows, above the second it shrinks. */
const THRESHOLDS = [0.25, 0.75] as const;
const RATIOS = [-0.25, 1.5] as const;

export const adaptationMarkup = (clip: string) => `
  <defs><clipPath id="${clip}"><rect /></clipPath></defs>
  <g class="damping-band"><g class="axis y-axis"></g><text class="axis-label"></text><g clip-path="url(#${clip})"><g class="curves after"></g><g class="curves before"></g></g></g>
  <g class="ratio-band"><g class="axis y-axis"></g><text class="axis-label"></text><g class="thresholds"><line /><line /></g><g class="curves after"></g><g class="curves before"></g></g>
  <g class="axis x-axis"></g><text class="axis-label x-label" text-anchor="end"></text>
  <line class="cursor" /><line class="probe" />
  <text class="empty" text-anchor="middle"></text>`;

/** Draws, and says how steps are placed. */
export function drawAdaptation(svg: SVGSVGElement, view: AdaptationView, frame: Frame): Scales['x'] {
  const { width, height, em } = frame;
  const x = scaleLinear([0, view.xEnd], [3.2 * em, width - 1.2 * em]);
  const [top, bottom] = [1.6 * em, height - 2.8 * em];
  const middle = top + 0.55 * (bottom - top);
  const damping = {
    x,
    y: scaleLog(
      view.decades.map((exponent) => 10 ** exponent),
      [middle - 0.8 * em, top],
    ),
  };
  const ratio = { x, y: scaleLinear(RATIOS, [bottom, middle + 1.6 * em]) };
  drawDamping(svg, view, damping, em);
  drawRatio(svg, view, ratio, em);
  drawSteps(svg, view, x, frame);
  return x;
}

function drawDamping(
  svg: SVGSVGElement,
  { curves, cursor, decades, xEnd }: AdaptationView,
  scales: Scales,
  em: number,
) {
  const band = select(svg).select<SVGGElement>('.damping-band');
  drawTicksBeside(element('.damping-band .y-axis', svg), scales.x(0), {
    scale: scales.y,
    values: decadeTicks(decades, (yOf(scales, 0) - yOf(scales, 1)) / (1.8 * em)),
    words: decadeText,
    size: scales.x(0) - scales.x(xEnd),
    padding: 0.5 * em,
  });
  band
    .select('.axis-label')
    .attr('x', scales.x(0))
    .attr('y', yOf(scales, 1) - 0.6 * em)
    .text('each optimizer’s own damping');
  select(svg)
    .select('clipPath rect')
    .attr('x', scales.x(0))
    .attr('y', yOf(scales, 1))
    .attr('width', Math.max(scales.x(xEnd) - scales.x(0), 0))
    .attr('height', Math.max(yOf(scales, 0) - yOf(scales, 1) + 1, 0));
  drawCurves(svg, '.damping-band', curves, ({ damping }) => damping, cursor, scales);
}

function drawRatio(svg: SVGSVGElement, { curves, cursor, xEnd }: AdaptationView, scales: Scales, em: number): void {
  const band = select(svg).select<SVGGElement>('.ratio-band');
  drawTicksBeside(element('.ratio-band .y-axis', svg), scales.x(0), {
    scale: scales.y,
    values: [0, 1],
    words: String,
    size: scales.x(0) - scales.x(xEnd),
    padding: 0.5 * em,
  });
  band
    .select('.axis-label')
    .attr('x', scales.x(0))
    .attr('y', yOf(scales, 1) - 0.4 * em)
    .text('ρ, actual / predicted reduction');
  band
    .select('.thresholds')
    .selectAll('line')
    .data(THRESHOLDS)
    .attr('x1', scales.x(0))
    .attr('x2', scales.x(xEnd))
    .attr('y1', (value) => round(scales.y(value)))
    .attr('y2', (value) => round(scales.y(value)));
  drawCurves(svg, '.ratio-band', curves, ({ ratio }) => ratio.map(intoBand), cursor, scales);
}

/** A ratio beyond the band runs along its edge. */
function intoBand(ratio: number | null): number | null {
  return ratio === null ? null : Math.min(Math.max(ratio, RATIOS[0]), RATIOS[1]);
}

function drawCurves(
  svg: SVGSVGElement,
  band: string,
  curves: readonly AdaptedCurve[],
  valuesOf: (curve: AdaptedCurve) => readonly (number | null)[],
  cursor: number,
  scales: Scales,
): void {
  for (const [half, place] of ['.before', '.after'].entries())
    select(svg)
      .select(`${band} ${place}`)
      .selectAll<SVGPathElement, AdaptedCurve>('path')
      .data([...curves].reverse(), ({ name }) => name)
      .join('path')
      .order()
      .attr('data-method', ({ name }) => name)
      .attr('stroke', ({ colour }) => colour)
      .attr('stroke-dasharray', ({ dash }) => dash)
      .attr('d', (curve) => {
        const ys = valuesOf(curve);
        const whole = { ...curve, xs: ys.map((_, step) => step), ys };
        return pathOf(splitAt(whole, cursor, cursor, ys.length)[half] ?? [], scales);
      });
}

function drawSteps(svg: SVGSVGElement, view: AdaptationView, x: Scales['x'], { width, height, em }: Frame): void {
  const [top, bottom] = [1.6 * em, height - 2.8 * em];
  const [left, right] = x.range() as [number, number];
  const root = select(svg);
  const count = (right - left) / (4 * em);
  drawTicksBelow(element('.x-axis', svg), bottom, {
    scale: x,
    values: x.ticks(count),
    words: x.tickFormat(count),
    size: 0.3 * em,
    padding: 0.3 * em,
  });
  root
    .select('.x-label')
    .attr('x', right + em)
    .attr('y', bottom + 2.5 * em)
    .text('steps');
  for (const [line, step] of [
    ['.cursor', view.cursor],
    ['.probe', view.probe],
  ] as const)
    root
      .select(line)
      .attr('visibility', step === null ? 'hidden' : 'visible')
      .attr('x1', round(x(step ?? 0)))
      .attr('x2', round(x(step ?? 0)))
      .attr('y1', top)
      .attr('y2', bottom);
  root
    .select('.empty')
    .attr('x', width / 2)
    .attr('y', height / 2)
    .text(view.curves.length === 0 ? 'No optimizer that runs is damped.' : '');
}

/** The low end of a vertical axis, or its high one, in pixels. */
function yOf({ y }: Scales, end: 0 | 1): number {
  return y.range()[end] as number;
}
