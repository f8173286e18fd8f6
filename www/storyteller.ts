// Shows the story over the chart, and buttons for what to try next.

import { Announcer } from './announcer';
import { element, focusOn } from './dom';
import { METHODS } from './methods';
import type { Picture } from './picture';
import { type Suggestion, tell } from './words';

export class Storyteller {
  readonly #text = element<HTMLElement>('#sentence');
  readonly #next = element<HTMLElement>('#suggestions');
  readonly #announcer = new Announcer(element('#announcement'));
  readonly #onSuggestion: (suggestion: Suggestion) => void;
  #suggestions: readonly Suggestion[] = [];

  constructor(onSuggestion: (suggestion: Suggestion) => void) {
    this.#onSuggestion = onSuggestion;
  }

  show(picture: Picture, twin: Picture | null): void {
    const { text, next } = tell(picture, twin);
    if (text !== this.#text.textContent) this.#say(text);
    this.#offer(next);
  }

  #say(text: string): void {
    if (!retold(this.#text, text)) this.#text.replaceChildren(...tinted(text));
    this.#announcer.say(text);
  }

  /** Buttons are kept and renamed, so that one keeps the focus while a slider moves. */
  #offer(next: readonly Suggestion[]): void {
    this.#suggestions = next;
    this.#leave(next.length);
    while (this.#next.children.length < next.length) this.#next.append(this.#button(this.#next.children.length));
    for (const [index, { label }] of next.entries()) {
      const button = this.#next.children[index];
      if (button && button.textContent !== label) button.textContent = label;
    }
  }

  /** So many buttons at most; the focus of one that goes is given to the last that stays, or to the story. */
  #leave(most: number): void {
    const focused = document.activeElement;
    const gone = [...this.#next.children].slice(most);
    for (const button of gone) button.remove();
    if (!focused || !gone.includes(focused)) return;
    const last = this.#next.querySelector<HTMLElement>('button:last-child');
    if (last) last.focus();
    else focusOn(this.#text);
  }

  #button(index: number): HTMLButtonElement {
    const button = Object.assign(document.createElement('button'), { type: 'button' });
    button.addEventListener('click', () => {
      const suggestion = this.#suggestions[index];
      if (suggestion) this.#onSuggestion(suggestion);
    });
    return button;
  }
}

/** Split at these, every other part is a name. */
const NAMES = /\b(CG|Neumann|KFAC)\b/;

/** Writes the text between the names, where those are the ones that stand there. */
function retold({ childNodes: there }: Element, text: string): boolean {
  const parts = text.split(NAMES);
  const between = [...there].filter((node) => node instanceof Text);
  const isSame = (part: string, index: number) => index % 2 === 0 || there[index]?.textContent === part;
  if (there.length !== parts.length || between.length !== (parts.length + 1) / 2 || !parts.every(isSame)) return false;
  for (const [index, node] of between.entries()) if (node.data !== parts[2 * index]) node.data = parts[2 * index] ?? '';
  return true;
}

/** Method names in their own colours. */
function tinted(text: string): (string | HTMLElement)[] {
  return text.split(NAMES).map((part) => {
    const style = METHODS.find((method) => method.label === part);
    if (!style) return part;
    const name = Object.assign(document.createElement('b'), { textContent: part });
    name.style.color = style.colour;
    return name;
  });
}
