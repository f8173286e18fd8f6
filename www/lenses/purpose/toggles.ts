// A few things that can each be switched on and off, as boxes that wrap.

import type { MethodStyle } from '../../methods';

export interface Toggles {
  readonly element: HTMLElement;
  /** Those that are off. */
  readonly show: (off: readonly string[]) => void;
}

/** `label` says what is switched; `onToggle` hears of all that are off. */
export function toggles(
  label: string,
  items: readonly MethodStyle[],
  onToggle: (off: readonly string[]) => void,
): Toggles {
  const element = document.createElement('div');
  element.className = 'chips toggles';
  element.setAttribute('role', 'group');
  element.setAttribute('aria-label', label);
  const boxes = items.map((item) => {
    const box = Object.assign(document.createElement('input'), { type: 'checkbox', value: item.name });
    const text = Object.assign(document.createElement('span'), { textContent: item.label });
    text.style.setProperty('--method', item.colour);
    const chip = Object.assign(document.createElement('label'), { title: item.summary });
    chip.append(box, text);
    element.append(chip);
    return box;
  });
  element.addEventListener('change', () => onToggle(boxes.filter(({ checked }) => !checked).map(({ value }) => value)));
  return {
    element,
    show: (off) => {
      for (const box of boxes) box.checked = !off.includes(box.value);
    },
  };
}
