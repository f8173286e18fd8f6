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

/** What was last made for each place; who makes something there makes nothing else there. */
const made = new WeakMap<Element, Kept<unknown>>();

/** What was last made for a place, unless it was made of other things. */
export function keptFor<T>(place: Element, of: readonly unknown[], make: () => T): T {
  const kept = (made.get(place) ?? new Kept<unknown>()) as Kept<T>;
  made.set(place, kept as Kept<unknown>);
  return kept.get(of, make);
}

/** Draws in a place, unless what was drawn there last was of the same things. */
export function drawIfNew(place: Element, of: readonly unknown[], draw: () => void): void {
  keptFor(place, of, draw);
}
