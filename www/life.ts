// How the page learns that a worker has died: no browser says so, but a lock that the worker held is then free.

/** Holds a lock for as long as this worker lives. */
export function live(name: string, onHeld: () => void): void {
  const whileAlive = () => {
    onHeld();
    return new Promise<never>(() => undefined);
  };
  // Without locks, as from a disk, only silence tells of a death.
  navigator.locks?.request(name, whileAlive).catch(() => undefined);
}

/** Acts once the worker that holds this lock has died, unless what it returns is called before. */
export function whenDead(name: string, act: () => void): () => void {
  const over = new AbortController();
  // Chromium may grant what was aborted a moment before, if the lock came free at once.
  const unlessOver = () => over.signal.aborted || act();
  navigator.locks?.request(name, { signal: over.signal }, unlessOver).catch(() => undefined);
  return () => over.abort();
}

/** A name that no worker of any other tab has. */
export function newName(): string {
  return `worker-${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
}
