// Measures how long each method takes, once the bench has come to rest; the last times stay until the next are there.

import type { Experiment, Method } from '../pkg/hessian_lab';
import type { Aside } from './aside';
import { methodNames, toExperiment } from './experiment';
import type { Duration } from './reading';
import type { State } from './state';

/** How long the bench must be at rest. */
const REST_MS = 350;
const ROUNDS = 3;

export class Stopwatch {
  readonly #aside: Aside;
  readonly #onTimes: () => void;
  #durations: ReadonlyMap<string, Duration> = new Map();
  #wanted = '';
  #rest: ReturnType<typeof setTimeout> | undefined;
  #busy = false;
  #failed = false;

  constructor(aside: Aside, onTimes: () => void) {
    this.#aside = aside;
    this.#onTimes = onTimes;
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
    const key = JSON.stringify(experiment);
    if (key === this.#wanted) return;
    this.#wanted = key;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => void this.#measure(experiment, methodNames(state), key), REST_MS);
  }

  /** The least of several measurements: whatever else the machine does only adds to them. */
  async #least(experiment: Experiment): Promise<number[]> {
    let least = await this.#aside.timings(experiment);
    for (let round = 1; round < ROUNDS; round++) {
      const times = await this.#aside.timings(experiment);
      least = least.map((time, index) => Math.min(time, times[index] ?? time));
    }
    return least;
  }

  async #measure(experiment: Experiment, names: readonly string[], key: string): Promise<void> {
    if (this.#busy) {
      this.#rest = setTimeout(() => void this.#measure(experiment, names, key), REST_MS);
      return;
    }
    this.#busy = true;
    // Twice each: to the end, and not past the first iterate. What lies between is the iterations' own.
    const methods = experiment.methods.flatMap((method) => [method, atStart(method)]);
    // Where this fails for the experiment's sake, the bench's own run of the same experiment says why.
    const times = await this.#least({ ...experiment, methods }).catch(() => null);
    this.#busy = false;
    if (key !== this.#wanted) return;
    this.#failed = !times;
    if (times)
      this.#durations = new Map(
        names.map((name, index) => {
          const last = times[2 * index] ?? 0;
          return [name, { first: Math.min(times[2 * index + 1] ?? 0, last), last }];
        }),
      );
    this.#onTimes();
  }
}

function atStart(method: Method): Method {
  return 'iterations' in method ? { ...method, iterations: 0 } : method;
}
