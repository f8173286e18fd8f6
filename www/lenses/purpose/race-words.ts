// What a picture of the race says, in sentences.

import type { RaceRun } from '../../../pkg/hessian_lab';
import { apart, counted, listed, milliseconds, short } from '../../format';
import { racerStyle } from './racers';

/** How long each optimizer's whole run takes, in milliseconds; empty before it is measured. */
export type RunTimes = ReadonlyMap<string, number>;

export interface RaceSeen {
  readonly runs: readonly RaceRun[];
  /** The step that the race is shown up to. */
  readonly step: number;
  readonly times: RunTimes;
}

/** How much of the way down counts as done. */
const PART = 0.9;
/** A loss of so many times the start's is out of hand. */
const RUNAWAY = 10;

export function raceSentence(seen: RaceSeen): string {
  const [first] = seen.runs;
  if (!first) return 'Nobody runs: switch an optimizer on.';
  if (seen.runs.every(startsAtMinimum))
    return 'The race starts where the gradient is as good as zero: set “Trained” to 0 to start from the weights as they are drawn.';
  const start = first.loss[0] as number;
  if (seen.step === 0) return startWords(seen.runs, start);
  const leader = leaderOf(seen);
  const ahead = at(leader.loss, seen.step) < start;
  const parts = ahead ? [leaderWords(leader, seen), wayWords(leader, seen)] : [nobodyWords(start, seen)];
  return [...parts, runawayWords(seen)].filter((part) => part !== '').join(' ');
}

function startWords(runs: readonly RaceRun[], loss: number): string {
  return runs.length === 1
    ? `${runs.map(nameOf).join()} starts with a loss of ${short(loss)}. “Race” lets it run.`
    : `All start from the same weights, with a loss of ${short(loss)}. “Race” lets them run.`;
}

/** The time of a run up to a step: its whole time, shared out by its products. */
export function timeAt({ optimizer, products }: RaceRun, step: number, times: RunTimes): number | undefined {
  const whole = times.get(optimizer);
  return whole === undefined ? undefined : (whole * at(products, step)) / at(products, products.length - 1);
}

/** The first step, up to `last`, at which the loss is no more than `target`; null where there is none. */
export function firstAt({ loss }: RaceRun, target: number, last: number): number | null {
  const step = loss.slice(0, last + 1).findIndex((value) => value <= target);
  return step < 0 ? null : step;
}

function startsAtMinimum({ status, status_step }: RaceRun): boolean {
  return status === 'converged' && status_step === null;
}

/** Of those that are equally low, the one that has paid least. */
function leaderOf({ runs, step }: RaceSeen): RaceRun {
  const least = Math.min(...runs.map(({ loss }) => at(loss, step)));
  return cheapestOf(
    runs.filter(({ loss }) => at(loss, step) === least),
    step,
  );
}

/** Who is lowest, at what cost, and where the one that paid least is. */
function leaderWords(leader: RaceRun, { runs, step }: RaceSeen): string {
  const after = `After ${counted(step, 'step')} ${nameOf(leader)} is`;
  if (runs.length === 1) return `${after} at ${short(at(leader.loss, step), 2)}, for ${productsAt(leader, step)}.`;
  const cheapest = cheapestOf(runs, step);
  const [low, other] = apart(at(leader.loss, step), at(cheapest.loss, step), 2);
  const lowest = `${after} lowest, at ${low}, for ${productsAt(leader, step)}`;
  const fewest = runs.every((run) => at(run.products, step) > at(leader.products, step) || run === leader);
  if (cheapest === leader) return `${lowest}${fewest ? ', the fewest' : ''}.`;
  return `${lowest}; ${nameOf(cheapest)}, for ${short(at(cheapest.products, step))}, is at ${other}.`;
}

function cheapestOf(runs: readonly RaceRun[], step: number): RaceRun {
  return runs.reduce((best, next) => (at(next.products, step) < at(best.products, step) ? next : best));
}

/** One that has most of the way to the lowest loss behind it, and what it took. */
interface Arrival {
  readonly run: RaceRun;
  readonly steps: number;
  readonly products: number;
  readonly time: number | undefined;
}

/** Who is first to have most of the way behind it, however that is counted. */
function wayWords(leader: RaceRun, seen: RaceSeen): string {
  const start = leader.loss[0] as number;
  const target = start - PART * (start - at(leader.loss, seen.step));
  const arrivals = arrivalsAt(target, seen);
  const [first] = arrivals;
  if (seen.runs.length === 1 && first) return aloneWords(first, target);
  const ways = [
    `in steps ${fewestOf(arrivals, ({ steps }) => steps, String)}`,
    `in products ${fewestOf(arrivals, ({ products }) => products, short)}`,
  ];
  if (arrivals.every(({ time }) => time !== undefined))
    ways.push(`in time ${fewestOf(arrivals, ({ time }) => time ?? 0, inMilliseconds)}`);
  return `First to be nine tenths of the way down, at ${short(target, 2)}: ${ways.join(', ')}.`;
}

function arrivalsAt(target: number, { runs, step, times }: RaceSeen): Arrival[] {
  return runs.flatMap((run) => {
    const steps = firstAt(run, target, step);
    return steps === null ? [] : [{ run, steps, products: at(run.products, steps), time: timeAt(run, steps, times) }];
  });
}

function fewestOf(
  arrivals: readonly Arrival[],
  count: (arrival: Arrival) => number,
  words: (least: number) => string,
): string {
  const least = Math.min(...arrivals.map(count));
  const who = arrivals.filter((arrival) => count(arrival) === least).map(({ run }) => nameOf(run));
  return `${listed(who)} (${words(least)})`;
}

/** Where nobody else runs, nobody is first. */
function aloneWords({ steps, products, time }: Arrival, target: number): string {
  const spent = [counted(steps, 'step'), inProducts(products)];
  if (time !== undefined) spent.push(inMilliseconds(time));
  return `Nine tenths of the way down, to ${short(target, 2)}, took ${listed(spent)}.`;
}

function inMilliseconds(time: number): string {
  return `${milliseconds(time)} ms`;
}

function nobodyWords(start: number, { runs, step }: RaceSeen): string {
  const who = runs.length === 1 ? `${runs.map(nameOf).join()} is not` : 'nobody is';
  return `After ${counted(step, 'step')} ${who} below the start’s loss, ${short(start)}.`;
}

/** Who has diverged, or is on the way. */
function runawayWords({ runs, step }: RaceSeen): string {
  const gone = runs.filter(
    ({ status, status_step, loss }) =>
      (status === 'diverged' && (status_step ?? 0) <= step) || at(loss, step) > RUNAWAY * at(loss, 0),
  );
  if (gone.length === 0) return '';
  return `${listed(gone.map(nameOf))} ${gone.length === 1 ? 'runs' : 'run'} away at this learning rate: a smaller one helps.`;
}

function nameOf({ optimizer }: RaceRun): string {
  return racerStyle(optimizer).label;
}

function productsAt({ products }: RaceRun, step: number): string {
  return inProducts(at(products, step));
}

function inProducts(count: number): string {
  return `${short(count)} ${count === 1 ? 'product' : 'products'}`;
}

function at(values: readonly number[], index: number): number {
  return values[Math.min(index, values.length - 1)] as number;
}
