// The convergence chart: one curve a method on a log axis, solid up to the cursor and faint after it.

import { axisBottom, axisLeft } from 'd3-axis';
import { type ScaleLinear, type ScaleLogarithmic, scaleLinear, scaleLog } from 'd3-scale';
import { select } from 'd3-selection';
import { line } from 'd3-shape';
import { powerOfTen } from '../format';
import type { Decades } from './domain';
import type { Frame } from './frame';
import { spread } from './spread';

export interface Curve {
  readonly name: string;
  readonly label: string;
  readonly colour: string;
  readonly dash: string;
  readonly xs: readonly number[];
  readonly ys: readonly (number | null)[];
}

export interface ConvergenceView {
  readonly curves: readonly Curve[];
  /** Curves are solid up to this entry. */
  readonly cursor: number;
  /** Where the reader's own cursor is, on the horizontal axis. */
  readonly probe: number | null;
  readonly xEnd: number;
  readonly decades: Decades;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Said in the middle of a chart that has no curve. */
  readonly empty: string;
}

type Point = readonly [x: number, y: number | null];
type X = ScaleLinear<number, number>;
type Y = ScaleLogarithmic<number, number>;

export interface Scales {
  readonly x: X;
  readonly y: Y;
}

export function convergenceScales({ xEnd, decades }: ConvergenceView, { width, height, em }: Frame): Scales {
  return {
    x: scaleLinear([0, xEnd], [3.2 * em, width - 6 * em]),
    y: scaleLog([10 ** decades[0], 10 ** decades[1]], [height - 2.4 * em, 1.6 * em]),
  };
}

/** The entries of a curve; a method with a single entry is a level line, for its answer costs no iteration. */
export function pointsOf({ xs, ys }: Curve, xEnd: number): Point[] {
  const points = xs.map((x, index): Point => [x, ys[index] ?? null]);
  const only = points[0];
  return points.length === 1 && only
    ? [
        [0, only[1]],
        [xEnd, only[1]],
      ]
    : points;
}

/** A curve's path. What lies below the axis (an exact zero too) runs along its floor. */
export function pathOf(points: readonly Point[], { x, y }: Scales): string {
  const [floor] = y.domain() as [number, number];
  const draw = line<Point>()
    .defined(([, value]) => value !== null)
    .x(([position]) => round(x(position)))
    .y(([, value]) => round(y(Math.max(value as number, floor))));
  return draw(points) ?? '';
}

/** The curve's points up to the cursor, and from it on. */
export function splitAt(curve: Curve, cursor: number, xEnd: number): [before: Point[], after: Point[]] {
  const points = pointsOf(curve, xEnd);
  if (curve.xs.length > 1) return [points.slice(0, cursor + 1), points.slice(cursor)];
  const value = points[0]?.[1] ?? null;
  return [
    [
      [0, value],
      [cursor, value],
    ],
    [
      [cursor, value],
      [xEnd, value],
    ],
  ];
}

/** The last entry at or before a place on the horizontal axis. */
export function entryAt({ xs }: Curve, place: number): number {
  let entry = 0;
  while (entry + 1 < xs.length && (xs[entry + 1] as number) <= place) entry++;
  return entry;
}

export function drawConvergence(svg: SVGSVGElement, view: ConvergenceView, frame: Frame): Scales {
  const scales = convergenceScales(view, frame);
  drawAxes(svg, view, frame, scales);
  drawCurves(svg, view, scales);
  drawDots(svg, view, scales);
  drawLabels(svg, view, frame, scales);
  drawCursor(svg, view, scales);
  drawEmpty(svg, view, frame);
  return scales;
}

function drawAxes(svg: SVGSVGElement, view: ConvergenceView, { em }: Frame, { x, y }: Scales): void {
  const [bottom, top] = y.range() as [number, number];
  const [left, right] = x.range() as [number, number];
  const decades = decadeTicks(view.decades, (bottom - top) / (2 * em));
  const root = select(svg);
  root
    .select<SVGGElement>('.y-axis')
    .attr('transform', `translate(${left},0)`)
    .call(
      axisLeft(y)
        .tickValues(decades.map((exponent) => 10 ** exponent))
        .tickFormat((value) => powerOfTen(Math.round(Math.log10(Number(value)))))
        .tickSize(left - right)
        .tickPadding(0.5 * em),
    );
  root
    .select<SVGGElement>('.x-axis')
    .attr('transform', `translate(0,${bottom})`)
    .call(
      axisBottom(x)
        .ticks((right - left) / (4 * em))
        .tickSize(0.3 * em)
        .tickPadding(0.3 * em),
    );
  root
    .select('.x-label')
    .attr('x', right + 1.4 * em)
    .attr('y', bottom + 1.3 * em)
    .text(view.xLabel);
  root
    .select('.y-label')
    .attr('x', left)
    .attr('y', top - 0.6 * em)
    .text(view.yLabel);
  root
    .select('.clip rect')
    .attr('x', left)
    .attr('y', top)
    .attr('width', right - left)
    .attr('height', bottom - top + 1);
}

