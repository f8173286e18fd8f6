// What was made of some things, kept until they are others: most of what is drawn does not follow from what has moved.

export class Kept<T> {
  #of: readonly unknown[] | null = null;
  #value: T | undefined;

  /** The same as before, unless one of the things is another. */
  get(of: readonly unknown[], make: () => T): T {
    if (
      !this.#of ||
      this.#of.length !== of.length ||
      !of.every((thing, index) => Object.is(thing, this.#of?.[index]))
    ) {
      this.#of = of;
      this.#value = make();
    }
    return this.#value as T;
  }
}

const drawn = new WeakMap<Element, Kept<void>>();

/** Draws in a place, unless what was drawn there last was of the same things. */
export function drawIfNew(place: Element, of: readonly unknown[], draw: () => void): void {
  const kept = drawn.get(place) ?? new Kept<void>();
  drawn.set(place, kept);
  kept.get(of, draw);
}
