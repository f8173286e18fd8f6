// One slider with a number field, a zone on its track and marks that can be pressed.

import { element, write, writeAttribute, writeValue } from './dom';
import { numberIn } from './number-field';

export interface Mapping {
  readonly toValue: (position: number) => number;
  readonly toPosition: (value: number) => number;
}

export const LINEAR: Mapping = { toValue: (position) => position, toPosition: (value) => value };

/** `steps` positions spread evenly over the logarithm of [low, high], values with three digits. */
export function logarithmic(low: number, high: number, steps: number): Mapping {
  const span = Math.log(high / low);
  return {
    toValue: (position) => Number((low * Math.exp((span * position) / steps)).toPrecision(3)),
    toPosition: (value) => (steps * Math.log(value / low)) / span,
  };
}

/** The same, with an exact 0 at the left end. */
export function logarithmicFromZero(low: number, high: number, steps: number): Mapping {
  const inner = logarithmic(low, high, steps - 1);
  return {
    toValue: (position) => (position < 0.5 ? 0 : inner.toValue(position - 1)),
    toPosition: (value) => (value === 0 ? 0 : Math.max(1, 1 + inner.toPosition(value))),
  };
}

/** The ends of Scale's track. */
export const SCALE_ENDS = [0.1, 100] as const;

/** The three sliders' mappings: of as many steps as their tracks have positions. */
export const MAPPINGS = {
  iterations: LINEAR,
  scale: logarithmic(...SCALE_ENDS, 600),
  damping: logarithmicFromZero(1e-4, 10, 501),
} as const satisfies Record<string, Mapping>;

export interface SliderEvents {
  /** While it moves, and once for a typed number or a pressed mark. */
  readonly onInput: (value: number) => void;
  /** When it has been let go. */
  readonly onSettle: () => void;
}

export class Slider {
  readonly #root: HTMLElement;
  readonly #range: HTMLInputElement;
  readonly #number: HTMLInputElement;
  /** Track, hint and marks, of sliders that have them, by how they are found. */
  readonly #parts = new Map<string, HTMLElement>();
  readonly #mapping: Mapping;
  readonly #painted = { backgroundSize: '', backgroundPosition: '' };
  /** What the slider and its field show, as far as that is known: to ask a field what it shows takes it a while. */
  #shown = Number.NaN;
  #written = '';
  /** Whether something is typed that has not been taken yet. */
  #edited = false;
  #moves = false;

  constructor(root: HTMLElement, mapping: Mapping, events: SliderEvents) {
    this.#root = root;
    this.#range = element('input[type=range]', root);
    this.#number = element('input[type=number]', root);
    this.#mapping = mapping;
    this.#range.addEventListener('input', () => {
      this.#moves = true;
      events.onInput(mapping.toValue(Number(this.#range.value)));
    });
    this.#range.addEventListener('change', () => {
      this.#moves = false;
      this.#write(fieldText(this.#shown));
      events.onSettle();
    });
    this.#number.addEventListener('input', () => {
      this.#written = '';
      this.#edited = true;
    });
    this.#number.addEventListener('change', () => {
      this.#edited = false;
      this.#readNumber(events);
    });
    this.#number.addEventListener('blur', () => {
      this.#edited = false;
    });
    for (const mark of root.querySelectorAll<HTMLButtonElement>('button[data-mark]'))
      mark.addEventListener('click', () => choose(Number(mark.value), events));
  }

  show(value: number, text: string): void {
    if (value !== this.#shown) {
      writeValue(this.#range, `${Math.round(this.#mapping.toPosition(value))}`);
      writeAttribute(this.#range, 'aria-valuetext', text);
      this.#shown = value;
    }
    this.#write(this.#moves ? steady(value) : fieldText(value));
  }

  #write(text: string): void {
    if (text === this.#written || this.#edited) return;
    writeValue(this.#number, text);
    this.#written = text;
  }

  /** Shades the track up to a value, or not at all. */
  shade(value: number | null): void {
    const end = value === null ? '0' : `calc(var(--thumb) / 2 + ${this.#fraction(value)} * (100% - var(--thumb)))`;
    this.#paint('backgroundSize', `3px, ${end}`);
  }

  /** Marks a value on the track, or none. A share of the way is one of the room that the mark, 3 pixels wide, leaves. */
  tick(value: number | null): void {
    const at = value === null ? -1 : this.#fraction(value);
    this.#paint('backgroundPosition', `calc(${at} * (100% + 3px - var(--thumb)) + var(--thumb) / 2 - 1.5px), 0`);
  }

  /** A mark's words and the value that pressing it sets; without a value it is not shown. */
  mark(name: string, value: number | null, text: string): void {
    const button = this.#part(`button[data-mark=${name}]`);
    button.toggleAttribute('hidden', value === null);
    writeAttribute(button, 'value', `${value}`);
    write(button, text);
  }

  hint(text: string): void {
    write(this.#part('.hint'), text);
  }

  /** What is written is not what would be read. */
  #paint(property: 'backgroundSize' | 'backgroundPosition', value: string): void {
    if (this.#painted[property] !== value) this.#part('.track').style[property] = value;
    this.#painted[property] = value;
  }

  #part(selector: string): HTMLElement {
    const part = this.#parts.get(selector) ?? element<HTMLElement>(selector, this.#root);
    this.#parts.set(selector, part);
    return part;
  }

  /** To a quarter of a pixel or so: what moves by less is not painted anew. */
  #fraction(value: number): string {
    const { min, max } = this.#range;
    const fraction = (this.#mapping.toPosition(value) - Number(min)) / (Number(max) - Number(min));
    return Math.min(Math.max(fraction, 0), 1).toFixed(3);
  }

  #readNumber(events: SliderEvents): void {
    const value = numberIn(this.#number);
    if (value === null) writeValue(this.#number, fieldText(this.#shown));
    else choose(value, events);
  }
}

/** Three digits, so that a number under way keeps its width: 0.0210 after 0.0209. A browser puts the page's layers together anew where a field's text has another. */
function steady(value: number): string {
  const text = value < SMALL ? value.toExponential(2) : value.toPrecision(3);
  return Number.isInteger(value) || Number(text) !== value || value >= 1000 ? fieldText(value) : text;
}

/** Less than this, and a million, are written by their power of ten: a field has room for some six characters. */
const [SMALL, LARGE] = [1e-3, 1e6];

function fieldText(value: number): string {
  return value > 0 && (value < SMALL || value >= LARGE) ? value.toExponential() : `${value}`;
}

function choose(value: number, events: SliderEvents): void {
  events.onInput(value);
  events.onSettle();
}
