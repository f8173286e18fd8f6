// The address holds the whole state, and nothing that is not a state gets past it.

import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../www/presets';
import { DEFAULT_STATE, type State } from '../../www/state';
import { fromAddress, toAddress } from '../../www/state-text';

const OTHER: State = {
  layers: [4, 16, 8, 2],
  activation: 'softplus',
  loss: 'cross_entropy',
  generator: 'blobs',
  samples: 250,
  noise: 0.25,
  seed: 4_294_967_295,
  weightDecay: 0.01,
  optimizer: 'newton',
  training: 30,
  curvature: 'fisher_empirical',
  precision: 'f64',
  start: 'zero',
  iterations: 7,
  scale: 0.125,
  autoScale: true,
  damping: 3.5e-7,
  y: 'cosine',
  x: 'products',
  lens: 'matrices',
  pair: ['ggn', 'ekfac'],
  drawn: [-1, 0.25, 3],
  use: 'hypergradient',
  solver: 'ekfac',
  without: 12,
  learningRate: 0.02,
  momentum: 0.95,
  resting: ['newton', 'line_search'],
  proximal: 0.05,
  cgSteps: 20,
  innerSteps: 16,
  batch: 7,
  repeats: 16,
  hidden: ['kfac', 'neumann'],
  lesson: 'float32',
  guess: 2.5e-6,
  back: 'seed=5&damping=0.5',
  also: ['cg_kfac', 'block_diagonal'],
  own: { data: null, weights: null, packed: 'q1YqVrIy' },
};

describe('an address', () => {
  it('is empty for the default', () => {
    expect(toAddress(DEFAULT_STATE)).toBe('');
    expect(fromAddress('')).toEqual(DEFAULT_STATE);
    expect(fromAddress('#')).toEqual(DEFAULT_STATE);
  });

  it('brings every field back', () => {
    expect(fromAddress(`#${toAddress(OTHER)}`)).toEqual(OTHER);
  });

  it.each(Object.keys(OTHER) as (keyof State)[])('brings %s back alone', (field) => {
    const state = { ...DEFAULT_STATE, [field]: OTHER[field] };
    expect(toAddress(state)).toMatch(/^[a-z0-9]+=[^&]+$/);
    expect(fromAddress(toAddress(state))).toEqual(state);
  });

  it.each(PRESETS.map(({ name, state }) => [name, state] as const))('brings the preset %s back', (_, state) => {
    expect(fromAddress(toAddress(state))).toEqual(state);
  });

  it('is readable', () => {
    expect(toAddress({ ...DEFAULT_STATE, layers: [3, 8, 1], damping: 0.5, precision: 'f64' })).toBe(
      'layers=3-8-1&precision=float64&damping=0.5',
    );
  });
});

describe('an address that is no state', () => {
  it.each([
    ['layers=banana', /layers: “banana” is not widths such as 3-5-1/],
    ['layers=', /layers/],
    ['layers=3', /layers/],
    ['layers=3-5-1-', /layers/],
    ['layers=3--1', /layers/],
    ['layers=3-5e3-1', /layers/],
    [`layers=${'9-'.repeat(20)}9`, /layers/],
    ['activation=softmax', /activation: “softmax” is not one of sigmoid, tanh/],
    ['activation=constructor', /activation/],
    ['precision=toString', /precision/],
    ['matrix=__proto__', /matrix/],
    ['samples=0', /samples: “0” is not a whole number from 1/],
    ['samples=1.5', /samples/],
    ['samples=-3', /samples/],
    ['samples=NaN', /samples/],
    ['seed=4294967296', /seed/],
    ['seed=0x10', /seed/],
    ['iterations=121', /iterations/],
    ['iterations=1e1', /iterations/],
    ['scale=0', /scale: “0” is not a number above 0/],
    ['scale=-1', /scale/],
    ['scale=Infinity', /scale/],
    ['scale=1e999', /scale/],
    ['scale=1.2.3', /scale/],
    ['scale=.', /scale/],
    ['damping=-0.1', /damping/],
    ['damping=NaN', /damping/],
    ['damping= 1', /damping/],
    ['damping=1;alert(1)', /damping/],
    ['hide=exact-nothing', /hide/],
    ['hide=', /hide/],
    ['y=__proto__', /y/],
    ['also=exact-everything', /also: “everything” is not one of exact, .*; several are joined by -/],
    ['data=own', /data: “own” is not one of notebook, sine/],
    ['loss=hinge', /loss/],
    ['train=1e5', /train/],
    ['auto=maybe', /auto: “maybe” is not one of no, yes/],
    ['own=<img>', /own: this is not packed data/],
    ['own=left-out', /own: its data and weights were too large for a link and were left out/],
    [`own=${'a'.repeat(9000)}`, /own: this is not packed data/],
    ['unknown=1', /“unknown” is not a setting/],
    ['__proto__=1', /“__proto__” is not a setting/],
    ['constructor=1', /not a setting/],
    ['hasOwnProperty', /not a setting/],
    ['seed=1&seed=2', /“seed” is given twice/],
    ['%E0%A4%A', /not a setting/],
    ['<script>alert(1)</script>', /not a setting/],
    [`seed=${'1'.repeat(3000)}`, /longer than 2000 characters/],
  ])('%s is refused in words', (address, message) => {
    expect(() => fromAddress(address)).toThrow(message);
  });

  it('quotes no more than the start of what it refuses', () => {
    expect(() => fromAddress(`activation=${'x'.repeat(500)}`)).toThrow(/^.{0,140}$/);
  });
});
