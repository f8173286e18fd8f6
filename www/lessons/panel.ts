// The lessons' panel: their list, or one of them with the ways to the others.

import './lessons.css';
import type { Scales } from '../charts/curve';
import { element } from '../dom';
import type { Picture } from '../picture';
import { CONTENTS, type State } from '../state';
import type { Store } from '../store';
import { type Entry, LESSONS } from './catalogue';
import { finishedLessons, finishLesson } from './finished';
import type { Lesson } from './lesson';
import { Page } from './page';

interface Ways {
  open(name: string): Promise<void>;
  leave(): void;
}

export class Panel {
  readonly #root = element<HTMLElement>('#lesson');
  readonly #store: Store<State>;
  readonly #ways: Ways;
  #shown = '';
  #page: Page | null = null;

  constructor(store: Store<State>, ways: Ways) {
    this.#store = store;
    this.#ways = ways;
    this.#root.addEventListener('click', ({ target }) => this.#press(target as Element));
    this.#root.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') ways.leave();
    });
  }

  /** A lesson, or without one their list. */
  show(one: { entry: Entry; lesson: Lesson } | null): void {
    const { lesson: name, guess } = this.#store.value;
    const started = guess === null && this.#page?.revealed;
    if (this.#shown !== name || started) this.#open(one);
    this.#page?.show(this.#store.value);
    if (one && guess !== null) finishLesson(one.entry.name);
    document.documentElement.dataset['lesson'] = one ? (guess === null ? 'predict' : 'revealed') : 'contents';
  }

  draw(picture: Picture, scales: Scales | null): void {
    this.#page?.draw(picture, scales);
  }

  hide(): void {
    this.#page?.close();
    this.#page = null;
    this.#shown = '';
    this.#root.hidden = true;
    this.#root.replaceChildren();
    delete document.documentElement.dataset['lesson'];
  }

  #open(one: { entry: Entry; lesson: Lesson } | null): void {
    this.#page?.close();
    this.#page = null;
    this.#shown = this.#store.value.lesson;
    this.#root.hidden = false;
    this.#root.innerHTML = one ? pageShell(one.entry) : contents();
    this.#root.scrollTop = 0;
    if (one) this.#page = new Page(this.#root, one.lesson, this.#store);
    const title = element<HTMLElement>('h2', this.#root);
    title.focus({ preventScroll: true });
    // Beside the bench there is nothing to scroll to; over it, on a phone, the chart must come out from under.
    if (getComputedStyle(this.#root).position === 'fixed') element('.convergence').scrollIntoView();
  }

  #press(target: Element): void {
    const button = target.closest('button');
    if (button?.dataset['open']) this.#ways.open(button.dataset['open']);
    else if (button?.matches('.leave')) this.#ways.leave();
  }
}

function pageShell({ name, title }: Entry): string {
  const index = LESSONS.findIndex((entry) => entry.name === name);
  const [previous, next] = [LESSONS[index - 1], LESSONS[index + 1]];
  const arrow = (way: string, entry: Entry | undefined, sign: string) =>
    entry
      ? `<button type="button" data-open="${entry.name}" aria-label="${way} lesson: ${entry.title}">${sign}</button>`
      : '';
  return `
    <header>
      <button type="button" class="quiet" data-open="${CONTENTS}" aria-label="All lessons; this is ${index + 1} of ${LESSONS.length}">Lesson ${index + 1} of ${LESSONS.length}</button>
      <span class="steps">${arrow('Previous', previous, '←')}${arrow('Next', next, '→')}<button type="button" class="leave" title="Back to the bench as it was">Leave</button></span>
    </header>
    <h2 id="lesson-title" tabindex="-1">${title}</h2>
    <div class="page"></div>
    <footer>${
      next
        ? `<button type="button" class="next" data-open="${next.name}">Next: ${next.title}</button>`
        : '<button type="button" class="leave">Back to the bench</button>'
    }</footer>`;
}

function contents(): string {
  const done = finishedLessons();
  const lines = LESSONS.map(({ name, title }) => {
    const mark = done.has(name) ? ' <span class="done">✓<span class="unseen"> done</span></span>' : '';
    return `<li><button type="button" data-open="${name}">${title}${mark}</button></li>`;
  }).join('');
  return `
    <header><span class="quiet">A few minutes each</span><span class="steps"><button type="button" class="leave">Leave</button></span></header>
    <h2 id="lesson-title" tabindex="-1">Eight lessons</h2>
    <p>Each asks you to predict something, then shows it on the bench. Leaving one puts the bench back as you had it.</p>
    <ol class="contents">${lines}</ol>`;
}
