// How long each method on the bench takes; the last times stay until the next are there.

import type { Method } from '../pkg/hessian_lab';
import type { Aside } from './aside';
import { methodNames, toExperiment } from './experiment';
import type { Duration } from './reading';
import type { State } from './state';
import { Timings } from './timings';

export class Stopwatch {
  readonly #timings: Timings<readonly string[]>;
  #durations: ReadonlyMap<string, Duration> = new Map();
  #failed = false;

  constructor(aside: Aside, onTimes: () => void) {
    this.#timings = new Timings(aside, (times, names) => {
      this.#failed = !times;
      if (times) this.#durations = durationsOf(times, names);
      onTimes();
    });
  }

  /** By the page's names of the methods; empty before the first measurement. */
  get durations(): ReadonlyMap<string, Duration> {
    return this.#durations;
  }

  /** Whether the last measurement came to nothing; the next state is measured anew. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Wants the times of this state's methods, unless they were measured last. */
  want(state: State): void {
    const experiment = toExperiment(state);
    // Twice each: to the end, and not past the first iterate. What lies between is the iterations' own.
    const methods = experiment.methods.flatMap((method) => [method, atStart(method)]);
    this.#timings.want({ ...experiment, methods }, methodNames(state));
  }
}

function durationsOf(times: readonly number[], names: readonly string[]): ReadonlyMap<string, Duration> {
  return new Map(
    names.map((name, index) => {
      const last = times[2 * index] ?? 0;
      return [name, { first: Math.min(times[2 * index + 1] ?? 0, last), last }];
    }),
  );
}

function atStart(method: Method): Method {
  return 'iterations' in method ? { ...method, iterations: 0 } : method;
}
