// Pinned runs as the address's text.

import { describe, expect, it } from 'vitest';
import type { Own } from '../../www/own';
import { MOST_PINS, pinsFromText, pinsToText } from '../../www/pins';
import { PRESETS } from '../../www/presets';
import { DEFAULT_STATE, type State } from '../../www/state';

const own: Own = { data: null, weights: [1, 2], packed: 'abc' };
const now: State = { ...DEFAULT_STATE, own };

describe('pins', () => {
  it('come back from their text as they were, and need no escaping', () => {
    const states = PRESETS.map(({ state }) => state);
    const text = pinsToText(states, DEFAULT_STATE);
    expect(pinsFromText(text, DEFAULT_STATE)).toEqual(states);
    expect(new URLSearchParams({ pins: text }).toString()).toBe(`pins=${text}`);
    expect(text.length).toBeLessThan(1_000);
  });

  it('of own data are told where those are the link’s own, and left out where they are not', () => {
    const pin = { ...now, damping: 0.5 };
    expect(pinsFromText(pinsToText([pin, now, DEFAULT_STATE], now), now)).toEqual([pin, now, DEFAULT_STATE]);
    expect(pinsToText([pin], DEFAULT_STATE)).toBe('left-out');
    expect(pinsToText([pin], { ...now, own: { ...own, packed: 'other' } })).toBe('left-out');
  });

  it('are kept without how they were looked at', () => {
    const looked: State = {
      ...DEFAULT_STATE,
      damping: 2,
      lens: 'budget',
      y: 'residual',
      lesson: 'kfac',
      back: 'seed=1',
    };
    expect(pinsFromText(pinsToText([looked], DEFAULT_STATE), DEFAULT_STATE)).toEqual([
      { ...DEFAULT_STATE, damping: 2 },
    ]);
  });

  it.each([
    'damping',
    'damping*x',
    'a*1',
    '**',
    'damping*1***',
    Array(MOST_PINS + 1)
      .fill('-')
      .join('**'),
  ])('that can’t be read are refused: %s', (text) => expect(() => pinsFromText(text, DEFAULT_STATE)).toThrow());
});
