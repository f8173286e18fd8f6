// The way into the lessons: loads them when one is opened, sets the bench, and puts it back on leaving.

import type { Scales } from '../charts/curve';
import { element, writeAttribute } from '../dom';
import { orNotice } from '../notice';
import type { Picture } from '../picture';
import { CONTENTS, DEFAULT_STATE, NO_LESSON, type State } from '../state';
import { fromAddress, toAddress } from '../state-text';
import type { Store } from '../store';
import { type Entry, LESSONS } from './catalogue';
import { finishedLessons } from './finished';
import type { Lesson } from './lesson';
import type { Panel } from './panel';

export class Door {
  readonly #store: Store<State>;
  readonly #opener: HTMLElement;
  #panel: Panel | null = null;
  /** What a marker's axis must hold. */
  #reach: readonly number[] = [];
  /** The lesson whose bench has been set here, not by an address. */
  #opened = '';
  #isShown = false;
  #seen: { picture: Picture; scales: Scales | null } | null = null;

  constructor(store: Store<State>, opener: HTMLElement) {
    this.#store = store;
    this.#opener = opener;
    opener.addEventListener('click', () => this.#press());
    for (const button of document.querySelectorAll<HTMLElement>('button[data-lesson]'))
      button.addEventListener('click', () => this.#openFromGuide(button.dataset['lesson'] ?? CONTENTS));
    element<HTMLElement>('.start').hidden = finishedLessons().size > 0;
    store.subscribe(() => this.#follow());
    this.#follow();
  }

  /** A lesson that is open, but did not load, is tried again. */
  #press(): void {
    if (this.#store.value.lesson === '') void this.open(CONTENTS);
    else if (this.#isShown) this.leave();
    else void this.#follow();
  }

  /** Sets the bench as a lesson starts; the list of lessons leaves it alone. */
  async open(name: string): Promise<void> {
    const entry = LESSONS.find((known) => known.name === name);
    const lesson = entry && (await this.#load(entry));
    if (entry && !lesson) return;
    const state = this.#store.value;
    const back = state.lesson === '' ? toAddress({ ...state, own: null }) : state.back;
    if (state.lesson === '') keepOwn(back, state.own);
    this.#opened = name;
    this.#store.set({ ...(lesson && { ...DEFAULT_STATE, ...lesson.start }), lesson: name, guess: null, back });
  }

  get reach(): readonly number[] {
    return this.#reach;
  }

  /** Puts the bench back as it was. */
  leave(): void {
    const { back } = this.#store.value;
    this.#store.set({ ...fromAddress(back), ...NO_LESSON, own: keptOwn(back) });
    this.#opener.focus();
  }

  /** What has just been drawn: the texts speak of it, and markers stand on its axes, where the chart is in view. */
  draw(picture: Picture, scales: Scales | null): void {
    this.#seen = { picture, scales };
    this.#panel?.draw(picture, scales);
  }

  /** The guide lies under the bench: the lesson is up there. */
  async #openFromGuide(name: string): Promise<void> {
    await this.open(name);
    scrollTo({ top: 0, behavior: 'instant' });
  }

  async #follow(): Promise<void> {
    const { lesson: name } = this.#store.value;
    writeAttribute(this.#opener, 'aria-expanded', `${name !== ''}`);
    if (name === '') {
      this.#opened = '';
      this.#isShown = false;
      this.#reach = [];
      this.#panel?.hide();
    } else if (isBare(this.#store.value) && this.#opened !== name) {
      await this.open(name);
    } else {
      const entry = LESSONS.find((known) => known.name === name);
      const [panel, lesson] = await Promise.all([this.#loadPanel(), entry && this.#load(entry)]);
      if (this.#store.value.lesson !== name || !panel || (entry && !lesson)) return;
      this.#reach = lesson ? reachOf(lesson) : [];
      panel.show(entry && lesson ? { entry, lesson } : null);
      this.#isShown = true;
      if (this.#seen) panel.draw(this.#seen.picture, this.#seen.scales);
    }
  }

  async #load(entry: Entry): Promise<Lesson | null> {
    return (await orNotice(() => entry.load(), NOT_LOADED))?.lesson ?? null;
  }

  async #loadPanel(): Promise<Panel | null> {
    const module = await orNotice(() => import('./panel'), NOT_LOADED);
    if (module) this.#panel ??= new module.Panel(this.#store, this);
    return this.#panel;
  }
}

const NOT_LOADED = 'The lesson did not load. Check the connection and open it again.';

/** Where the reader's own data wait: too large for an address within an address, they must outlive a reload. */
const KEPT = 'hessian-lab-own';

function keepOwn(back: string, own: State['own']): void {
  kept = { back, own };
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(kept));
  } catch {
    // Without a store, or with one that is full, they wait here until the page is left.
  }
}

let kept: { back: string; own: State['own'] } | null = null;

/** The own data of the bench at this address. */
function keptOwn(back: string): State['own'] {
  const found = kept ?? storedOwn();
  return found?.back === back ? found.own : null;
}

function storedOwn(): typeof kept {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? 'null');
  } catch {
    return null;
  }
}

function reachOf({ prediction }: Lesson): number[] {
  return prediction.kind === 'marker' && prediction.axis === 'y' ? [10 ** prediction.low, 10 ** prediction.high] : [];
}

/** An address that names a lesson and nothing else: its bench is the lesson's own. */
function isBare(state: State): boolean {
  return state.lesson !== CONTENTS && toAddress(state) === toAddress({ ...DEFAULT_STATE, lesson: state.lesson });
}
