// Residual polynomials over the spectrum: a curve a method, with a dot where it meets each eigenvalue.

import { type ScaleContinuousNumeric, scaleLinear, scaleSymlog } from 'd3-scale';
import { select } from 'd3-selection';
import { element } from '../dom';
import { short } from '../format';
import { drawIfNew } from '../kept';
import { round } from './curve';
import type { Frame } from './frame';
import { pathThrough } from './path';
import { ticksByPowers } from './powers';
import { drawTicksBelow, drawTicksBeside } from './ticks';

export interface PolynomialCurve {
  readonly name: string;
  readonly label: string;
  readonly colour: string;
  readonly dash: string;
  /** [λ, p(λ)], λ ascending; null where it overflows. */
  readonly points: readonly (readonly [number, number | null])[];
  /** p at each eigenvalue. */
  readonly atEigenvalues: readonly (number | null)[];
}

export interface PolynomialView {
  readonly curves: readonly PolynomialCurve[];
  /** Ascending. */
  readonly eigenvalues: readonly number[];
  /** 2s, the end of Neumann's interval. */
  readonly edge: number | null;
  readonly domain: readonly [low: number, high: number];
  /** Where given, the axis is even within this distance of zero, and goes by powers of ten beyond it. */
  readonly knee?: number;
  /** The eigenvalue that is read out. */
  readonly chosen: number | null;
}

export type X = ScaleContinuousNumeric<number, number>;

/** The vertical axis: what lies beyond it is drawn at its ends. */
const REACH = 1.3;

export const polynomialMarkup = (clip: string) => `
  <defs><clipPath id="${clip}"><rect /></clipPath></defs>
  <rect class="interval" /><line class="zero" /><line class="edge" />
  <g class="axis y-axis"></g><g class="axis x-axis"></g>
  <line class="level" /><line class="probe" visibility="hidden" /><path class="rug" />
  <g clip-path="url(#${clip})"><rect class="room" /><g class="curves"></g></g><g class="meetings"></g>
  <line class="edge-handle"><title>Drag to set the scale</title></line>
  <text class="edge-label"></text><text class="axis-label y-label"></text><text class="axis-label x-label" text-anchor="end"></text>
  <g class="labels"></g>`;

export function polynomialScale({ domain, knee }: Pick<PolynomialView, 'domain' | 'knee'>, { width, em }: Frame): X {
  const range = [3.2 * em, width - 0.8 * em];
  return knee === undefined ? scaleLinear([...domain], range) : scaleSymlog([...domain], range).constant(knee);
}

export function drawPolynomials(svg: SVGSVGElement, view: PolynomialView, frame: Frame): X {
  const { height, em } = frame;
  const x = polynomialScale(view, frame);
  const y = scaleLinear([-REACH, REACH], [height - 3.4 * em, 1.8 * em]);
  drawIfNew(element('.y-axis', svg), [...view.domain, view.knee, frame], () => drawAxes(svg, x, y, view, frame));
  drawInterval(svg, view, x, y, em);
  drawCurves(svg, view, x, y);
  drawMeetings(svg, view, x, y);
  const names = view.curves.map(({ name }) => name);
  drawIfNew(element('.labels', svg), [...names, frame], () => drawLabels(svg, view, x, em));
  return x;
}

function drawAxes(svg: SVGSVGElement, x: X, y: X, { knee }: PolynomialView, { width, height, em }: Frame): void {
  const [bottom, top] = y.range() as [number, number];
  const [left, right] = x.range() as [number, number];
  const root = select(svg);
  drawTicksBeside(element('.y-axis', svg), left, {
    scale: y,
    values: [-1, -0.5, 0, 0.5, 1],
    words: (value) => short(value),
    size: left - right,
    padding: 0.5 * em,
  });
  drawTicksBelow(element('.x-axis', svg), bottom + 0.9 * em, {
    scale: x,
    values: knee === undefined ? x.ticks((right - left) / (5 * em)) : ticksByPowers(x, 3.2 * em),
    words: (value) => short(value, 2),
    size: 0.3 * em,
    padding: 0.3 * em,
  });
  root.select('.level').attr('x1', left).attr('x2', right).attr('y1', y(0)).attr('y2', y(0));
  root
    .select('clipPath rect')
    .attr('x', left)
    .attr('y', top)
    .attr('width', Math.max(right - left, 0))
    .attr('height', Math.max(bottom - top, 0));
  root
    .select('.y-label')
    .attr('x', 0)
    .attr('y', 0.7 * em)
    .text(width < 45 * em ? 'p(λᵢ)' : 'p(λᵢ): what is left of b along an eigenvector');
  root
    .select('.x-label')
    .attr('x', width - 0.8 * em)
    .attr('y', height - 0.1 * em)
    .text(knee === undefined ? 'eigenvalue λᵢ' : 'eigenvalue λᵢ, by powers of ten');
}

