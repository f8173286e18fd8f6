// Long work under way: a button that starts it, a bar that shows how far it is, and a button that cancels it.

export interface ProgressEvents {
  readonly onStart: () => void;
  readonly onCancel: () => void;
}

/** Work that is over sooner needs no bar. */
const SHORT_MS = 100;

export class Progress {
  readonly element = document.createElement('div');
  readonly #start: HTMLButtonElement;
  readonly #running: HTMLElement;
  readonly #bar: HTMLProgressElement;
  readonly #words: HTMLElement;
  #since = 0;

  /** `label` names the work, on its button. */
  constructor(label: string, { onStart, onCancel }: ProgressEvents) {
    this.element.className = 'progress';
    this.element.innerHTML = `<button type="button"></button>
      <span class="running" hidden><progress></progress><span></span><button type="button">Cancel</button></span>`;
    const [start, running] = [...this.element.children] as [HTMLButtonElement, HTMLElement];
    const [bar, words, cancel] = [...running.children] as [HTMLProgressElement, HTMLElement, HTMLButtonElement];
    [this.#start, this.#running, this.#bar, this.#words] = [start, running, bar, words];
    start.textContent = label;
    bar.setAttribute('aria-label', label);
    start.addEventListener('click', onStart);
    cancel.addEventListener('click', () => {
      onCancel();
      start.focus();
    });
  }

  /** `done` of `total`; nothing is under way where they are null. */
  show(work: { readonly done: number; readonly total: number } | null): void {
    const focused = this.element.contains(document.activeElement);
    if (!work) this.#since = 0;
    else if (this.#since === 0) this.#since = performance.now();
    const long = work !== null && performance.now() - this.#since > SHORT_MS;
    this.#start.disabled = work !== null && !long;
    this.#start.toggleAttribute('hidden', long);
    this.#running.toggleAttribute('hidden', !long);
    if (!work && focused) this.#start.focus();
    if (work && work.total > 0) {
      this.#bar.max = work.total;
      this.#bar.value = work.done;
      this.#words.textContent = `${work.done} of ${work.total}`;
    }
  }
}
