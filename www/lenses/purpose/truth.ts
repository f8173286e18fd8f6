// What leaving each datum out really does, by retraining: found out once for a problem, however its inverse is then got.

import type { Agreement, Experiment, Report } from '../../../pkg/hessian_lab';
import { Client } from '../../client';
import { Retraining } from '../../retraining';

/** How predictions compare with the real changes of the first so many data. */
export interface Comparison {
  readonly compared: number;
  readonly agreement: Agreement;
}

export class Truth {
  /** By datum, as far as they are known. */
  changes: (number | null)[] = [];
  failure = '';
  readonly #onChange: () => void;
  readonly #retraining: Retraining;
  readonly #client: Client<number, Agreement>;
  #problem = '';
  #total = 0;
  #asked = '';
  #comparison: Comparison | null = null;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.#retraining = new Retraining({
      onPart: (part, total) => {
        if (part.of !== 'influence') return;
        this.#total = total;
        this.changes.push(part.left_out.change);
        onChange();
      },
      onEnd: onChange,
      onFailure: (message) => {
        this.failure = message;
        onChange();
      },
    });
    this.#client = new Client<number, Agreement>({
      onReport: (agreement, compared) => {
        this.#comparison = { compared, agreement };
        onChange();
      },
      onFailure: (message) => {
        this.failure = message;
        onChange();
      },
    });
  }

  /** How far the retraining under way is. */
  get work(): { done: number; total: number } | null {
    return this.#retraining.isRunning ? { done: this.changes.length, total: this.#total } : null;
  }

  start(experiment: Experiment): void {
    this.changes = [];
    this.failure = '';
    this.#asked = '';
    this.#comparison = null;
    this.#total = 0;
    this.#retraining.start({ ...experiment, methods: [], applications: ['influence_retrained'] });
    this.#onChange();
  }

  /** What is known so far stays. */
  cancel(): void {
    this.#retraining.cancel();
    this.#onChange();
  }

  /** Forgets what was found out of another problem; asks how well the experiment's methods foretell what is known, and says what it last heard. */
  follow(experiment: Experiment): Comparison | null {
    const problem = problemOf(experiment);
    if (problem !== this.#problem) {
      this.#problem = problem;
      this.#retraining.cancel();
      this.changes = [];
      this.failure = '';
      this.#asked = '';
      this.#comparison = null;
    }
    if (this.changes.length === 0) return null;
    const known = this.changes.length;
    const asked = JSON.stringify([experiment, known]);
    if (asked !== this.#asked) this.#client.ask({ agreeing: experiment, changes: [...this.changes] }, known);
    this.#asked = asked;
    return this.#comparison;
  }
}

/** What retraining depends on: neither damping nor precision, curvature or methods. */
function problemOf({ network, data, validation, loss, weight_decay, training }: Experiment): string {
  return JSON.stringify([network, data, validation, loss, weight_decay, training]);
}

/** By datum: the real change where it is known, else what the Hessian’s inverse predicts. */
export function happened(report: Report, changes: readonly (number | null)[]): readonly (number | null)[] {
  const exact = report.applications?.influence?.on_validation_loss ?? [];
  return changes.length > 0 ? exact.map((_, index) => changes[index] ?? null) : exact;
}
