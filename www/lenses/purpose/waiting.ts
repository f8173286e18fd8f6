// Work whose end nobody can foretell: after a moment, how long it has taken so far, and a button that cancels it.

/** Work that is over sooner needs no words. */
const SHORT_MS = 300;
const SECOND_MS = 1000;

export class Waiting {
  readonly element = document.createElement('p');
  readonly #words: HTMLElement;
  #since = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onCancel: () => void) {
    this.element.className = 'waiting';
    this.element.hidden = true;
    this.element.innerHTML =
      '<progress aria-label="Computing"></progress> <span></span> <button type="button">Cancel</button>';
    this.#words = this.element.querySelector('span') as HTMLElement;
    this.element.querySelector('button')?.addEventListener('click', () => {
      this.stop();
      onCancel();
    });
  }

  start(): void {
    this.stop();
    this.#since = performance.now();
    this.#timer = setTimeout(() => this.#tell(), SHORT_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.element.hidden = true;
  }

  #tell(): void {
    this.element.hidden = false;
    this.#words.textContent = `computing, ${Math.floor((performance.now() - this.#since) / SECOND_MS)} s so far`;
    this.#timer = setTimeout(() => this.#tell(), SECOND_MS);
  }
}
