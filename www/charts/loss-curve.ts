// A loss over a positive number, both by their logarithms: a curve, tangents to it at one place, and the places of a descent.

import { type ScaleLogarithmic, scaleLinear, scaleLog } from 'd3-scale';
import { select } from 'd3-selection';
import { short } from '../format';
import { drawAxes } from './axes';
import { round } from './curve';
import { decadeText, decadeTicks } from './decade-ticks';
import type { Frame } from './frame';
import { pathThrough } from './path';
import { spread } from './spread';

export interface LossPoint {
  readonly x: number;
  /** Null where there is none. */
  readonly loss: number | null;
}

export interface Tangent {
  readonly name: string;
  readonly label: string;
  readonly colour: string;
  readonly dash: string;
  /** Of ln loss by ln x; null where there is none. */
  readonly slope: number | null;
}

export interface LossCurveView {
  readonly curve: readonly LossPoint[];
  /** Where the tangents touch. */
  readonly here: { readonly x: number; readonly loss: number };
  readonly tangents: readonly Tangent[];
  /** The name of the tangent that stands out, and the descent by it. */
  readonly chosen: string;
  readonly descent: readonly LossPoint[];
  /** What the axes show, in powers of ten. */
  readonly domain: readonly [low: number, high: number];
  readonly reach: readonly [low: number, high: number];
  /** The point of the curve that is read out. */
  readonly probe: number | null;
  readonly xLabel: string;
  readonly yLabel: string;
}

export const lossCurveMarkup = (clip: string) => `
  <defs><clipPath id="${clip}"><rect /></clipPath></defs>
  <g class="axis y-axis"></g><g class="axis x-axis"></g><line class="probe" />
  <g clip-path="url(#${clip})"><g class="tangents"></g><path class="loss-curve" /></g>
  <g class="samples"></g><g class="descent"><path /></g><circle class="here" r="5" /><g class="labels"></g>
  <text class="axis-label x-label" text-anchor="end"></text><text class="axis-label y-label"></text>`;

/** How far a tangent reaches to either side, as a factor of x. */
export const TANGENT_REACH = 10 ** 0.7;

/** The powers of ten that hold the losses, and the tangents of a curve that is not known yet. */
export function lossReach(losses: readonly (number | null)[]): [low: number, high: number] {
  const there = losses.flatMap((loss) => (loss !== null && loss > 0 ? [Math.log10(loss)] : []));
  const [low, high] = there.length > 0 ? [Math.min(...there), Math.max(...there)] : [0, 0];
  const room = Math.max(0.08 * (high - low), 0.2 - 0.4 * (high - low));
  return [low - room, high + room];
}

/** Round numbers between two powers of ten: evenly apart, or over more, 1, 2 and 5 of each power, or each power alone. */
export function roundTicks([low, high]: readonly [low: number, high: number]): number[] {
  if (high - low < 0.8) return scaleLinear([10 ** low, 10 ** high], [0, 1]).ticks(4);
  const leads = high - low > 2.5 ? [1] : [1, 2, 5];
  const powers = Array.from({ length: Math.ceil(high) - Math.floor(low) + 1 }, (_, index) => Math.floor(low) + index);
  const all = powers.flatMap((power) => leads.map((lead) => lead * 10 ** power));
  return all.filter((value) => value >= 10 ** low && value <= 10 ** high);
}

interface Axes {
  readonly x: ScaleLogarithmic<number, number>;
  readonly y: ScaleLogarithmic<number, number>;
}

/** Draws, and says where each point of the curve stands. */
export function drawLossCurve(svg: SVGSVGElement, view: LossCurveView, frame: Frame): number[] {
  const { width, height, em } = frame;
  const axes: Axes = {
    x: scaleLog(view.domain.map(powerOf), [4.4 * em, width - 6 * em]),
    y: scaleLog(view.reach.map(powerOf), [height - 3 * em, 1.8 * em]),
  };
  drawPlane(svg, view, axes, em);
  drawCurve(svg, view, axes);
  drawTangents(svg, view, axes, em);
  drawDescent(svg, view, axes);
  return view.curve.map(({ x }) => round(axes.x(x)));
}

/** Ten to that. */
function powerOf(exponent: number): number {
  return 10 ** exponent;
}

