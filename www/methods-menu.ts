// The list of methods: a box each to switch it on and off.

import { isRun, METHODS, type MethodStyle, STANDARD } from './methods';
import type { State } from './state';

/** What switching a method on or off changes: those that always run are only hidden. */
export function toggled({ hidden, also }: State, name: string): Partial<State> {
  const flip = (list: readonly string[]) =>
    list.includes(name) ? list.filter((other) => other !== name) : [...list, name];
  return STANDARD.includes(name)
    ? { hidden: flip(hidden) }
    : { also: flip(also), hidden: hidden.filter((other) => other !== name) };
}

export class MethodsMenu {
  readonly #list: HTMLElement;

  constructor(list: HTMLElement, onToggle: (name: string) => void) {
    this.#list = list;
    list.replaceChildren(...METHODS.map((method) => makeItem(method, () => onToggle(method.name))));
  }

  show({ hidden, also }: State): void {
    for (const box of this.#list.querySelectorAll('input'))
      box.checked = isRun(box.value, also) && !hidden.includes(box.value);
  }
}

function makeItem({ name, label, summary, colour, dash }: MethodStyle, onToggle: () => void): HTMLLIElement {
  const item = document.createElement('li');
  item.style.setProperty('--method', colour);
  item.innerHTML = `<label><input type="checkbox" value="${name}" />
    <svg class="swatch" viewBox="0 0 22 8" aria-hidden="true"><path d="M0,4H22" stroke-dasharray="${dash}" /></svg>
    <b>${label}</b> <span>${summary}</span></label>`;
  item.querySelector('input')?.addEventListener('change', onToggle);
  return item;
}
