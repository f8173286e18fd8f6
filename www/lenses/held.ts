// An axis that moves only when it must, and only once the reader has let go of a slider.

export class Held<T> {
  readonly #keep: (present: T, wanted: T) => T;
  #present: T | undefined;

  /** `keep` says which of two axes to show: the present one if it still serves. */
  constructor(keep: (present: T, wanted: T) => T) {
    this.#keep = keep;
  }

  /** What is wanted is made only where it matters. */
  show(wanted: () => T, settled: boolean): T {
    if (this.#present === undefined) this.#present = wanted();
    else if (settled) this.#present = this.#keep(this.#present, wanted());
    return this.#present;
  }
}

export type Interval = readonly [low: number, high: number];

/** The present interval, if it holds the wanted one without wasting most of its room. */
export function keepInterval(present: Interval, wanted: Interval): Interval {
  const holds = present[0] <= wanted[0] && present[1] >= wanted[1];
  const wasteful = present[1] - present[0] > 1.6 * (wanted[1] - wanted[0]);
  return holds && !wasteful ? present : wanted;
}
