// A value that tells its listeners when it changes.

type Listener<T> = (next: T, before: T) => void;

export class Store<T extends object> {
  readonly #listeners: Listener<T>[] = [];
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(patch: Partial<T>): void {
    const before = this.#value;
    this.#value = { ...before, ...patch };
    for (const listener of this.#listeners) listener(this.#value, before);
  }

  subscribe(listener: Listener<T>): void {
    this.#listeners.push(listener);
  }
}
