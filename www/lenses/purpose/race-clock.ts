// How long each optimizer's whole run takes; the last times stay until the next are there.

import type { Experiment, Racer } from '../../../pkg/hessian_lab';
import { Aside } from '../../aside';
import { Timings } from '../../timings';
import type { RunTimes } from './race-words';

export class RaceClock {
  readonly #timings: Timings<readonly Racer[]>;
  #times: RunTimes = new Map();
  #failed = false;

  constructor(onTimes: () => void) {
    this.#timings = new Timings(new Aside(), (times, racers) => {
      this.#failed = !times;
      if (times) this.#times = new Map(racers.map((racer, index) => [racer, times[index] ?? 0]));
      onTimes();
    });
  }

  /** By optimizer; empty before the first measurement. */
  get times(): RunTimes {
    return this.#times;
  }

  /** Why there is no time to show. */
  get excuse(): string {
    return this.#failed
      ? 'The times could not be measured. Change any setting to try again.'
      : 'Measuring how long each run takes…';
  }

  want(experiment: Experiment): void {
    this.#timings.want(experiment, experiment.race?.optimizers ?? []);
  }
}
