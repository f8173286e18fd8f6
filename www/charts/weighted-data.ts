// The data where they lie, each marked by a signed number of its own; and, of one input, what the network makes of it.

import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import type { ExplicitData } from '../../pkg/hessian_lab';
import { tickText } from '../format';
import { drawAxes } from './axes';
import { round } from './curve';
import type { Frame } from './frame';
import { opacityOf, shapeOf, signOf } from './marks';
import { pathThrough } from './path';

/** A function of one input, drawn as a curve through its values. */
export interface Fit {
  readonly name: 'whole' | 'without';
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface WeightedDataView {
  readonly data: ExplicitData;
  /** By datum; null where there is none. */
  readonly values: readonly (number | null)[];
  readonly fits: readonly Fit[];
  /** What the vertical axis shows. */
  readonly heights: readonly [low: number, high: number];
  /** The datum that is read out, and the one that is left out. */
  readonly chosen: number | null;
  readonly without: number | null;
}

export const WEIGHTED_DATA_MARKUP = `
  <rect class="room" /><g class="axis y-axis"></g><g class="axis x-axis"></g><g class="fits"></g>
  <circle class="chosen-point" r="9" /><g class="points"></g><path class="crossed" d="M-8,-8L8,8M8,-8L-8,8" />
  <text class="axis-label x-label" text-anchor="end"></text><text class="axis-label y-label"></text>`;

/** What the axes show: a target over its input, two inputs, or where there are more, the numbers over the data's order. */
interface Plane {
  readonly across: readonly number[];
  readonly up: readonly number[];
  readonly words: readonly [across: string, up: string];
}

function planeOf({ data, values }: Pick<WeightedDataView, 'data' | 'values'>): Plane {
  const column = (index: number) => data.inputs.map((row) => row[index] ?? 0);
  const inputs = data.inputs[0]?.length ?? 0;
  if (inputs === 1) return { across: column(0), up: data.targets.map(first), words: ['input →', '↑ target'] };
  if (inputs === 2) return { across: column(0), up: column(1), words: ['first input →', '↑ second input'] };
  return {
    across: data.inputs.map((_, index) => index + 1),
    up: values.map((value) => value ?? 0),
    words: ['datum →', '↑ predicted change'],
  };
}

function first(target: number | readonly number[]): number {
  return typeof target === 'number' ? target : (target[0] ?? 0);
}

type Scale = ScaleLinear<number, number>;

/** An interval that holds everything, with some room about it. */
export function heightsOf(view: Pick<WeightedDataView, 'data' | 'values' | 'fits'>): [low: number, high: number] {
  return roomy([...planeOf(view).up, ...view.fits.flatMap(({ points }) => points.map(([, y]) => y))]);
}

/** Draws, and says where each datum stands; what lies beyond the axes stands at their end. */
export function drawWeightedData(svg: SVGSVGElement, view: WeightedDataView, frame: Frame): [x: number, y: number][] {
  const { width, height, em } = frame;
  const plane = planeOf(view);
  const x = scaleLinear(roomy(plane.across), [3.6 * em, width - em]);
  const y = scaleLinear([...view.heights], [height - 3 * em, 1.8 * em]).clamp(true);
  drawPlane(svg, plane, x, y, em);
  const place = ([input, output]: readonly [number, number]) => [round(x(input)), round(y(output))] as const;
  select(svg)
    .select('.fits')
    .selectAll<SVGPathElement, Fit>('path')
    .data(view.fits, ({ name }) => name)
    .join('path')
    .attr('class', ({ name }) => name)
    .attr('d', ({ points }) => pathThrough(points.map(place)));
  const places = plane.across.map((input, index): [number, number] => [
    round(x(input)),
    round(y(plane.up[index] as number)),
  ]);
  drawPoints(svg, view, places);
  return places;
}

function roomy(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = 0.06 * (high - low) || 1;
  return [low - room, high + room];
}

function drawPlane(svg: SVGSVGElement, { words }: Plane, x: Scale, y: Scale, em: number): void {
  const [left, right] = x.range() as [number, number];
  const [bottom, top] = y.range() as [number, number];
  drawAxes(
    svg,
    { scale: x, ticks: x.ticks((right - left) / (5 * em)), tickText, label: words[0] },
    { scale: y, ticks: y.ticks((bottom - top) / (3 * em)), tickText, label: words[1] },
    em,
  );
}

function drawPoints(svg: SVGSVGElement, view: WeightedDataView, places: readonly [number, number][]): void {
  const largest = Math.max(...view.values.map((value) => Math.abs(value ?? 0)), Number.MIN_VALUE);
  const root = select(svg);
  for (const [name, datum] of [
    ['.chosen-point', view.chosen],
    ['.crossed', view.without],
  ] as const) {
    const [x, y] = (datum === null ? null : places[datum]) ?? [0, 0];
    root
      .select(name)
      .attr('visibility', datum === null ? 'hidden' : 'visible')
      .attr('transform', `translate(${x},${y})`);
  }
  root
    .select('.points')
    .selectAll<SVGPathElement, [number, number]>('path')
    .data(places)
    .join('path')
    .attr('data-datum', (_, index) => index + 1)
    .attr('class', (_, index) => `point ${signOf(view.values[index] ?? 0)}`)
    .attr('fill-opacity', (_, index) => opacityOf(Math.abs(view.values[index] ?? 0) / largest))
    .attr('d', (place, index) => {
      const value = view.values[index] ?? 0;
      return shapeOf(value, round(2.6 + 3.4 * Math.sqrt(Math.abs(value) / largest)), place);
    });
}