function drawInterval(svg: SVGSVGElement, { edge }: PolynomialView, x: X, y: X, em: number): void {
  const [bottom, top] = y.range() as [number, number];
  const [left, right] = x.range() as [number, number];
  const within = (value: number) => round(Math.min(Math.max(x(value), left), right));
  const root = select(svg);
  root
    .selectAll('.interval, .edge, .edge-handle, .edge-label')
    .attr('visibility', edge === null ? 'hidden' : 'visible');
  root
    .select('.interval')
    .attr('x', within(0))
    .attr('width', within(edge ?? 0) - within(0))
    .attr('y', top)
    .attr('height', bottom - top);
  root.select('.zero').attr('x1', within(0)).attr('x2', within(0)).attr('y1', top).attr('y2', bottom);
  root
    .selectAll('.edge, .edge-handle')
    .attr('x1', within(edge ?? 0))
    .attr('x2', within(edge ?? 0))
    .attr('y1', top)
    .attr('y2', bottom);
  root
    .select('.edge-label')
    .attr('x', within(edge ?? 0) - 0.4 * em)
    .attr('y', bottom - 0.5 * em)
    .attr('text-anchor', 'end')
    .text(`2s = ${short(edge ?? 0)}`);
}

function drawCurves(svg: SVGSVGElement, { curves }: PolynomialView, x: X, y: X): void {
  // Far outside the picture a straight line is as good, and no browser draws a coordinate of 10³⁰⁰.
  const held = (value: number) => Math.min(Math.max(value, -20 * REACH), 20 * REACH);
  const place = ([lambda, value]: readonly [number, number | null]) =>
    value === null ? null : ([round(x(lambda)), round(y(held(value)))] as const);
  select(svg)
    .select('.curves')
    .selectAll<SVGPathElement, PolynomialCurve>('path')
    .data([...curves].reverse(), (curve) => curve.name)
    .join('path')
    .order()
    .attr('data-method', (curve) => curve.name)
    .attr('d', (curve) => pathThrough(curve.points.map(place)))
    .attr('stroke', (curve) => curve.colour)
    .attr('stroke-dasharray', (curve) => curve.dash);
}

/** Hundreds of them, so that each kind is one path: a tick where an eigenvalue stands, a mark where a curve meets it. */
function drawMeetings(svg: SVGSVGElement, { curves, eigenvalues, chosen }: PolynomialView, x: X, y: X): void {
  const [bottom, top] = y.range() as [number, number];
  const [left, right] = x.range() as [number, number];
  const root = select(svg);
  const places = eigenvalues.map((value) => x(value));
  const inView = (place: number) => place >= left && place <= right;
  const ticks = places.filter(inView).map((place) => `M${round(place)},${round(bottom + 1)}v9`);
  root.select('.rug').attr('d', ticks.join(''));
  const probe = chosen === null ? undefined : places[chosen];
  root
    .select('.probe')
    .attr('visibility', probe === undefined ? 'hidden' : 'visible')
    .attr('x1', round(probe ?? 0))
    .attr('x2', round(probe ?? 0))
    .attr('y1', top)
    .attr('y2', bottom + 10);
  root
    .select('.meetings')
    .selectAll<SVGPathElement, PolynomialCurve>('path')
    .data([...curves].reverse(), (curve) => curve.name)
    .join('path')
    .order()
    .attr('fill', ({ colour }) => colour)
    .attr('d', ({ atEigenvalues }) => {
      const marks = places.map((place, index) => (inView(place) ? markAt(place, atEigenvalues[index] ?? null, y) : ''));
      return marks.join('');
    });
}

/** A disc; above or below the picture a triangle that points there; nothing where p overflows. */
function markAt(x: number, p: number | null, y: X): string {
  if (p === null) return '';
  const height = round(y(Math.min(Math.max(p, -REACH), REACH)));
  const off = p > REACH ? 1 : p < -REACH ? -1 : 0;
  return off === 0
    ? `M${round(x - 2.7)},${height}a2.7,2.7 0 1,0 5.4,0a2.7,2.7 0 1,0 -5.4,0Z`
    : `M${round(x - 5)},${round(height + 5 * off)}h10l-5,${-9 * off}Z`;
}

/** A key in the picture's upper corner: the curves end anywhere. */
function drawLabels(svg: SVGSVGElement, { curves }: PolynomialView, x: X, em: number): void {
  const [, right] = x.range() as [number, number];
  const widths = curves.map(({ label }) => (label.length * 0.55 + 3.4) * em);
  const starts = widths.map((_, index) => right - widths.slice(index).reduce((sum, width) => sum + width, 0));
  const items = select(svg)
    .select('.labels')
    .selectAll<SVGGElement, PolynomialCurve>('g')
    .data(curves, (curve) => curve.name)
    .join((enter) => enter.append('g').html('<path /><text></text>'))
    .attr('transform', (_, index) => `translate(${round(starts[index] as number)},${round(0.7 * em)})`);
  items
    .select('path')
    .attr('d', `M0,${round(-0.32 * em)}h${round(1.9 * em)}`)
    .attr('stroke', (curve) => curve.colour)
    .attr('stroke-width', 2.2)
    .attr('stroke-dasharray', (curve) => curve.dash);
  items
    .select('text')
    .attr('x', round(2.3 * em))
    .style('fill', (curve) => curve.colour)
    .text((curve) => curve.label);
}
