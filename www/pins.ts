// Pinned runs: pictures kept to compare the next ones with, and their text in the address.

import { isLeftOut } from './own';
import type { Picture } from './picture';
import { DEFAULT_STATE, NO_LESSON, OF_VIEWS, pick, type State } from './state';
import { fromAddress, toAddress } from './state-text';

/** A pin that an address told of is there before its picture is. */
interface Entry {
  readonly state: State;
  readonly pin: Picture | null;
}

export interface PinEvents {
  /** There are others to be drawn. */
  readonly onChange: () => void;
  /** The reader has pinned a run or removed some. */
  readonly onPinned: () => void;
  /** Runs what an address told of. */
  readonly run: (state: State) => Promise<Picture>;
}

export const MOST_PINS = 6;
/** What an address says in their place when they are too long for it. */
export const LEFT_OUT = 'left-out';
/** A pin's own data are those of the state that it is pinned beside. */
const SAME_OWN = 'own=here';
const THE_DEFAULT = '-';

export class Pins {
  #entries: readonly Entry[] = [];
  readonly #events: PinEvents;

  constructor(events: PinEvents) {
    this.#events = events;
  }

  get all(): readonly Picture[] {
    return this.#entries.flatMap(({ pin }) => (pin ? [pin] : []));
  }

  get states(): readonly State[] {
    return this.#entries.map(({ state }) => state);
  }

  /** The oldest makes room. */
  add(picture: Picture): void {
    this.#set([...this.#entries, { state: picture.state, pin: picture }].slice(-MOST_PINS));
    this.#events.onPinned();
  }

  remove(pin: Picture): void {
    this.#set(this.#entries.filter((entry) => entry.pin !== pin));
    this.#events.onPinned();
  }

  clear(): void {
    this.#set([]);
    this.#events.onPinned();
  }

  /** Those that an address tells of; the ones that are here already stay as they are. */
  async restore(states: readonly State[]): Promise<void> {
    const known = (state: State) => this.#entries.find((entry) => isSame(entry.state, state));
    this.#set(states.map((state) => known(state) ?? { state, pin: null }));
    for (const { state } of this.#entries.filter(({ pin }) => !pin)) {
      const picture = await this.#events.run(state).catch(() => null);
      const entries = this.#entries.map((entry) =>
        entry.state === state && picture ? { state, pin: picture } : entry,
      );
      this.#set(entries.filter((entry) => picture || entry.state !== state));
    }
  }

  #set(entries: readonly Entry[]): void {
    this.#entries = entries;
    this.#events.onChange();
  }
}

function isSame(one: State, other: State): boolean {
  return problemText(one) === problemText(other) && one.own?.packed === other.own?.packed;
}

/** What a pin is of, and which curves at which iteration, without how else it is looked at. */
function problemText(state: State): string {
  const { iterations, hidden } = state;
  const unseen = { ...state, ...pick(DEFAULT_STATE, OF_VIEWS), ...NO_LESSON };
  return toAddress({ ...unseen, iterations, hidden, own: null });
}

/** The pins beside `now`, each its own address with * where that has & and =, which an address needn't escape. */
export function pinsToText(pins: readonly State[], now: State): string {
  if (pins.some(({ own }) => own && (isLeftOut(own) || own.packed !== now.own?.packed))) return LEFT_OUT;
  const texts = pins.map((state) => [problemText(state), state.own ? SAME_OWN : ''].filter(Boolean).join('&'));
  return texts.map((text) => text.replaceAll(/[&=]/g, '*') || THE_DEFAULT).join('**');
}

/** The pins that an address tells of; throws where it can't be read. */
export function pinsFromText(text: string, now: State): State[] {
  const texts = text.split('**');
  if (texts.length > MOST_PINS) throw new Error(`pins: more than ${MOST_PINS} of them`);
  return texts.map((pin) => {
    if (pin === THE_DEFAULT) return DEFAULT_STATE;
    if (pin === '') throw new Error('pins: one of them is empty');
    const words = pin.split('*');
    const address = words.map((word, index) => (index % 2 === 1 ? `=${word}` : `&${word}`)).join('');
    const state = fromAddress(address.replace(`&${SAME_OWN}`, '').slice(1));
    return address.includes(`&${SAME_OWN}`) ? { ...state, own: now.own } : state;
  });
}
