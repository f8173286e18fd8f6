// Says aloud what the page tells, once that has settled: whoever listens can't be told every frame.

import { write } from './dom';

const AFTER_MS = 800;

export class Announcer {
  /** A live region. */
  readonly #place: Element;
  #text = '';
  /** When it was last told something new. */
  #told = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(place: Element) {
    this.#place = place;
  }

  say(text: string): void {
    this.#text = text;
    this.#told = performance.now();
    this.#timer ??= setTimeout(() => this.#announce(), AFTER_MS);
  }

  /** Leaves unsaid what it has not said yet. */
  hush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Waits again for as long as is left, where it was told something else meanwhile: a timer each time would cost more. */
  #announce(): void {
    const left = this.#told + AFTER_MS - performance.now();
    this.#timer = left > 0 ? setTimeout(() => this.#announce(), left) : undefined;
    if (left <= 0) write(this.#place, this.#text);
  }
}
