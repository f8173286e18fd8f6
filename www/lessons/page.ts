// One lesson on its page: what it asks, what it shows once a prediction is made, and its sentence on the bench.

import type { Report } from '../../pkg/hessian_lab';
import { Announcer } from '../announcer';
import type { Scales } from '../charts/curve';
import { Client } from '../client';
import { element, write } from '../dom';
import type { Picture } from '../picture';
import { DEFAULT_STATE, type State } from '../state';
import type { Store } from '../store';
import { glide } from './glide';
import type { Lesson, View } from './lesson';
import { GuessMarker } from './marker';
import { Question } from './question';

/** In pixels: what a focus ring takes around what it is drawn on. */
const RING = 4;

export class Page {
  readonly #root: HTMLElement;
  readonly #lesson: Lesson;
  readonly #store: Store<State>;
  readonly #question: Question;
  readonly #marker: GuessMarker | null;
  readonly #client: Client<string> | null;
  readonly #announcer: Announcer;
  #picture: Picture | null = null;
  #scales: Scales | null = null;
  #own: { asked: string; report: Report | null } = { asked: '', report: null };
  #revealed = false;

  constructor(root: HTMLElement, lesson: Lesson, store: Store<State>) {
    this.#root = root;
    this.#lesson = lesson;
    this.#store = store;
    element('.page', root).innerHTML = body(lesson);
    this.#announcer = new Announcer(element('.said', root));
    this.#question = new Question(element('form', root), lesson.prediction, {
      onMove: () => this.#drawMarker(),
      onCommit: (guess) => this.#commit(guess),
    });
    const { prediction } = lesson;
    this.#marker =
      prediction.kind === 'marker'
        ? new GuessMarker(element('#convergence-chart'), prediction, (place) => this.#question.moveTo(place))
        : null;
    this.#client = lesson.experiment
      ? new Client({
          onReport: (report, asked) => this.#receive(report, asked),
          // After whatever befell a worker it is asked again, at the next picture.
          onFailure: (_, outcome) => {
            if (outcome === 'broken') this.#own = { asked: '', report: this.#own.report };
          },
        })
      : null;
    for (const [index, button] of [...root.querySelectorAll<HTMLElement>('.tries button')].entries())
      button.addEventListener('click', () => this.#try(index));
    for (const part of this.#revealedParts()) part.hidden = true;
  }

  get revealed(): boolean {
    return this.#revealed;
  }

  /** The explanation is there from the moment there is a prediction. */
  show({ guess }: State): void {
    if (guess === null || this.#revealed) return;
    this.#revealed = true;
    this.#question.close(guess);
    for (const part of this.#revealedParts()) part.hidden = false;
    this.#drawMarker();
  }

  draw(picture: Picture, scales: Scales | null): void {
    this.#picture = picture;
    this.#scales = scales;
    this.#drawMarker();
    this.#askOwn(picture.state);
    this.#write();
  }

  close(): void {
    this.#announcer.hush();
    this.#marker?.remove();
    this.#client?.close();
  }

  #revealedParts(): HTMLElement[] {
    return [...this.#root.querySelectorAll<HTMLElement>('.revealed, footer')];
  }

  #commit(guess: number): void {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const { start, reveal } = this.#lesson;
    const { lesson, back } = this.#store.value;
    glide(this.#store, { ...DEFAULT_STATE, ...start, ...reveal, lesson, guess, back }, still);
    this.show(this.#store.value);
    const outcome = element<HTMLElement>('.outcome', this.#root);
    outcome.focus({ preventScroll: true });
    // The panel alone scrolls, to leave the outcome under its header; the bench stays where it is.
    const header = element('header', this.#root).getBoundingClientRect();
    const top = this.#root.scrollTop + outcome.getBoundingClientRect().top - header.bottom - RING;
    this.#root.scrollTo({ top, behavior: still ? 'instant' : 'smooth' });
  }

  #try(index: number): void {
    const view = this.#view();
    const patch = view && this.#lesson.tries[index]?.patch(view);
    if (patch) this.#store.set(patch);
  }

  #view(): View | null {
    return this.#picture && { picture: this.#picture, own: this.#own.report };
  }

  #drawMarker(): void {
    if (this.#scales) this.#marker?.draw(this.#scales, this.#question.place, this.#revealed);
  }

  #askOwn(state: State): void {
    const experiment = this.#lesson.experiment?.(state);
    if (!experiment || !this.#client) return;
    const asked = JSON.stringify(experiment);
    if (asked === this.#own.asked) return;
    this.#own = { asked, report: this.#own.report };
    this.#client.ask({ experiment }, asked);
  }

  #receive(report: Report, asked: string): void {
    if (asked !== this.#own.asked) return;
    this.#own = { asked, report };
    this.#write();
  }

  /** The numbers in the text, and the sentence on the bench, which is said aloud once it has settled. */
  #write(): void {
    const view = this.#view();
    if (!view) return;
    for (const [name, text] of Object.entries(this.#lesson.numbers?.(view) ?? {}))
      for (const place of this.#root.querySelectorAll(`[data-number="${name}"]`)) place.textContent = text;
    const now = element('.now', this.#root);
    const text = this.#lesson.now(view);
    if (now.textContent === text) return;
    write(now, text);
    if (this.#revealed) this.#announcer.say(text);
    else this.#announcer.hush();
  }
}

function body({ setup, claim, explanation, notebook, task, tries }: Lesson): string {
  return `
    ${setup}
    <form></form>
    <div class="revealed">
      <p class="claim">${claim}</p>
      ${explanation}
      ${notebook ? `<aside class="notebook"><h3>In the notebook</h3>${notebook}</aside>` : ''}
      <h3>Try</h3>
      <p>${task}</p>
      <p class="tries">${tries.map(({ label }) => `<button type="button">${label}</button>`).join('')}</p>
      <p class="now"></p>
      <p class="said unseen" aria-live="polite"></p>
    </div>`;
}
