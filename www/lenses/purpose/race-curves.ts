// The race's runs as curves to draw, and the axes that they are drawn on.

import { type ScaleContinuousNumeric, scaleLinear, scaleSymlog } from 'd3-scale';
import type { RaceRun } from '../../../pkg/hessian_lab';
import type { AdaptedCurve } from '../../charts/adaptation';
import type { Curve } from '../../charts/curve';
import type { Decades } from '../../charts/domain';
import { lossReach } from '../../charts/loss-curve';
import { TRACE_END } from '../../experiment';
import type { State } from '../../state';
import { type RunTimes, timeAt } from './race-words';
import { racerStyle } from './racers';

type Count = State['x'];

/** Losses are drawn from so far below the start's to so far above it, as factors. */
const [DEPTH, HEIGHT] = [1e-8, 10];
/** Dampings are drawn between these powers of ten. */
const DAMPINGS: Decades = [-9, 4];
/** Costs below are counted evenly, above by their logarithm: a step of Newton's may cost hundreds of products. */
const EVEN = { products: 1, milliseconds: 0.1 };

/** The loss of each run over what is counted; a run that was not timed has no curve over time. */
export function raceCurves(runs: readonly RaceRun[], x: Count, times: RunTimes): Curve[] {
  return runs.flatMap((run): Curve[] => {
    if (x === 'milliseconds' && !times.has(run.optimizer)) return [];
    return [{ ...racerStyle(run.optimizer), xs: run.loss.map((_, step) => costAt(run, step, x, times)), ys: run.loss }];
  });
}

function costAt(run: RaceRun, step: number, x: Count, times: RunTimes): number {
  if (x === 'iterations') return step;
  return x === 'products' ? (run.products[step] as number) : (timeAt(run, step, times) as number);
}

export interface CostAxis {
  readonly scale: ScaleContinuousNumeric<number, number>;
  readonly end: number;
  readonly ticks?: number[];
}

/** Steps are counted evenly; products and milliseconds so that cheap steps are seen beside dear ones. */
export function costAxis(curves: readonly Curve[], x: Count): CostAxis {
  if (x === 'iterations') return { scale: scaleLinear(), end: TRACE_END };
  const even = EVEN[x];
  const end = Math.max(10 * even, ...curves.map(({ xs }) => xs.at(-1) ?? 0));
  const powers = Array.from({ length: Math.floor(Math.log10(end / even) + 1e-9) + 1 }, (_, index) =>
    Number((even * 10 ** index).toPrecision(1)),
  );
  return { scale: scaleSymlog().constant(even), end, ticks: [0, ...powers] };
}

/** How many places a read-out steps through where steps are not what is counted. */
const PLACES = 60;

/** The places that a read-out stops at, spread evenly over the drawn axis. */
export function placesOn({ scale, end }: CostAxis, x: Count): number[] {
  const last = x === 'iterations' ? end : PLACES;
  const drawn = scale.copy().domain([0, end]).range([0, last]);
  return Array.from({ length: last + 1 }, (_, index) => Number(drawn.invert(index).toPrecision(3)));
}

/** The powers of ten that hold the losses, but for those far below the start's or above it. */
export function raceReach(runs: readonly RaceRun[]): [low: number, high: number] {
  const start = runs[0]?.loss[0] ?? 1;
  return lossReach(
    runs.flatMap(({ loss }) => loss.map((value) => Math.min(Math.max(value, DEPTH * start), HEIGHT * start))),
  );
}

export function adaptedCurves(runs: readonly RaceRun[]): AdaptedCurve[] {
  return runs.flatMap(({ optimizer, damping, ratio }) =>
    damping ? [{ ...racerStyle(optimizer), damping, ratio }] : [],
  );
}

export function dampingDecades(curves: readonly AdaptedCurve[]): Decades {
  const exponents = curves.flatMap(({ damping }) => damping.map(Math.log10));
  const [least, most] = DAMPINGS;
  return [
    Math.max(Math.floor(Math.min(-1, ...exponents)), least),
    Math.min(Math.ceil(Math.max(1, ...exponents)), most),
  ];
}
