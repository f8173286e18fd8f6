// Keeps the address and the state the same: the fragment is the state's text.

import { ADDRESS_KEYS, DEFAULT_STATE, fromAddress, type State, toAddress } from './state';
import type { Store } from './store';

/** Browsers refuse an address that changes too often, as it would while a slider moves. */
const SAVE_AFTER_MS = 300;

/** The address's state; for an address that can't be read, the default, and the reason to `onBad`. */
export function readAddress(onBad: (reason: string) => void): State {
  try {
    return fromAddress(location.hash.length > 1 ? location.hash : ownPart(location.search));
  } catch (error) {
    onBad(error instanceof Error ? error.message : String(error));
    return DEFAULT_STATE;
  }
}

/** Writes the state to the address as it changes, and follows an address that is typed or gone back to. */
export function followAddress(store: Store<State>, onBad: (reason: string) => void): void {
  let saving: ReturnType<typeof setTimeout> | undefined;
  store.subscribe(() => {
    clearTimeout(saving);
    saving = setTimeout(() => history.replaceState(null, '', addressOf(store.value)), SAVE_AFTER_MS);
  });
  addEventListener('hashchange', () => store.set(readAddress(onBad)));
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
