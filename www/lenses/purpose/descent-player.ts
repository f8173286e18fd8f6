// Plays a descent step by step: one press runs it to its end, another takes one step, another goes back to the start.

const STEP_MS = 450;

export class DescentPlayer {
  readonly element = document.createElement('span');
  readonly #onChange: () => void;
  readonly #play: HTMLButtonElement;
  readonly #words: HTMLElement;
  #step = 0;
  #last = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.element.className = 'descent-player';
    this.element.innerHTML = `<span class="play"><button type="button">Descend</button><button type="button" aria-label="Descend one step">+1</button><button type="button" aria-label="Back to the start">0</button></span>
      <span class="descent-step"></span>`;
    const [play, next, reset] = [...this.element.querySelectorAll('button')] as [
      HTMLButtonElement,
      HTMLButtonElement,
      HTMLButtonElement,
    ];
    this.#play = play;
    this.#words = this.element.querySelector('.descent-step') as HTMLElement;
    play.addEventListener('click', () => (this.#timer === undefined ? this.#run() : this.#stop()));
    next.addEventListener('click', () => this.#take(this.#step + 1));
    reset.addEventListener('click', () => this.#take(0));
  }

  /** How far the descent is shown, of so many steps as there are. */
  at(last: number): number {
    this.#last = Math.max(last, 0);
    const step = Math.min(this.#step, this.#last);
    for (const button of this.element.querySelectorAll('button')) button.disabled = this.#last === 0;
    this.#words.textContent = this.#last === 0 ? '' : `step ${step} of ${this.#last}`;
    return step;
  }

  #run(): void {
    if (this.#step >= this.#last) this.#step = 0;
    this.#timer = setInterval(() => {
      this.#step = Math.min(this.#step + 1, this.#last);
      if (this.#step >= this.#last) this.#stop();
      this.#onChange();
    }, STEP_MS);
    this.#play.textContent = 'Pause';
    this.#onChange();
  }

  #take(step: number): void {
    this.#stop();
    this.#step = Math.min(step, this.#last);
    this.#onChange();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#play.textContent = 'Descend';
  }
}
