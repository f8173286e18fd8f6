// The validation loss really retrained to, over the weight decay, and each method's descent of it.

import type { CurvePoint, DescentStep, Experiment } from '../../../pkg/hessian_lab';
import { Retraining } from '../../retraining';

export class WeightDecays {
  /** In ascending order of μ. */
  curve: CurvePoint[] = [];
  /** In the order of the methods. */
  descents: DescentStep[][] = [];
  failure = '';
  readonly #onChange: () => void;
  readonly #retraining: Retraining;
  #asked = '';
  #done = 0;
  #total = 0;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.#retraining = new Retraining({
      onPart: (part, total) => {
        if (part.of !== 'hypergradient') return;
        this.#total = total;
        this.#done++;
        if (part.curve.part === 'point') this.#addPoint(part.curve);
        else this.#addStep(part.curve);
        onChange();
      },
      onEnd: onChange,
      onFailure: (message) => {
        this.failure = message;
        onChange();
      },
    });
  }

  get work(): { done: number; total: number } | null {
    return this.#retraining.isRunning ? { done: this.#done, total: this.#total } : null;
  }

  start(experiment: Experiment): void {
    this.#forget();
    this.#retraining.start({ ...experiment, applications: ['hypergradient_retrained'] });
    this.#onChange();
  }

  /** What is known so far stays. */
  cancel(): void {
    this.#retraining.cancel();
    this.#onChange();
  }

  /** Forgets what was found out of another experiment. */
  follow(experiment: Experiment): void {
    const asked = JSON.stringify(experiment);
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#retraining.cancel();
    this.#forget();
  }

  #forget(): void {
    [this.curve, this.descents, this.failure, this.#done, this.#total] = [[], [], '', 0, 0];
  }

  #addPoint(point: CurvePoint): void {
    this.curve = [...this.curve, point].sort((a, b) => a.weight_decay - b.weight_decay);
  }

  #addStep(step: DescentStep): void {
    this.descents[step.method] = [...(this.descents[step.method] ?? []), step];
  }
}
