// Answers small questions in the page itself, in less time than it takes to ask a worker: a held slider is drawn in the same frame.

import type { Experiment, Report } from '../pkg/hessian_lab';
import { whenIdle } from './idle';
import type { Answer } from './labs/near';

/** So many moves are rehearsed: by then an engine has made fast all that answers them, a tenth of a second's work in idle moments. */
const REHEARSALS = 200;
const DAMPING_A_MOVE = 5e-4;
const A_FRAME_MS = 16;

export class NearLab {
  #lab: { readonly answer: Answer; readonly rehearse: Answer } | null = null;
  #opening: Promise<void> | null = null;
  #last: Experiment | null = null;
  readonly #rehearsed = new Set<string>();
  /** What is still to be rehearsed, by its kind. */
  readonly #due: [kind: string, experiment: Experiment][] = [];

  /** Once, and before a slider is moved: a drag that has begun would wait for it. */
  open(module: WebAssembly.Module): void {
    this.#opening ??= this.#open(module).catch(() => undefined);
  }

  /** Null where the question is a worker's, who tells what is wrong with it. */
  report(experiment: Experiment): Report | null {
    this.#last = experiment;
    return this.#ask('answer', experiment);
  }

  /**
   * What a held slider will ask in every frame is asked in idle moments before: engines compile what runs for the first time, and
   * compile better what has run for a while. One question of a kind is enough, if it is answered.
   */
  rehearse(experiment: Experiment): void {
    const kind = JSON.stringify([experiment.analysis, experiment.applications]);
    if (this.#rehearsed.has(kind)) return;
    this.#rehearsed.add(kind);
    for (let move = 0; move < REHEARSALS; move++)
      this.#due.push([kind, { ...experiment, damping: (experiment.damping ?? 0) + move * DAMPING_A_MOVE }]);
    if (this.#due.length === REHEARSALS) this.#rehearseNext();
  }

  #rehearseNext(): void {
    if (!this.#lab || this.#due.length === 0) return;
    whenIdle((remaining) => {
      do {
        const [kind, experiment] = this.#due.shift() ?? [];
        if (kind && experiment && !this.#ask('rehearse', experiment)) this.#rehearsed.delete(kind);
      } while (this.#due.length > 0 && remaining() > A_FRAME_MS);
      this.#rehearseNext();
    });
  }

  /** A module that breaks down is asked no more. */
  #ask(how: 'answer' | 'rehearse', experiment: Experiment): Report | null {
    try {
      return this.#lab?.[how](experiment) ?? null;
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) this.#lab = null;
      return null;
    }
  }

  async #open(module: WebAssembly.Module): Promise<void> {
    this.#lab = await (await import('./labs/near')).default(module);
    // What it was asked in vain makes it ready for the next question: that is most likely of the same problem.
    if (this.#last) this.report(this.#last);
    this.#rehearseNext();
  }
}
