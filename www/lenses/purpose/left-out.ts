// The network retrained without one datum, which the reader picked.

import type { Experiment, Without } from '../../../pkg/hessian_lab';
import { Client } from '../../client';

export class LeftOut {
  readonly #client: Client<string, Without>;
  #asked = '';
  #answer: { readonly asked: string; readonly without: Without } | null = null;

  constructor(onChange: () => void) {
    this.#client = new Client<string, Without>({
      onReport: (without, asked) => {
        this.#answer = { asked, without };
        onChange();
      },
      // A refusal holds for as long as the question; whatever befell a worker does not.
      onFailure: (_, outcome) => {
        if (outcome === 'broken') this.#asked = '';
      },
    });
  }

  /** The answer for a datum, from 1; none for 0, and none yet while it is retrained. */
  follow(experiment: Experiment, datum: number): Without | null {
    if (datum === 0) return null;
    const bare = { ...experiment, methods: [], damping: 0, applications: [] };
    const asked = JSON.stringify([bare, datum]);
    if (asked !== this.#asked) this.#client.ask({ without: bare, datum: datum - 1 }, asked);
    this.#asked = asked;
    return this.#answer?.asked === asked ? this.#answer.without : null;
  }
}
