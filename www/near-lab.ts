// Answers small questions in the page itself, in less time than it takes to ask a worker: a held slider is drawn in the same frame.

import type { Experiment, Report } from '../pkg/hessian_lab';

export class NearLab {
  #answer: ((experiment: Experiment) => Report | null) | null = null;
  #opening: Promise<void> | null = null;
  #last: Experiment | null = null;

  /** Once, and before a slider is moved: a drag that has begun would wait for it. */
  open(module: WebAssembly.Module): void {
    this.#opening ??= this.#open(module).catch(() => undefined);
  }

  /** Null where the question is a worker's, who tells what is wrong with it. A module that breaks down is asked no more. */
  report(experiment: Experiment): Report | null {
    this.#last = experiment;
    try {
      return this.#answer?.(experiment) ?? null;
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) this.#answer = null;
      return null;
    }
  }

  async #open(module: WebAssembly.Module): Promise<void> {
    this.#answer = await (await import('./labs/near')).default(module);
    // What it was asked in vain makes it ready for the next question: that is most likely of the same problem.
    if (this.#last) this.report(this.#last);
  }
}
