// Errors by their decades over steps or cost: curves, a band that runs stray in, and levels that errors end at.

import { scaleLinear, scaleLog } from 'd3-scale';
import { select } from 'd3-selection';
import { short } from '../format';
import { AXES_MARKUP, drawAxes } from './axes';
import { type Point, pathOf, round } from './curve';
import { decadeText, decadeTicks } from './decade-ticks';
import type { Decades } from './domain';
import type { Frame } from './frame';
import { roundTicks } from './loss-curve';
import { regionBetween } from './path';
import { spread } from './spread';

interface Style {
  readonly name: string;
  readonly label: string;
  readonly colour: string;
  readonly dash: string;
}

export interface ErrorCurve extends Style {
  readonly points: readonly Point[];
}

export interface ErrorLevel extends Style {
  readonly value: number | null;
  /** The one that is drawn across the chart; the others end at its right. */
  readonly chosen: boolean;
}

export interface ErrorCurvesView {
  readonly curves: readonly ErrorCurve[];
  readonly levels: readonly ErrorLevel[];
  readonly band: readonly (readonly [x: number, low: number, high: number])[];
  readonly bandColour: string;
  /** Where one error overtakes another, and the words there. */
  readonly place: number | null;
  readonly placeLabel: string;
  readonly probe: number | null;
  readonly domain: readonly [low: number, high: number];
  /** Whether the horizontal axis is one of logarithms. */
  readonly logarithmic: boolean;
  readonly decades: Decades;
  readonly xLabel: string;
  readonly yLabel: string;
}

export const errorCurvesMarkup = (
  clip: string,
) => `${AXES_MARKUP(clip)}<line class="probe" /><g clip-path="url(#${clip})">
  <path class="error-band" /><line class="place" /><g class="levels"></g><g class="errors"></g></g>
  <g class="labels"></g><text class="place-label"></text>`;

/** Steps between ticks, at most. */
const MOST_TICKS = 8;

/** Draws, and says where on the horizontal axis a value stands. */
export function drawErrorCurves(svg: SVGSVGElement, view: ErrorCurvesView, frame: Frame): (x: number) => number {
  const { width, height, em } = frame;
  const range = [4 * em, width - 8.5 * em];
  const logarithmic = scaleLog([...view.domain], range);
  const x = scaleLinear(view.logarithmic ? view.domain.map(Math.log) : [...view.domain], range);
  const place = (value: number) => round(view.logarithmic ? logarithmic(value) : x(value));
  const y = scaleLog(
    view.decades.map((exponent) => 10 ** exponent),
    [height - 3 * em, 1.8 * em],
  ).clamp(true);
  const across = view.logarithmic ? logarithmic : x;
  const ticks = view.logarithmic ? roundTicks(logarithmicEnds(view.domain)) : x.ticks(6);
  drawAxes(
    svg,
    { scale: across, ticks, tickText: (value) => short(value), label: view.xLabel },
    { scale: y, ticks: decadeTicks(view.decades, MOST_TICKS), tickText: decadeText, label: view.yLabel },
    em,
  );
  drawMarks(svg, view, place, y.range() as [number, number], em);
  drawBand(svg, view, place, y);
  drawCurves(svg, view, place, y, em);
  return place;
}

function logarithmicEnds([low, high]: readonly [number, number]): [number, number] {
  return [Math.log10(low), Math.log10(high)];
}

type Place = (value: number) => number;
type Up = ReturnType<typeof scaleLog<number, number>>;

function drawMarks(svg: SVGSVGElement, view: ErrorCurvesView, x: Place, [bottom, top]: [number, number], em: number) {
  const root = select(svg);
  for (const [name, value] of [
    ['.probe', view.probe],
    ['.place', view.place],
  ] as const) {
    const at = x(value ?? view.domain[0]);
    const line = root.select(`line${name}`).attr('visibility', value === null ? 'hidden' : 'visible');
    line.attr('x1', at).attr('x2', at).attr('y1', top).attr('y2', bottom);
  }
  root
    .select('.place-label')
    .attr('x', x(view.place ?? view.domain[0]) + 0.4 * em)
    .attr('y', top + em)
    .text(view.place === null ? '' : view.placeLabel);
}

function drawBand(svg: SVGSVGElement, { band, bandColour }: ErrorCurvesView, x: Place, y: Up): void {
  const [floor] = y.domain() as [number, number];
  const place = (step: number, error: number) => [round(x(step)), round(y(Math.max(error, floor)))] as const;
  const highs = band.map(([step, , high]) => place(step, high));
  const lows = band.map(([step, low]) => place(step, low));
  select(svg).select('.error-band').style('fill', bandColour).attr('d', regionBetween(highs, lows));
}

function drawCurves(svg: SVGSVGElement, view: ErrorCurvesView, x: Place, y: Up, em: number): void {
  const [left, right] = [x(view.domain[0]), x(view.domain[1])];
  const [floor] = y.domain() as [number, number];
  const identity = scaleLinear([0, 1], [0, 1]);
  const levels = view.levels.flatMap((level) => (level.value === null ? [] : [{ ...level, value: level.value }]));
  const group = (name: string) => select(svg).select(name);
  group('.levels')
    .selectAll<SVGPathElement, ErrorLevel>('path')
    .data(levels, ({ name }) => name)
    .join('path')
    .attr('data-method', ({ name }) => name)
    .attr('class', ({ chosen }) => (chosen ? 'chosen' : null))
    .style('stroke', ({ colour }) => colour)
    .attr('stroke-dasharray', ({ dash }) => dash)
    .attr('d', ({ value, chosen }) => {
      const height = round(y(Math.max(value, floor)));
      return `M${chosen ? left : right - 1.6 * em},${height}H${right}`;
    });
  group('.errors')
    .selectAll<SVGPathElement, ErrorCurve>('path')
    .data(view.curves, ({ name }) => name)
    .join('path')
    .attr('data-method', ({ name }) => name)
    .style('stroke', ({ colour }) => colour)
    .attr('stroke-dasharray', ({ dash }) => dash)
    .attr('d', ({ points }) =>
      pathOf(
        points.map(([step, value]) => [x(step), value] as const),
        { x: identity, y },
      ),
    );
  drawLabels(svg, [...view.curves.flatMap(endOf), ...levels], right, y, em);
}

/** What a curve's label stands at: its last point. */
function endOf(curve: ErrorCurve): (Style & { value: number })[] {
  const last = curve.points.findLast(([, value]) => value !== null)?.[1] ?? null;
  return last === null ? [] : [{ ...curve, value: last }];
}

function drawLabels(svg: SVGSVGElement, named: (Style & { value: number })[], right: number, y: Up, em: number): void {
  const [bottom, top] = y.range() as [number, number];
  const [floor] = y.domain() as [number, number];
  const places = spread(
    named.map(({ value }) => y(Math.max(value, floor))),
    1.15 * em,
    top,
    bottom,
  );
  select(svg)
    .select('.labels')
    .selectAll<SVGTextElement, Style>('text')
    .data(named, ({ name }) => name)
    .join('text')
    .attr('x', right + 0.5 * em)
    .attr('y', (_, index) => round((places[index] as number) + 0.35 * em))
    .style('fill', ({ colour }) => colour)
    .text(({ label }) => label);
}
