// What a picture of the race says, in sentences.

import type { RaceRun } from '../../../pkg/hessian_lab';
import { counted, listed, milliseconds, short } from '../../format';
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
  if (seen.step === 0) return `All start from the same weights, with a loss of ${short(start)}. “Race” lets them run.`;
  const leader = leaderOf(seen);
  const ahead = at(leader.loss, seen.step) < start;
  const parts = ahead ? [leaderWords(leader, seen), wayWords(leader, seen)] : [nobodyWords(start, seen)];
  return [...parts, runawayWords(seen)].filter((part) => part !== '').join(' ');
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

function leaderOf({ runs, step }: RaceSeen): RaceRun {
  return runs.reduce((best, next) => (at(next.loss, step) < at(best.loss, step) ? next : best));
}

/** Who is lowest, at what cost, and where the one that paid least is. */
function leaderWords(leader: RaceRun, { runs, step }: RaceSeen): string {
  const after = `After ${counted(step, 'step')} ${nameOf(leader)} is`;
  const loss = (run: RaceRun) => short(at(run.loss, step), 2);
  if (runs.length === 1) return `${after} at ${loss(leader)}, for ${productsAt(leader, step)} products.`;
  const lowest = `${after} lowest, at ${loss(leader)}, for ${productsAt(leader, step)} products`;
  const cheapest = runs.reduce((best, next) => (at(next.products, step) < at(best.products, step) ? next : best));
  return cheapest === leader
    ? `${lowest}, the fewest.`
    : `${lowest}; ${nameOf(cheapest)}, for ${productsAt(cheapest, step)}, is at ${loss(cheapest)}.`;
}

/** Who is first to have most of the way to the lowest loss behind it, however that is counted. */
function wayWords(leader: RaceRun, { runs, step, times }: RaceSeen): string {
  const start = leader.loss[0] as number;
  const target = start - PART * (start - at(leader.loss, step));
  const done = runs.flatMap((run) => {
    const first = firstAt(run, target, step);
    return first === null
      ? []
      : [{ run, steps: first, products: at(run.products, first), time: timeAt(run, first, times) }];
  });
  const fewest = (count: (one: (typeof done)[number]) => number, words: (least: number) => string) => {
    const least = Math.min(...done.map(count));
    const who = done.filter((one) => count(one) === least).map(({ run }) => nameOf(run));
    return `${listed(who)} (${words(least)})`;
  };
  const ways = [
    `in steps ${fewest(({ steps }) => steps, String)}`,
    `in products ${fewest(({ products }) => products, short)}`,
  ];
  const timed = done.every(({ time }) => time !== undefined);
  if (timed)
    ways.push(
      `in time ${fewest(
        ({ time }) => time ?? 0,
        (ms) => `${milliseconds(ms)} ms`,
      )}`,
    );
  return `First to have nine tenths of that way behind it, at ${short(target, 2)}: ${ways.join(', ')}.`;
}

function nobodyWords(start: number, { step }: RaceSeen): string {
  return `After ${counted(step, 'step')} nobody is below the start’s loss, ${short(start)}.`;
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
  return short(at(products, step));
}

function at(values: readonly number[], index: number): number {
  return values[Math.min(index, values.length - 1)] as number;
}
