// A short meta-training, run when the reader asks for it, and cancelled by ending its worker.

import type { Experiment, Imaml } from '../../../pkg/hessian_lab';
import { Client } from '../../client';

export const META_STEPS = 40;

export class MetaTraining {
  result: Imaml | null = null;
  failure = '';
  readonly #onChange: () => void;
  readonly #client: Client<string>;
  #problem = '';
  #isRunning = false;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.#client = new Client<string>({
      onReport: (report) => this.#end(report.applications?.imaml ?? null, ''),
      onFailure: (message) => this.#end(null, message),
    });
  }

  /** The core trains in one go, so how far it is isn't known. */
  get work(): { done: number; total: number } | null {
    return this.#isRunning ? { done: 0, total: 0 } : null;
  }

  start(experiment: Experiment): void {
    this.#isRunning = true;
    this.failure = '';
    this.#client.ask({ experiment: { ...experiment, imaml: { ...experiment.imaml, meta_steps: META_STEPS } } }, '');
    this.#onChange();
    // A bar is shown only once the work has lasted.
    setTimeout(this.#onChange, 150);
  }

  cancel(): void {
    this.#client.close();
    this.#end(this.result, '');
  }

  /** Forgets what was found out of another problem. */
  follow(experiment: Experiment): void {
    const problem = JSON.stringify(experiment);
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#client.close();
    [this.result, this.failure, this.#isRunning] = [null, '', false];
  }

  #end(result: Imaml | null, failure: string): void {
    [this.result, this.failure, this.#isRunning] = [result, failure, false];
    this.#onChange();
  }
}
