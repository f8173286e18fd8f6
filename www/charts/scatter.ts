// What was predicted against what happened, one mark a datum, over the line on which the two are equal.

import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { tickText } from '../format';
import { drawAxes } from './axes';
import { round } from './curve';
import type { Frame } from './frame';
import { shapeOf } from './marks';

export interface ScatterPoint {
  /** Null where there is none: such a point is not drawn. */
  readonly predicted: number | null;
  readonly happened: number | null;
}

export interface ScatterView {
  readonly points: readonly ScatterPoint[];
  /** The interval that both axes show. */
  readonly reach: readonly [low: number, high: number];
  readonly colour: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** What the line says on which the two are equal. */
  readonly line: string;
  /** The point that is read out. */
  readonly chosen: number | null;
}

export const scatterMarkup = (clip: string) => `
  <defs><clipPath id="${clip}"><rect /></clipPath></defs>
  <g class="axis y-axis"></g><g class="axis x-axis"></g>
  <g clip-path="url(#${clip})"><rect class="room" /><line class="zero across" /><line class="zero up" /><line class="equal" /></g>
  <text class="equal-label" text-anchor="end"></text>
  <rect class="room" /><circle class="chosen-point" r="8" /><g class="points"></g>
  <text class="axis-label x-label" text-anchor="end"></text><text class="axis-label y-label"></text>`;

/** An interval that holds the numbers and zero, with some room about them. */
export function reachOf(numbers: readonly (number | null)[]): [low: number, high: number] {
  const there = numbers.filter((value) => value !== null);
  const [low, high] = [Math.min(0, ...there), Math.max(0, ...there)];
  const room = 0.08 * (high - low) || 1;
  return [low - room, high + room];
}

/** Whether a number lies on the axes. */
export function isWithin(value: number, [low, high]: readonly [low: number, high: number]): boolean {
  return value >= low && value <= high;
}

interface Axes {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
}

function axesOf(reach: ScatterView['reach'], { width, height, em }: Frame): Axes {
  return {
    x: scaleLinear([...reach], [5.2 * em, width - em]).clamp(true),
    y: scaleLinear([...reach], [height - 3 * em, 1.8 * em]).clamp(true),
  };
}

/** Draws, and says where each point stands; what lies beyond the axes stands at their end, hollow. */
export function drawScatter(svg: SVGSVGElement, view: ScatterView, frame: Frame): ([x: number, y: number] | null)[] {
  const axes = axesOf(view.reach, frame);
  drawPlane(svg, view, axes, frame);
  const places = view.points.map(({ predicted, happened }): [number, number] | null =>
    predicted === null || happened === null ? null : [round(axes.x(predicted)), round(axes.y(happened))],
  );
  drawPoints(svg, view, places);
  return places;
}

function drawPlane(svg: SVGSVGElement, view: ScatterView, { x, y }: Axes, { em }: Frame): void {
  const [left, right] = x.range() as [number, number];
  const [bottom, top] = y.range() as [number, number];
  drawAxes(
    svg,
    { scale: x, ticks: x.ticks((right - left) / (7 * em)), tickText, label: view.xLabel },
    { scale: y, ticks: y.ticks((bottom - top) / (3 * em)), tickText, label: view.yLabel },
    em,
  );
  line(svg, '.across', [left, y(0)], [right, y(0)]);
  line(svg, '.up', [x(0), top], [x(0), bottom]);
  line(svg, '.equal', [left, bottom], [right, top]);
  select(svg)
    .select('.equal-label')
    .attr('x', right - 0.5 * em)
    .attr('y', round((top + bottom) / 2))
    .text(view.line);
}

function line(svg: SVGSVGElement, name: string, from: readonly [number, number], to: readonly [number, number]): void {
  select(svg)
    .select(`line${name}`)
    .attr('x1', round(from[0]))
    .attr('y1', round(from[1]))
    .attr('x2', round(to[0]))
    .attr('y2', round(to[1]));
}

function drawPoints(svg: SVGSVGElement, view: ScatterView, places: readonly ([number, number] | null)[]): void {
  const drawn = view.points.flatMap((point, index) => {
    const place = places[index];
    return place ? [{ ...point, index, place }] : [];
  });
  const chosen = view.chosen === null ? null : places[view.chosen];
  const root = select(svg);
  root
    .select('.chosen-point')
    .attr('visibility', chosen ? 'visible' : 'hidden')
    .attr('cx', chosen?.[0] ?? 0)
    .attr('cy', chosen?.[1] ?? 0);
  root
    .select('.points')
    .style('--method', view.colour)
    .selectAll<SVGPathElement, (typeof drawn)[number]>('path')
    .data(drawn, ({ index }) => index)
    .join('path')
    .attr('data-datum', ({ index }) => index + 1)
    .attr('class', ({ predicted, happened }) =>
      isWithin(predicted ?? 0, view.reach) && isWithin(happened ?? 0, view.reach) ? 'point' : 'point beyond',
    )
    .attr('d', ({ happened, place }) => shapeOf(happened ?? 0, 3.6, place));
}