function drawPlane(svg: SVGSVGElement, view: LossCurveView, { x, y }: Axes, em: number): void {
  const [left, right] = x.range() as [number, number];
  const [bottom, top] = y.range() as [number, number];
  drawAxes(
    svg,
    { scale: x, ticks: decadeTicks(view.domain, (right - left) / (3 * em)), tickText: decadeText, label: view.xLabel },
    { scale: y, ticks: roundTicks(view.reach), tickText: (value) => short(value), label: view.yLabel },
    em,
  );
  const probe = view.probe === null ? null : (view.curve[view.probe]?.x ?? null);
  select(svg)
    .select('.probe')
    .attr('visibility', probe === null ? 'hidden' : 'visible')
    .attr('x1', round(x(probe ?? view.here.x)))
    .attr('x2', round(x(probe ?? view.here.x)))
    .attr('y1', top)
    .attr('y2', bottom);
}

function drawCurve(svg: SVGSVGElement, { curve, here }: LossCurveView, { x, y }: Axes): void {
  const place = (point: LossPoint) =>
    point.loss === null ? null : ([round(x(point.x)), round(y(point.loss))] as const);
  const root = select(svg);
  root.select('.loss-curve').attr('d', pathThrough(curve.map(place)));
  root
    .select('.samples')
    .selectAll('circle')
    .data(curve.filter(({ loss }) => loss !== null))
    .join('circle')
    .attr('r', 2.2)
    .attr('cx', (point) => round(x(point.x)))
    .attr('cy', ({ loss }) => round(y(loss ?? 0)));
  root
    .select('.here')
    .attr('cx', round(x(here.x)))
    .attr('cy', round(y(here.loss)));
}

function drawTangents(svg: SVGSVGElement, view: LossCurveView, { x, y }: Axes, em: number): void {
  const { here, chosen } = view;
  const rise = y(TANGENT_REACH) - y(1);
  const at = (slope: number, side: number) =>
    [round(x(here.x * TANGENT_REACH ** side)), round(y(here.loss) + side * slope * rise)] as const;
  const drawn = view.tangents.flatMap((tangent) =>
    tangent.slope === null ? [] : [{ ...tangent, ends: [at(tangent.slope, -1), at(tangent.slope, 1)] as const }],
  );
  select(svg)
    .select('.tangents')
    .selectAll<SVGPathElement, (typeof drawn)[number]>('path')
    .data(drawn, ({ name }) => name)
    .join('path')
    .attr('data-method', ({ name }) => name)
    .attr('class', ({ name }) => (name === chosen ? 'chosen' : null))
    .style('stroke', ({ colour }) => colour)
    .attr('stroke-dasharray', ({ dash }) => dash)
    .attr('d', ({ ends: [from, to] }) => `M${from}L${to}`);
  const [bottom, top] = y.range() as [number, number];
  const heights = drawn.map(({ ends: [, to] }) => Math.min(Math.max(to[1], top), bottom));
  const places = spread(heights, 1.15 * em, top, bottom);
  select(svg)
    .select('.labels')
    .selectAll<SVGTextElement, (typeof drawn)[number]>('text')
    .data(drawn, ({ name }) => name)
    .join('text')
    .attr('x', ({ ends: [, to] }) => round(to[0] + 0.4 * em))
    .attr('y', (_, index) => round((places[index] as number) + 0.35 * em))
    .style('fill', ({ colour }) => colour)
    .text(({ label }) => label);
}

function drawDescent(svg: SVGSVGElement, view: LossCurveView, { x, y }: Axes): void {
  const there = view.descent.filter(({ loss }) => loss !== null);
  const style = view.tangents.find(({ name }) => name === view.chosen);
  const root = select(svg)
    .select('.descent')
    .style('--method', style?.colour ?? 'var(--ink)');
  const [low, high] = x.range() as [number, number];
  const place = (point: LossPoint) =>
    [round(Math.min(Math.max(x(point.x), low), high)), round(y(point.loss ?? 0))] as const;
  root.select('path').attr('d', there.map((point, index) => `${index === 0 ? 'M' : 'L'}${place(point)}`).join(''));
  root
    .selectAll('circle')
    .data(there)
    .join('circle')
    .attr('r', (_, index) => (index === there.length - 1 ? 5 : 3.4))
    .attr('cx', (point) => place(point)[0])
    .attr('cy', (point) => place(point)[1]);
}
