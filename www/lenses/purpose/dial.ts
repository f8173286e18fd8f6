// A slider with a number field, made for a lens.

export interface Dial {
  readonly id: string;
  readonly label: string;
  readonly symbol: string;
  /** What the number may be. */
  readonly low: number;
  readonly high: number;
  /** Of the range: its last position, from 0, and the step between positions. */
  readonly last: number;
  readonly step: number;
}

/** The element that a Slider is bound to. */
export function dialElement({ id, label, symbol, low, high, last, step }: Dial): HTMLElement {
  const element = document.createElement('div');
  element.className = 'slider';
  element.innerHTML = `<label for="${id}">${label} <i aria-hidden="true">${symbol}</i></label>
    <input type="number" min="${low}" max="${high}" step="any" required aria-label="${label} ${symbol}, as a number" />
    <input type="range" id="${id}" min="0" max="${last}" step="${step}" />`;
  return element;
}
