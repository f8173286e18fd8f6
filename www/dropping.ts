// Files dropped anywhere on the page: a CSV is data, JSON is weights or an Experiment.

import { showNotice, takeBack } from './notice';
import type { State } from './state';
import type { Store } from './store';

export function followDrops(store: Store<State>): void {
  const mark = (on: boolean) => document.body.classList.toggle('dropping', on);
  const carriesFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  addEventListener('dragover', (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    mark(true);
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) mark(false);
  });
  addEventListener('drop', async (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    mark(false);
    const file = event.dataTransfer?.files[0];
    if (file) await take(store, file);
  });
}

async function take(store: Store<State>, file: File): Promise<void> {
  try {
    const [text, { showFile }] = await Promise.all([file.text(), import('./brought')]);
    takeBack('file');
    await showFile(file.name, text, store);
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    showNotice(`${file.name.slice(0, 60)} can’t be used: ${reason}.`, 'file');
  }
}
