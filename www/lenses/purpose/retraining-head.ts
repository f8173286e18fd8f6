// The head of an application that is compared with retraining: by which inverse it predicts, and what retrains.

import type { Experiment } from '../../../pkg/hessian_lab';
import type { State } from '../../state';
import { box } from '../box';
import type { LensHost } from '../lens';
import type { Asked } from './asking';
import type { Choice } from './choice';
import { Progress } from './progress';
import { solverChoice } from './solver';

/** Many retrainings, one by one. */
interface Retrainings {
  readonly work: { readonly done: number; readonly total: number } | null;
  start(experiment: Experiment): void;
  cancel(): void;
}

export interface RetrainingHeadParts {
  /** What the button says. */
  readonly label: string;
  readonly ask: (state: State) => Asked;
  readonly retrainings: Retrainings;
  /** What stands between the choice and the button. */
  readonly between?: readonly Element[];
}

export class RetrainingHead {
  readonly element: HTMLElement;
  readonly #solvers: Choice;
  readonly #progress: Progress;
  readonly #retrainings: Retrainings;
  #state: State | null = null;

  constructor(host: LensHost, { label, ask, retrainings, between = [] }: RetrainingHeadParts) {
    this.#solvers = solverChoice(host);
    this.#retrainings = retrainings;
    this.#progress = new Progress(label, {
      onStart: () => {
        const question = this.#state && ask(this.#state);
        if (question && typeof question !== 'string') retrainings.start(question.experiment);
      },
      onCancel: () => retrainings.cancel(),
    });
    this.element = box('lens-foot', this.#solvers.element, ...between, this.#progress.element);
  }

  /** What its controls were last set to. */
  get state(): State | null {
    return this.#state;
  }

  control(state: State): void {
    this.#state = state;
    this.#solvers.show(state.solver);
  }

  showProgress(): void {
    this.#progress.show(this.#retrainings.work);
  }
}
