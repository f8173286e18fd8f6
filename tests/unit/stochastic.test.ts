// What is said of LiSSA's band, step by step.

import { describe, expect, it } from 'vitest';
import type { LissaBand } from '../../pkg/hessian_lab';
import { batchesOf } from '../../www/lenses/purpose/stochastic';
import { stochasticSentence } from '../../www/lenses/purpose/stochastic-words';

const BAND: LissaBand = {
  method: 0,
  scale: 6,
  repeats: 4,
  truncation: [0.9, 0.5, 0.1, 0.01],
  noise: [0, 0.2, 0.2, 0.2],
  mean: [0.9, 0.6, 0.2, 0.2],
  low: [0.9, 0.5, 0.2, 0.2],
  median: [0.9, 0.6, 0.3, 0.3],
  high: [0.9, 0.7, 0.4, 0.4],
  floor: 0.2,
  crossing: 2,
  message: 'As the core says.',
};
const seen = { band: BAND, status: 'limit' as const, step: 1, batch: 5, samples: 10 };

describe('a band', () => {
  it('has its truncation left first, and its noise from the crossing on', () => {
    expect(stochasticSentence(seen)).toBe(
      'After 1 step the cut-off series leaves 0.5 and the batches’ noise 0.2: truncation is what is left. More steps help, until noise takes over for good at step 2.',
    );
    expect(stochasticSentence({ ...seen, step: 3 })).toContain('noise is what is left since step 2.');
    expect(stochasticSentence({ ...seen, step: 3 })).toContain('It stays near 0.2.');
  });

  it('tells of noise that still grows', () => {
    const growing = { ...BAND, floor: null };
    expect(stochasticSentence({ ...seen, step: 3, band: growing })).toContain(
      'It still grows: a larger scale slows it.',
    );
    expect(stochasticSentence({ ...seen, band: { ...growing, crossing: null } })).toContain(
      'More steps help, though noise still grows.',
    );
  });

  it('has no noise with the whole data', () => {
    expect(stochasticSentence({ ...seen, batch: 10 })).toContain('there is no noise');
  });

  it('is spoken of in the core’s words where its series leads away', () => {
    expect(stochasticSentence({ ...seen, status: 'diverged' })).toBe(BAND.message);
    expect(stochasticSentence({ ...seen, step: 3, band: { ...BAND, noise: [0, 1, 1, null] } })).toBe(BAND.message);
  });
});

it('batches are offered from one datum to all', () => {
  expect(batchesOf(40)).toEqual([1, 4, 10, 20, 40]);
  expect(batchesOf(1)).toEqual([1, 1, 1, 1, 1]);
});
