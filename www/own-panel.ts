// The panel for the reader's own data and weights: paste, or choose a file.

import { bringData, bringJson } from './bringing';
import { showBrought } from './brought';
import type { Brought } from './experiment-file';
import { closePanel, openWith } from './panel';
import type { State } from './state';
import type { Store } from './store';

export function openOwn(button: HTMLElement, store: Store<State>): Promise<void> {
  return openWith(button, 'Your own data and weights', (body) => fill(body, store));
}

function fill(body: HTMLElement, store: Store<State>): void {
  const { loss, own } = store.value;
  body.innerHTML = `
    <p>Paste rows of numbers, or choose or drop a file: CSV with or without a header, up to 1,000 rows. ${
      loss === 'mse' ? 'The last columns are the targets.' : 'The last column is the class, a whole number from 0 up.'
    } Nothing leaves this page.</p>
    <textarea id="own-text" rows="7" aria-label="Data as CSV, or weights as JSON" spellcheck="false" placeholder="x1, x2, y&#10;0.5, -1.2, 0.3&#10;…"></textarea>
    <div class="rows">
      <label ${loss === 'mse' ? '' : 'hidden'}>Targets: the last <input id="own-outputs" type="number" min="1" max="128" step="1" value="1" /> columns</label>
      <label>or a file <input id="own-file" type="file" accept=".csv,.tsv,.txt,.json,text/csv,application/json" /></label>
    </div>
    <p class="wrong" role="alert"></p>
    <div class="rows">
      <button type="button" id="own-data">Use as data</button>
      <button type="button" id="own-weights">Use as weights (JSON)</button>
      <button type="button" id="own-drop" ${own ? '' : 'hidden'}>Go back to drawn ones</button>
    </div>
    <p>Weights are one list of numbers in PyTorch’s order (each layer’s weights row by row, then its biases), or PyTorch’s names with such lists; an exported Experiment is taken too.</p>`;
  const find = <T extends HTMLElement>(id: string) => body.querySelector(id) as T;
  const text = find<HTMLTextAreaElement>('#own-text');
  const bring = async (brought: Promise<Brought>) => {
    try {
      showBrought(await brought, store);
      closePanel();
    } catch (error) {
      find('.wrong').textContent = error instanceof Error ? error.message : String(error);
    }
  };
  const outputs = () => Number(find<HTMLInputElement>('#own-outputs').value);
  find('#own-data').addEventListener('click', () => bring(bringData(store.value, text.value, outputs())));
  find('#own-weights').addEventListener('click', () => bring(bringJson(store.value, text.value)));
  find('#own-drop').addEventListener('click', () => bring(Promise.resolve({ patch: { own: null }, unshown: [] })));
  find<HTMLInputElement>('#own-file').addEventListener('change', async ({ target }) => {
    const file = (target as HTMLInputElement).files?.[0];
    if (!file) return;
    text.value = await file.text();
    if (file.name.endsWith('.json')) await bring(bringJson(store.value, text.value));
  });
}
