// The convergence chart: one curve a method on a log axis, solid up to the cursor and faint after it.

import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale';
import { select } from 'd3-selection';
import { type Attributes, element, write, writeAttributes } from '../dom';
import { short } from '../format';
import { drawIfNew, keptFor } from '../kept';
import { type Curve, cursorPlace, pathOf, round, type Scales, splitAt } from './curve';
import { decadeText, decadeTicks } from './decade-ticks';
import type { Decades } from './domain';
import type { Frame } from './frame';
import { regionAbove } from './path';
import { spread } from './spread';
import { drawTicksBelow, drawTicksBeside } from './ticks';

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
  /** What the longest label of a curve takes up, in the chart's type size, where it is more than most. */
  readonly labels?: number;
}

export function convergenceScales(
  { xEnd, decades, xScale = scaleLinear(), labels = 6 }: ConvergenceView,
  { width, height, em }: Frame,
): Scales {
  return {
    x: xScale.domain([0, xEnd]).range([3.2 * em, width - labels * em]),
    y: scaleLog([10 ** decades[0], 10 ** decades[1]], [height - 2.4 * em, 1.6 * em]),
  };
}

export function drawConvergence(svg: SVGSVGElement, view: ConvergenceView, frame: Frame): Scales {
  const room = [view.decades[0], view.decades[1], view.xEnd, view.xScale, frame.width, frame.height, frame.em];
  const scales = keptFor(element('.x-axis', svg), room, () => convergenceScales(view, frame));
  const words = [view.xTicks, view.yTicks, view.xLabel, view.yLabel];
  drawIfNew(element('.y-axis', svg), [...room, ...words], () => drawAxes(svg, view, frame, scales));
  drawIfNew(element('.empty', svg), [...room, view.curves, view.ghosts, view.empty], () => {
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
  const root = select(svg);
  drawTicksBeside(element('.y-axis', svg), left, {
    scale: y,
    values: view.yTicks ?? decadeTicks(view.decades, (bottom - top) / (2 * em)),
    words: view.yTicks ? (value) => short(value) : decadeText,
    size: left - right,
    padding: 0.5 * em,
  });
  const count = (right - left) / (4 * em);
  drawTicksBelow(element('.x-axis', svg), bottom, {
    scale: x,
    values: view.xTicks ?? x.ticks(count),
    words: view.xTicks ? (value) => short(value) : x.tickFormat(count),
    size: 0.3 * em,
    padding: 0.3 * em,
  });
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

/** One path a curve in either half; the first method is drawn last, on top. */
function drawCurves(svg: SVGSVGElement, view: ConvergenceView, scales: Scales): void {
  const place = cursorPlace(view.curves, view.cursor);
  const curves = view.curves.toReversed();
  const before = marksOf(svg, '.before', 'path', curves, (curve) => ({ ...lineOf(curve), 'data-method': curve.name }));
  const after = marksOf(svg, '.after', 'path', curves, lineOf);
  for (const [index, curve] of curves.entries())
    for (const [half, points] of splitAt(curve, view.cursor, place, view.xEnd).entries())
      writeAttributes([before, after][half]?.[index], { d: pathOf(points, scales) });
}

function lineOf({ colour, dash }: Curve): Attributes {
  return { stroke: colour, 'stroke-dasharray': dash };
}

/** A group's marks, one a curve: made where the curves are others, so that what follows from their names is written once. None where the chart has no such group. */
function marksOf(
  svg: SVGSVGElement,
  group: string,
  tag: string,
  curves: readonly Curve[],
  look: (curve: Curve) => Attributes,
): ArrayLike<Element> {
  const place = svg.querySelector(group);
  if (!place) return [];
  const make = (curve: Curve) => {
    const mark = document.createElementNS(svg.namespaceURI, tag);
    writeAttributes(mark, look(curve));
    return mark;
  };
  const names = curves.map(({ name }) => name);
  drawIfNew(place, names, () => place.replaceChildren(...curves.map(make)));
  return place.children;
}

/** The region below a bound, where theory puts the curve. */
function drawBounds(svg: SVGSVGElement, view: ConvergenceView, { x, y }: Scales): void {
  const [floor, ceiling] = y.domain() as [number, number];
  const height = (value: number) => round(y(Math.min(Math.max(value, floor), ceiling * 10)));
  const curves = view.curves.filter(({ bound, xs }) => bound?.length && xs.length > 1);
  const regions = marksOf(svg, '.bounds', 'path', curves, ({ colour }) => ({ fill: colour, stroke: colour }));
  for (const [index, { xs, bound = [] }] of curves.entries()) {
    const places = bound
      .slice(0, xs.length)
      .map((value, entry) => [round(x(xs[entry] as number)), height(value)] as const);
    writeAttributes(regions[index], { d: regionAbove(round(y(floor)), places) ?? '' });
  }
}

function drawGhosts(svg: SVGSVGElement, { ghosts = [], xEnd }: ConvergenceView, scales: Scales): void {
  const paths = marksOf(svg, '.ghosts', 'path', ghosts, lineOf);
  for (const [index, curve] of ghosts.entries())
    writeAttributes(paths[index], { d: pathOf(splitAt(curve, Number.POSITIVE_INFINITY, xEnd, xEnd)[0], scales) });
}

/** A dot where each curve stands at the cursor, where that is in view; the first method's is last, on top. */
function drawDots(svg: SVGSVGElement, view: ConvergenceView, { x, y }: Scales): void {
  const [floor] = y.domain() as [number, number];
  const [, top] = y.range() as [number, number];
  const heightOf = ({ xs, ys }: Curve) => {
    const value = ys[Math.min(view.cursor, xs.length - 1)] ?? null;
    return value === null ? -1 : round(y(Math.max(value, floor)));
  };
  const curves = view.curves.toReversed().filter((curve) => heightOf(curve) >= top);
  const dots = marksOf(svg, '.dots', 'circle', curves, ({ colour }) => ({ r: 4, fill: colour }));
  const furthest = cursorPlace(view.curves, view.cursor);
  for (const [index, curve] of curves.entries()) {
    const { xs } = curve;
    const cost = xs[Math.min(view.cursor, xs.length - 1)] as number;
    const place = xs.length > 1 ? cost : Math.max(cost, furthest);
    writeAttributes(dots[index], { cx: round(x(place)), cy: heightOf(curve) });
  }
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
    return [{ curve, end: Math.max(end, top), text: `${curve.label}${end < top ? ' ↑' : last < floor ? ' ↓' : ''}` }];
  });
  const places = spread(
    labels.map((label) => label.end),
    Math.min(1.15 * em, (bottom - 0.7 * em - top) / Math.max(labels.length, 1)),
    top,
    bottom - 0.7 * em,
  );
  const curves = labels.map(({ curve }) => curve);
  const marks = marksOf(svg, '.labels', 'text', curves, ({ colour }) => ({ color: colour }));
  for (const [index, { text }] of labels.entries()) {
    const mark = marks[index] as Element;
    writeAttributes(mark, { x: right + 0.5 * em, y: round((places[index] as number) + 0.35 * em) });
    write(mark, text);
  }
}

function drawCursor(svg: SVGSVGElement, view: ConvergenceView, { x, y }: Scales): void {
  const [y2, y1] = y.range() as [number, number];
  const vertical = (selector: string, place: number | null) => {
    const across = round(x(place ?? 0));
    const visibility = place === null ? 'hidden' : 'visible';
    writeAttributes(svg.querySelector(selector), { visibility, x1: across, x2: across, y1, y2 });
  };
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
