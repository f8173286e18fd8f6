// The convergence chart: one curve a method on a log axis, solid up to the cursor and faint after it.

import { axisBottom, axisLeft } from 'd3-axis';
import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale';
import { type Selection, select } from 'd3-selection';
import { element } from '../dom';
import { powerOfTen, short } from '../format';
import { drawIfNew } from '../kept';
import { type Curve, cursorPlace, type Point, pathOf, round, type Scales, splitAt } from './curve';
import type { Decades } from './domain';
import type { Frame } from './frame';
import { regionAbove } from './path';
import { spread } from './spread';

export interface ConvergenceView {
  readonly curves: readonly Curve[];
  /** Curves of pinned runs, drawn behind. */
  readonly ghosts?: readonly Curve[];
  /** Curves are solid up to this entry. */
  readonly cursor: number;
  /** Where the reader's own cursor is, on the horizontal axis. */
  readonly probe: number | null;
  readonly xEnd: number;
  readonly decades: Decades;
  /** What to count by, where that is not evenly, and the places to name on either axis. */
  readonly xScale?: ScaleContinuousNumeric<number, number>;
  readonly xTicks?: readonly number[];
  readonly yTicks?: readonly number[];
  readonly xLabel: string;
  readonly yLabel: string;
  /** What follows it where there is room. */
  readonly yNote?: string;
  /** Said in the middle of a chart that has no curve. */
  readonly empty: string;
}

export function convergenceScales(
  { xEnd, decades, xScale = scaleLinear() }: ConvergenceView,
  { width, height, em }: Frame,
): Scales {
  return {
    x: xScale.domain([0, xEnd]).range([3.2 * em, width - 6 * em]),
    y: scaleLog([10 ** decades[0], 10 ** decades[1]], [height - 2.4 * em, 1.6 * em]),
  };
}

export function drawConvergence(svg: SVGSVGElement, view: ConvergenceView, frame: Frame): Scales {
  const scales = convergenceScales(view, frame);
  const room = [view.decades[0], view.decades[1], view.xEnd, view.xScale, frame.width, frame.height, frame.em];
  const words = [view.xTicks, view.yTicks, view.xLabel, view.yLabel];
  drawIfNew(element('.y-axis', svg), [...room, ...words], () => drawAxes(svg, view, frame, scales));
  drawIfNew(element('.labels', svg), [...room, view.curves, view.ghosts, view.empty], () => {
    drawBounds(svg, view, scales);
    drawGhosts(svg, view, scales);
    drawLabels(svg, view, frame, scales);
    drawEmpty(svg, view, frame);
  });
  drawCurves(svg, view, scales);
  drawDots(svg, view, scales);
  drawCursor(svg, view, scales);
  return scales;
}