/** Whole exponents, as many as there is room for, 0 always among them. */
function decadeTicks([low, high]: Decades, room: number): number[] {
  const step = Math.ceil((high - low) / Math.max(room, 1));
  const first = Math.ceil(low / step) * step;
  return Array.from({ length: Math.floor((high - first) / step + 1e-9) + 1 }, (_, index) => first + index * step);
}

function drawCurves(svg: SVGSVGElement, view: ConvergenceView, scales: Scales): void {
  const halves = (curve: Curve) => splitAt(curve, cursorOn(curve, view), view.xEnd);
  select(svg)
    .select('.after')
    .selectAll<SVGPathElement, Curve>('path')
    .data(view.curves, (curve) => curve.name)
    .join('path')
    .attr('d', (curve) => pathOf(halves(curve)[1], scales))
    .attr('stroke', (curve) => curve.colour)
    .attr('stroke-dasharray', (curve) => curve.dash);
  select(svg)
    .select('.before')
    .selectAll<SVGPathElement, Curve>('path')
    .data(view.curves, (curve) => curve.name)
    .join('path')
    .attr('data-method', (curve) => curve.name)
    .attr('d', (curve) => pathOf(halves(curve)[0], scales))
    .attr('stroke', (curve) => curve.colour)
    .attr('stroke-dasharray', (curve) => curve.dash);
}

/** For a level line the cursor is a place on the axis; for a curve, an entry. */
function cursorOn(curve: Curve, view: ConvergenceView): number {
  return curve.xs.length > 1 ? Math.min(view.cursor, curve.xs.length - 1) : cursorPlace(view);
}

function cursorPlace({ curves, cursor }: ConvergenceView): number {
  const longest = curves.find((curve) => curve.xs.length > 1);
  return longest ? (longest.xs[Math.min(cursor, longest.xs.length - 1)] as number) : cursor;
}

interface Dot {
  readonly curve: Curve;
  readonly x: number;
  readonly y: number;
}

/** A dot where each curve stands at the cursor, in view or not. */
function dotsAt(view: ConvergenceView, { x, y }: Scales, entryOf: (curve: Curve) => number): Dot[] {
  const [floor] = y.domain() as [number, number];
  return view.curves.flatMap((curve) => {
    const entry = Math.min(entryOf(curve), curve.xs.length - 1);
    const value = curve.ys[entry];
    if (value === null || value === undefined) return [];
    const place = curve.xs.length > 1 ? (curve.xs[entry] as number) : cursorPlace(view);
    return [{ curve, x: round(x(place)), y: round(y(Math.max(value, floor))) }];
  });
}

function drawDots(svg: SVGSVGElement, view: ConvergenceView, scales: Scales): void {
  const [, top] = scales.y.range() as [number, number];
  const dots = dotsAt(view, scales, () => view.cursor).filter((dot) => dot.y >= top);
  select(svg)
    .select('.dots')
    .selectAll<SVGCircleElement, Dot>('circle')
    .data(dots, (dot) => dot.curve.name)
    .join('circle')
    .attr('cx', (dot) => dot.x)
    .attr('cy', (dot) => dot.y)
    .attr('r', 4)
    .attr('fill', (dot) => dot.curve.colour);
}

interface Label {
  readonly curve: Curve;
  readonly text: string;
  readonly end: number;
}

function drawLabels(svg: SVGSVGElement, view: ConvergenceView, { em }: Frame, { x, y }: Scales): void {
  const [bottom, top] = y.range() as [number, number];
  const [, right] = x.range() as [number, number];
  const [floor] = y.domain() as [number, number];
  const labels = view.curves.flatMap((curve): Label[] => {
    const last = curve.ys.findLast((value) => value !== null);
    if (last === undefined || last === null) return [];
    const end = y(Math.max(last, floor));
    return [{ curve, end: Math.max(end, top), text: end < top ? `${curve.label} ↑` : curve.label }];
  });
  const places = spread(
    labels.map((label) => label.end),
    1.15 * em,
    top,
    bottom,
  );
  select(svg)
    .select('.labels')
    .selectAll<SVGTextElement, Label>('text')
    .data(labels, (label) => label.curve.name)
    .join('text')
    .attr('x', right + 0.5 * em)
    .attr('y', (_, index) => round((places[index] as number) + 0.35 * em))
    .style('fill', (label) => label.curve.colour)
    .text((label) => label.text);
}

function drawCursor(svg: SVGSVGElement, view: ConvergenceView, { x, y }: Scales): void {
  const [bottom, top] = y.range() as [number, number];
  const root = select(svg);
  const vertical = (selector: string, place: number | null) =>
    root
      .select(selector)
      .attr('visibility', place === null ? 'hidden' : 'visible')
      .attr('x1', round(x(place ?? 0)))
      .attr('x2', round(x(place ?? 0)))
      .attr('y1', top)
      .attr('y2', bottom);
  vertical('.cursor', cursorPlace(view));
  vertical('.probe', view.probe);
}

function drawEmpty(svg: SVGSVGElement, { curves, empty }: ConvergenceView, { width, height }: Frame): void {
  const nothing = curves.every((curve) => curve.ys.every((value) => value === null));
  select(svg)
    .select('.empty')
    .attr('x', width / 2)
    .attr('y', height / 2)
    .text(nothing ? empty : '');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
