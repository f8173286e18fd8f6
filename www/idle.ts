// Work that waits until the page has nothing else to do.

/** Where a browser does not tell when that is, it is now, and for as short a while as it takes to do one thing. */
export function whenIdle(act: (remaining: () => number) => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback((deadline) => act(() => deadline.timeRemaining()));
  else setTimeout(act, 0, () => 0);
}
