// Shows what a reader brought along, and says what of it the page has no control for.

import { bringData, bringJson } from './bringing';
import type { Brought } from './experiment-file';
import { showNotice } from './notice';
import type { State } from './state';
import type { Store } from './store';

/** So many fields are named. */
const MOST_NAMED = 4;
/** A name is cut where it is longer: what the page does not know is called as the file calls it. */
const LONGEST = 60;

export function showBrought({ patch, unshown }: Brought, store: Store<State>): void {
  store.set(patch);
  if (unshown.length === 0) return;
  const named = unshown.slice(0, MOST_NAMED).map((field) => `“${field.slice(0, LONGEST)}”`);
  const others = unshown.length > MOST_NAMED ? ` and ${unshown.length - MOST_NAMED} more` : '';
  showNotice(
    `This is the Experiment without ${named.join(', ')}${others}: the page has no control for that.`,
    'problem',
  );
}

/** A dropped file's: JSON, or a table with as many targets as the network has outputs. */
export async function showFile(name: string, text: string, store: Store<State>): Promise<void> {
  const state = store.value;
  const brought = name.endsWith('.json') ? bringJson(state, text) : bringData(state, text, state.layers.at(-1) ?? 1);
  showBrought(await brought, store);
}
