// A worker's silence is told of once it is long, and no longer than it lasts.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { followHealth, Patience, SILENCE_SECONDS } from '../../www/health';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function start() {
  const onSilence = vi.fn<(stop: (() => void) | null) => void>();
  followHealth({ onSilence, onRestart: vi.fn() });
  const stopped = [vi.fn(), vi.fn()] as const;
  return { onSilence, stopped, first: new Patience(stopped[0]), second: new Patience(stopped[1]) };
}

const nearlySilent = () => vi.advanceTimersByTime(SILENCE_SECONDS * 1000 - 1);

describe('patience', () => {
  it('says nothing while there are signs of life', () => {
    const { onSilence, first } = start();
    for (let sign = 0; sign < 5; sign++) {
      first.wait();
      nearlySilent();
    }
    first.end();
    nearlySilent();
    expect(onSilence).not.toHaveBeenCalled();
  });

  it('tells of a silence, and of its end', () => {
    const { onSilence, first, stopped } = start();
    first.wait();
    nearlySilent();
    vi.advanceTimersByTime(1);
    expect(onSilence).toHaveBeenLastCalledWith(expect.any(Function));
    first.end();
    expect(onSilence).toHaveBeenLastCalledWith(null);
    expect(stopped[0]).not.toHaveBeenCalled();
  });

  it('stops all that are silent, and only those', () => {
    const { onSilence, first, second, stopped } = start();
    first.wait();
    nearlySilent();
    second.wait();
    vi.advanceTimersByTime(1);
    onSilence.mock.lastCall?.[0]?.();
    expect(stopped[0]).toHaveBeenCalledTimes(1);
    expect(stopped[1]).not.toHaveBeenCalled();
    expect(onSilence).toHaveBeenLastCalledWith(null);
    second.end();
  });
});
