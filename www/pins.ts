// Pinned runs: pictures kept to compare the next ones with.

import type { Picture } from './picture';
import type { Duration } from './reading';

export interface Pin extends Picture {
  readonly durations: ReadonlyMap<string, Duration>;
}

export const MOST_PINS = 6;

export class Pins {
  #all: readonly Pin[] = [];
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get all(): readonly Pin[] {
    return this.#all;
  }

  /** The oldest makes room. */
  add(picture: Picture, durations: Pin['durations']): void {
    this.#set([...this.#all, { ...picture, durations }].slice(-MOST_PINS));
  }

  remove(pin: Pin): void {
    this.#set(this.#all.filter((other) => other !== pin));
  }

  clear(): void {
    this.#set([]);
  }

  #set(pins: readonly Pin[]): void {
    this.#all = pins;
    this.#onChange();
  }
}
