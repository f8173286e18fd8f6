// Keeps the address and the state the same: the fragment is the state's text, and every committed change a step of history.

import { unpacked } from './own';
import { ADDRESS_KEYS, DEFAULT_STATE, fromAddress, type State, toAddress } from './state';
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

/** The address's state; for an address that can't be read, the default, and the reason to `onBad`. */
export async function readAddress(onBad: AddressEvents['onBad']): Promise<State> {
  try {
    const state = fromAddress(location.hash.length > 1 ? location.hash : ownPart(location.search));
    return { ...state, own: await unpacked(state.own) };
  } catch (error) {
    onBad(error instanceof Error ? error.message : String(error));
    return DEFAULT_STATE;
  }
}

/** Writes the state to the address as it changes, and follows an address that is typed or gone back to. */
export function followAddress(store: Store<State>, { onBad, isDragging, keepsHistory }: AddressEvents): void {
  let saving: ReturnType<typeof setTimeout> | undefined;
  let lastField = '';
  let lastTime = 0;
  let shown = location.href;

  const save = (step: 'pushState' | 'replaceState') => {
    clearTimeout(saving);
    const address = addressOf(store.value);
    if (address === shown) return;
    history[step](null, '', address);
    shown = address;
  };

  store.subscribe((state, before) => {
    const field = changedFields(state, before);
    if (field === '') return;
    const now = performance.now();
    const sameStep = field === lastField && (isDragging() || now - lastTime < SAME_STEP_MS);
    [lastField, lastTime] = [field, now];
    if (keepsHistory && !sameStep) return save('pushState');
    clearTimeout(saving);
    saving = setTimeout(() => save('replaceState'), SAVE_AFTER_MS);
  });

  const follow = async () => {
    if (location.href === shown) return;
    clearTimeout(saving);
    shown = location.href;
    lastField = '';
    const state = await readAddress(onBad);
    if (toAddress(state) !== toAddress(store.value)) store.set(state);
  };
  addEventListener('hashchange', () => void follow());
  addEventListener('popstate', () => void follow());
}

function changedFields(state: State, before: State): string {
  const fields = Object.keys(state) as (keyof State)[];
  return fields.filter((field) => state[field] !== before[field]).join();
}

/** A query is read too, for links written by hand; what others add to it is none of our business. */
function ownPart(query: string): string {
  const own = [...new URLSearchParams(query)].filter(([key]) => ADDRESS_KEYS.includes(key));
  return new URLSearchParams(own).toString();
}

/** The whole address that brings a state back. */
export function addressOf(state: State): string {
  const address = new URL(location.href);
  for (const key of ADDRESS_KEYS) address.searchParams.delete(key);
  address.hash = toAddress(state);
  return address.href;
}
