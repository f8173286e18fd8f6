// The site without a network: once visited, its service worker keeps its files; a newer build takes over where no other tab shows
// the older one.

import { whenIdle } from './idle';

/** After the first picture, so that what the first view needs comes first. */
const AFTER_MS = 5_000;
/** A service worker that does not answer must not keep the page waiting. */
const PATIENCE_MS = 2_000;

/** Who keeps the site: neither a file on a disk nor the sources that are worked on are kept. */
const keeper = import.meta.env.PROD && import.meta.env.MODE !== 'one-file' ? serviceWorkers() : null;

/** None in old browsers; and in another page's sandbox even to ask for them throws. */
function serviceWorkers(): ServiceWorkerContainer | null {
  try {
    return navigator.serviceWorker ?? null;
  } catch {
    return null;
  }
}

export function keepForOffline(): void {
  if (!keeper) return;
  const register = () => void keeper.register('./service-worker.js').catch(() => undefined);
  setTimeout(() => whenIdle(register), AFTER_MS);
}

/** Where a newer build is kept already and may take over, the page is loaded anew with it; else this resolves at once. */
export async function changeToNewer(): Promise<void> {
  const current = keeper?.controller;
  if (!keeper || !current) return;
  const waiting = (await keeper.getRegistration())?.waiting;
  if (!waiting || !(await isAlone(current))) return;
  keeper.addEventListener('controllerchange', () => location.reload());
  waiting.postMessage('take over');
  await after(PATIENCE_MS);
}

function isAlone(worker: ServiceWorker): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<boolean>((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
  });
  worker.postMessage('am I alone?', [port2]);
  return Promise.race([answer, after(PATIENCE_MS).then(() => false)]);
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
