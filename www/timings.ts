// Takes the times of an experiment's runs, once the page has come to rest.

import type { Experiment } from '../pkg/hessian_lab';
import type { Aside } from './aside';

/** How long the page must be at rest. */
const REST_MS = 350;
const ROUNDS = 3;

export class Timings<T> {
  readonly #aside: Aside;
  readonly #onTimes: (times: readonly number[] | null, asked: T) => void;
  #wanted = '';
  #rest: ReturnType<typeof setTimeout> | undefined;
  #busy = false;

  /** `onTimes` hears of the times that were wanted last, null where none could be taken, and of what came with the wish. */
  constructor(aside: Aside, onTimes: (times: readonly number[] | null, asked: T) => void) {
    this.#aside = aside;
    this.#onTimes = onTimes;
  }

  /** Wants the times of this experiment, unless they were wanted last. */
  want(experiment: Experiment, asked: T): void {
    const key = JSON.stringify(experiment);
    if (key === this.#wanted) return;
    this.#wanted = key;
    this.#wait(experiment, asked, key);
  }

  #wait(experiment: Experiment, asked: T, key: string): void {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => void this.#measure(experiment, asked, key), REST_MS);
  }

  async #measure(experiment: Experiment, asked: T, key: string): Promise<void> {
    if (this.#busy) return this.#wait(experiment, asked, key);
    this.#busy = true;
    // Where this fails for the experiment's sake, the page's own run of the same experiment says why.
    const times = await leastTimes(this.#aside, experiment).catch(() => null);
    this.#busy = false;
    if (key === this.#wanted) this.#onTimes(times, asked);
  }
}

/** The least of several measurements: whatever else the machine does only adds to them. */
export async function leastTimes(aside: Aside, experiment: Experiment): Promise<number[]> {
  let least = await aside.timings(experiment);
  for (let round = 1; round < ROUNDS; round++) {
    const times = await aside.timings(experiment);
    least = least.map((time, index) => Math.min(time, times[index] ?? time));
  }
  return least;
}
