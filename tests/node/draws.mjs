// Seeded draws: the same seed draws the same, on any machine.

export class Draws {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** Evenly from [0, 1): Weyl's sequence, its bits mixed as MurmurHash3 ends. */
  unit() {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
  }

  whole(least, most) {
    return least + Math.floor(this.unit() * (most - least + 1));
  }

  chance(probability) {
    return this.unit() < probability;
  }

  pick(items) {
    return items[this.whole(0, items.length - 1)];
  }

  list(length, draw) {
    return Array.from({ length }, (_, index) => draw(index));
  }

  /** Bell-shaped enough, by a sum of even ones. */
  bell() {
    return this.unit() + this.unit() + this.unit() - 1.5;
  }

  /** A magnitude between two, evenly by decades. */
  magnitude(least, most) {
    return least * (most / least) ** this.unit();
  }

  seed() {
    return this.whole(0, 0xffffffff);
  }
}
