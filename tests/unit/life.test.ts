// A worker's death is acted on once its lock is free, and never after it was said to be of no interest.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { whenDead } from '../../www/life';

/** What waits for the lock; to call it is to grant the lock. */
let waiting: (() => unknown)[] = [];

beforeEach(() => {
  waiting = [];
  const request = async (_name: string, _options: unknown, granted: () => unknown) => void waiting.push(granted);
  vi.stubGlobal('navigator', { locks: { request } });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('whenDead', () => {
  it('acts when the lock is free', () => {
    const act = vi.fn();
    whenDead('a worker', act);
    expect(act).not.toHaveBeenCalled();
    for (const grant of waiting) grant();
    expect(act).toHaveBeenCalledOnce();
  });

  it('does not act once forgotten, even where the browser grants the aborted lock', () => {
    const act = vi.fn();
    const forget = whenDead('a worker', act);
    forget();
    for (const grant of waiting) grant();
    expect(act).not.toHaveBeenCalled();
  });
});
