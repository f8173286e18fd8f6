// Keeps the address and the state the same: the fragment is the state's text, and every committed change a step of history.

import { unpacked } from './own';
import { LEFT_OUT, type Pins, pinsFromText, pinsToText } from './pins';
import { DEFAULT_STATE, type State } from './state';
import { ADDRESS_KEYS, fromAddress, MAX_ADDRESS, toAddress } from './state-text';
import type { Store } from './store';

/** Browsers refuse an address that changes too often, as it would while a slider moves. */
const SAVE_AFTER_MS = 300;
/** Changes of one field that follow each other this closely are one step of history. */
const SAME_STEP_MS = 1_000;

export interface AddressEvents {
  /** The address can't be read: the default takes its place. */
  readonly onBad: (reason: string) => void;
  /** Whether something is being dragged. */
  readonly isDragging: () => boolean;
  /** Whether changes make steps of history: not in somebody else's page. */
  readonly keepsHistory: boolean;
}

/** What an address holds. */
export interface Place {
  readonly state: State;
  readonly pins: readonly State[];
  /** Whether it says that pinned runs were too long for it. */
  readonly leavesPinsOut: boolean;
}

/** The address's place; for an address that can't be read, the default, and the reason to `onBad`. */
export async function readAddress(onBad: AddressEvents['onBad']): Promise<Place> {
  try {
    return await placeOf(location.hash.length > 1 ? location.hash.slice(1) : ownPart(location.search));
  } catch (error) {
    onBad(error instanceof Error ? error.message : String(error));
    return { state: DEFAULT_STATE, pins: [], leavesPinsOut: false };
  }
}

const PINS = /(?:^|&)pins=([^&]*)/;

async function placeOf(text: string): Promise<Place> {
  const pinned = PINS.exec(text)?.[1] ?? '';
  if (pinned.length > MAX_ADDRESS) throw new Error(`it is longer than ${MAX_ADDRESS} characters`);
  const packed = fromAddress(text.replace(PINS, '').replace(/^&/, ''));
  const state = { ...packed, own: await unpacked(packed.own) };
  const leavesPinsOut = pinned === LEFT_OUT;
  return { state, pins: pinned && !leavesPinsOut ? pinsFromText(pinned, state) : [], leavesPinsOut };
}

/** Writes the state to the address as it changes, and follows an address that is typed or gone back to. */
export function followAddress(
  store: Store<State>,
  pins: Pins,
  { onBad, isDragging, keepsHistory }: AddressEvents,
): { readonly pinsChanged: () => void } {
  let saving: ReturnType<typeof setTimeout> | undefined;
  let lastField = '';
  let lastTime = 0;
  let shown = location.href;

  const save = (step: 'pushState' | 'replaceState') => {
    clearTimeout(saving);
    const address = addressOf(store.value, pins);
    if (address === shown) return;
    history[step](null, '', address);
    shown = address;
  };

  /** A hand that rests while it holds a slider may move on, and would wait for the browser to write. */
  const saveAtRest = () => {
    if (isDragging()) saving = setTimeout(saveAtRest, SAVE_AFTER_MS);
    else save('replaceState');
  };

  store.subscribe((state, before) => {
    const field = changedFields(state, before);
    if (field === '') return;
    const now = performance.now();
    const sameStep = field === lastField && (isDragging() || now - lastTime < SAME_STEP_MS);
    [lastField, lastTime] = [field, now];
    if (keepsHistory && !sameStep) return save('pushState');
    clearTimeout(saving);
    saving = setTimeout(saveAtRest, SAVE_AFTER_MS);
  });

  const follow = async () => {
    if (location.href === shown) return;
    clearTimeout(saving);
    shown = location.href;
    lastField = '';
    const refusals: string[] = [];
    const place = await readAddress((reason) => refusals.push(reason));
    void pins.restore(place.pins);
    if (toAddress(place.state) !== toAddress(store.value)) store.set(place.state);
    for (const reason of refusals) onBad(reason);
  };
  addEventListener('hashchange', () => void follow());
  addEventListener('popstate', () => void follow());
  return { pinsChanged: () => save(keepsHistory ? 'pushState' : 'replaceState') };
}

function changedFields(state: State, before: State): string {
  const fields = Object.keys(state) as (keyof State)[];
  return fields.filter((field) => state[field] !== before[field]).join();
}

/** A query is read too, for links written by hand; what others add to it is none of our business. */
function ownPart(query: string): string {
  const own = [...new URLSearchParams(query)].filter(([key]) => key === 'pins' || ADDRESS_KEYS.includes(key));
  return new URLSearchParams(own).toString();
}

/** The whole address that brings a state and the pins back; where those are too long, it says that it leaves them out. */
export function addressOf(state: State, pins: Pins): string {
  const address = new URL(location.href);
  for (const key of [...ADDRESS_KEYS, 'pins']) address.searchParams.delete(key);
  const text = toAddress(state);
  const pinned = pins.states.length > 0 ? `pins=${pinsToText(pins.states, state)}` : '';
  const room = MAX_ADDRESS - toAddress({ ...state, own: null }).length - 1;
  address.hash = [text, pinned.length > room ? `pins=${LEFT_OUT}` : pinned].filter(Boolean).join('&');
  return address.href;
}