function drawAxes(svg: SVGSVGElement, view: ConvergenceView, { width, em }: Frame, { x, y }: Scales): void {
  const [bottom, top] = y.range() as [number, number];
  const [left, right] = x.range() as [number, number];
  const decades = decadeTicks(view.decades, (bottom - top) / (2 * em));
  const root = select(svg);
  root
    .select<SVGGElement>('.y-axis')
    .attr('transform', `translate(${left},0)`)
    .call(
      axisLeft(y)
        .tickValues(view.yTicks ?? decades.map((exponent) => 10 ** exponent))
        .tickFormat((value) => (view.yTicks ? short(Number(value)) : powerOfTen(Math.round(Math.log10(Number(value))))))
        .tickSize(left - right)
        .tickPadding(0.5 * em),
    );
  const below = axisBottom(x)
    .tickSize(0.3 * em)
    .tickPadding(0.3 * em);
  root
    .select<SVGGElement>('.x-axis')
    .attr('transform', `translate(0,${bottom})`)
    .call(
      view.xTicks
        ? below.tickValues(view.xTicks).tickFormat((value) => short(Number(value)))
        : below.ticks((right - left) / (4 * em)),
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
    .text(withNote(view, (width - left) / em));
  root
    .select('.clip rect')
    .attr('x', left)
    .attr('y', top)
    .attr('width', right - left)
    .attr('height', bottom - top + 1);
}

/** A letter is half as wide as it is high, more or less. */
function withNote({ yLabel, yNote = '' }: ConvergenceView, room: number): string {
  return (yLabel.length + yNote.length) / 2 < room ? yLabel + yNote : yLabel;
}

/** Whole exponents, as many as there is room for, 0 always among them. */
function decadeTicks([low, high]: Decades, room: number): number[] {
  const step = Math.ceil((high - low) / Math.max(room, 1));
  const first = Math.ceil(low / step) * step;
  return Array.from({ length: Math.floor((high - first) / step + 1e-9) + 1 }, (_, index) => first + index * step);
}

function drawCurves(svg: SVGSVGElement, view: ConvergenceView, scales: Scales): void {
  const place = cursorPlace(view.curves, view.cursor);
  const halves = (curve: Curve) => splitAt(curve, view.cursor, place, view.xEnd);
  drawPaths(select(svg).select('.after'), view, (curve) => halves(curve)[1], scales);
  drawPaths(select(svg).select('.before'), view, (curve) => halves(curve)[0], scales).attr(
    'data-method',
    (curve) => curve.name,
  );
}

/** The region below a bound, where theory puts the curve. */
function drawBounds(svg: SVGSVGElement, { curves }: ConvergenceView, { x, y }: Scales): void {
  const [floor, ceiling] = y.domain() as [number, number];
  const height = (value: number) => round(y(Math.min(Math.max(value, floor), ceiling * 10)));
  const pathOfBound = ({ xs, bound = [] }: Curve) =>
    regionAbove(
      round(y(floor)),
      bound.slice(0, xs.length).map((value, entry) => [round(x(xs[entry] as number)), height(value)]),
    );
  select(svg)
    .select('.bounds')
    .selectAll<SVGPathElement, Curve>('path')
    .data(
      curves.filter(({ bound, xs }) => bound?.length && xs.length > 1),
      (curve) => curve.name,
    )
    .join('path')
    .attr('d', pathOfBound)
    .attr('fill', (curve) => curve.colour)
    .attr('stroke', (curve) => curve.colour);
}

function drawGhosts(svg: SVGSVGElement, { ghosts = [], xEnd }: ConvergenceView, scales: Scales): void {
  select(svg)
    .select('.ghosts')
    .selectAll<SVGPathElement, Curve>('path')
    .data(ghosts)
    .join('path')
    .attr('d', (curve) => pathOf(splitAt(curve, Number.POSITIVE_INFINITY, xEnd, xEnd)[0], scales))
    .attr('stroke', (curve) => curve.colour)
    .attr('stroke-dasharray', (curve) => curve.dash);
}

type Group = Selection<SVGGElement, unknown, null, undefined>;

/** One path a curve; the first method is drawn last, on top. */
function drawPaths(group: Group, { curves }: ConvergenceView, pointsOf: (curve: Curve) => Point[], scales: Scales) {
  return group
    .selectAll<SVGPathElement, Curve>('path')
    .data([...curves].reverse(), (curve) => curve.name)
    .join('path')
    .order()
    .attr('d', (curve) => pathOf(pointsOf(curve), scales))
    .attr('stroke', (curve) => curve.colour)
    .attr('stroke-dasharray', (curve) => curve.dash);
}

interface Dot {
  readonly curve: Curve;
  readonly x: number;
  readonly y: number;
}

/** A dot where each curve stands at the cursor, in view or not; the first method's is last, on top. */
function dotsAt(view: ConvergenceView, { x, y }: Scales): Dot[] {
  const [floor] = y.domain() as [number, number];
  return [...view.curves].reverse().flatMap((curve) => {
    const entry = Math.min(view.cursor, curve.xs.length - 1);
    const value = curve.ys[entry];
    if (value === null || value === undefined) return [];
    const cost = curve.xs[entry] as number;
    const place = curve.xs.length > 1 ? cost : Math.max(cost, cursorPlace(view.curves, view.cursor));
    return [{ curve, x: round(x(place)), y: round(y(Math.max(value, floor))) }];
  });
}

function drawDots(svg: SVGSVGElement, view: ConvergenceView, scales: Scales): void {
  const [, top] = scales.y.range() as [number, number];
  const dots = dotsAt(view, scales).filter((dot) => dot.y >= top);
  select(svg)
    .select('.dots')
    .selectAll<SVGCircleElement, Dot>('circle')
    .data(dots, (dot) => dot.curve.name)
    .join('circle')
    .order()
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
    Math.min(1.15 * em, (bottom - 0.7 * em - top) / Math.max(labels.length, 1)),
    top,
    bottom - 0.7 * em,
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
  vertical('.cursor', cursorPlace(view.curves, view.cursor));
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
