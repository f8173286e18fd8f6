// The prediction: a form with answers to pick, or a slider that is the marker on the chart by keyboard.

import { element } from '../dom';
import type { Choice, Marker, Prediction } from './lesson';

export interface QuestionEvents {
  readonly onMove: () => void;
  readonly onCommit: (guess: number) => void;
}

export class Question {
  readonly #form: HTMLFormElement;
  readonly #prediction: Prediction;
  readonly #events: QuestionEvents;
  #guess: number | null = null;

  constructor(form: HTMLFormElement, prediction: Prediction, events: QuestionEvents) {
    this.#form = form;
    this.#prediction = prediction;
    this.#events = events;
    form.innerHTML = `
      <fieldset><legend>${prediction.question}</legend>
        ${prediction.kind === 'choice' ? options(prediction) : slider(prediction)}
        <button type="submit">${prediction.kind === 'choice' ? 'That is my answer' : 'That is my guess'}</button>
      </fieldset>
      <p class="outcome" tabindex="-1"></p>`;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const place = this.place;
      if (place !== null) events.onCommit(place);
    });
    form.addEventListener('input', () => this.#move());
    if (prediction.kind === 'marker') this.#move();
  }

  /** The answer picked so far, or where the marker is. */
  get place(): number | null {
    if (this.#guess !== null) return this.#guess;
    if (this.#prediction.kind === 'marker') return placeAt(this.#prediction, Number(this.#range().value));
    const picked = this.#form.querySelector<HTMLInputElement>('input:checked');
    return picked && Number(picked.value);
  }

  /** The marker has been dragged on the chart. */
  moveTo(place: number): void {
    if (this.#prediction.kind !== 'marker' || this.#guess !== null) return;
    this.#range().value = `${this.#prediction.axis === 'y' ? Math.log10(place) : place}`;
    this.#move();
  }

  /** Committed: the answer stays to be seen, beside what is right. */
  close(guess: number): void {
    this.#guess = guess;
    element<HTMLFieldSetElement>('fieldset', this.#form).disabled = true;
    element('button', this.#form).remove();
    const prediction = this.#prediction;
    const outcome = element('.outcome', this.#form);
    if (prediction.kind === 'choice') {
      for (const input of this.#form.querySelectorAll('input')) {
        const index = Number(input.value);
        input.checked = index === guess;
        input.parentElement?.classList.toggle('right', index === prediction.answer);
        input.parentElement?.classList.toggle('yours', index === guess && guess !== prediction.answer);
      }
      outcome.textContent = choiceOutcome(prediction, guess);
    } else {
      this.#range().value = `${prediction.axis === 'y' ? Math.log10(guess) : guess}`;
      this.#move();
      outcome.textContent = markerOutcome(prediction, guess);
    }
  }

  #range(): HTMLInputElement {
    return element('input', this.#form);
  }

  #move(): void {
    const prediction = this.#prediction;
    if (prediction.kind === 'marker') {
      const text = prediction.words(this.place ?? prediction.start);
      element('output', this.#form).textContent = text;
      this.#range().setAttribute('aria-valuetext', text);
    }
    this.#events.onMove();
  }
}

export function placeAt({ axis }: Marker, position: number): number {
  return axis === 'y' ? Number((10 ** position).toPrecision(2)) : position;
}

function options({ options: texts }: Choice): string {
  return texts
    .map(
      (text, index) =>
        `<label class="option"><input type="radio" name="answer" value="${index}" required /> <span>${text}</span></label>`,
    )
    .join('');
}

function slider({ axis, low, high, step, start }: Marker): string {
  const value = axis === 'y' ? Math.log10(start) : start;
  return `
    <p class="place"><label for="guess">Your marker</label> <output for="guess"></output></p>
    <input type="range" id="guess" min="${low}" max="${high}" step="${step}" value="${value}" />`;
}

export function choiceOutcome({ options: texts, answer }: Choice, guess: number): string {
  return guess === answer ? 'Right.' : `Not so. The answer was “${texts[answer] ?? ''}”.`;
}

export function markerOutcome({ answer, words, right: [low, high] }: Marker, guess: number): string {
  const verdict = guess >= low && guess <= high ? 'Well judged' : 'Not quite';
  return `${verdict}: you said ${words(guess)}, it is ${words(answer)}.`;
}
