// A vertical axis that holds still, and eases to where it must go when it may.

import { between, type Decades, keepDecades } from './domain';

const EASE_MS = 250;

export class EasedDecades {
  #shown: Decades | null = null;
  #from: Decades = [0, 1];
  #to: Decades = [0, 1];
  #start = 0;

  /** Sets where the axis is to go: only if it must, and at once where motion is not wanted. */
  aim(wanted: Decades, still: boolean): void {
    if (!this.#shown) {
      this.#shown = this.#from = this.#to = wanted;
      return;
    }
    const next = keepDecades(this.#to, wanted);
    if (next === this.#to) return;
    this.#from = still ? next : this.#shown;
    this.#to = next;
    this.#start = performance.now();
  }

  /** Whether it still moves. */
  get moving(): boolean {
    return this.#shown !== this.#to;
  }

  /** What the axis shows at this moment. */
  step(): Decades {
    const progress = Math.min((performance.now() - this.#start) / EASE_MS, 1);
    this.#shown = progress === 1 ? this.#to : between(this.#from, this.#to, progress * (2 - progress));
    return this.#shown;
  }
}
