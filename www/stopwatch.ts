// How long each method takes: on the bench, where the last times stay until the next are there, and in pinned runs.

import type { Experiment, Method, Report } from '../pkg/hessian_lab';
import type { Aside } from './aside';
import { methodNames, toExperiment } from './experiment';
import type { Picture } from './picture';
import type { Duration } from './reading';
import type { State } from './state';
import { leastTimes, Timings } from './timings';

/** By the page's names of the methods. */
export type Durations = ReadonlyMap<string, Duration>;

const NONE: Durations = new Map();

export class Stopwatch {
  readonly #aside: Aside;
  readonly #onTimes: () => void;
  readonly #timings: Timings<State>;
  #durations = NONE;
  #timed = '';
  #failed = false;
  readonly #pinned = new WeakMap<Report, Durations>();
  #pinsDone = Promise.resolve();

  constructor(aside: Aside, onTimes: () => void) {
    this.#aside = aside;
    this.#onTimes = onTimes;
    this.#timings = new Timings(aside, (times, state) => {
      this.#failed = !times;
      if (times) [this.#durations, this.#timed] = [durationsOf(times, state), keyOf(state)];
      onTimes();
    });
  }

  /** Of the bench's methods; empty before the first measurement. */
  get durations(): Durations {
    return this.#durations;
  }

  /** Whether the last measurement came to nothing; the next state is measured anew. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Wants the times of this state's methods, unless they were measured last. */
  want(state: State): void {
    this.#timings.want(twice(toExperiment(state)), state);
  }

  /** Of a pinned run's methods: the bench's where those are its own, else measured once, and empty until then. */
  ofPinned({ report, state }: Picture): Durations {
    const known = this.#pinned.get(report) ?? (keyOf(state) === this.#timed ? this.#durations : null);
    this.#pinned.set(report, known ?? NONE);
    if (!known) this.#pinsDone = this.#pinsDone.then(() => this.#measure(report, state));
    return known ?? NONE;
  }

  async #measure(report: Report, state: State): Promise<void> {
    const times = await leastTimes(this.#aside, twice(toExperiment(state))).catch(() => null);
    if (times) this.#pinned.set(report, durationsOf(times, state));
    this.#onTimes();
  }
}

function keyOf(state: State): string {
  return JSON.stringify(toExperiment(state));
}

/** With every method twice: to the end, and not past the first iterate. What lies between is the iterations' own. */
function twice(experiment: Experiment): Experiment {
  return { ...experiment, methods: experiment.methods.flatMap((method) => [method, atStart(method)]) };
}

function atStart(method: Method): Method {
  return 'iterations' in method ? { ...method, iterations: 0 } : method;
}

function durationsOf(times: readonly number[], state: State): Durations {
  return new Map(
    methodNames(state).map((name, index) => {
      const last = times[2 * index] ?? 0;
      return [name, { first: Math.min(times[2 * index + 1] ?? 0, last), last }];
    }),
  );
}
