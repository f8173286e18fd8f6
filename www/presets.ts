// Starting points: one entry is one preset.

import { DEFAULT_STATE, type State } from './state';

export interface Preset {
  readonly name: string;
  /** What to look at. */
  readonly hint: string;
  readonly state: State;
}

export const PRESETS: readonly Preset[] = [
  { name: 'The notebook', hint: 'Indefinite, in float32: CG is 73 % off.', state: DEFAULT_STATE },
  {
    name: 'Damped',
    hint: 'Past −λmin the matrix is positive definite: CG converges, Neumann can, KFAC stays.',
    state: { ...DEFAULT_STATE, damping: 0.5, precision: 'f64', scale: 2.56 },
  },
  {
    name: 'Trained',
    hint: 'A sine, fitted: no eigenvalue is negative any more, but they range over four decades. CG copes, Neumann crawls.',
    state: {
      ...DEFAULT_STATE,
      layers: [1, 8, 1],
      activation: 'tanh',
      generator: 'sine',
      samples: 40,
      seed: 3,
      weightDecay: 0.01,
      training: 3000,
      precision: 'f64',
      scale: 9.52,
    },
  },
  {
    name: 'KFAC exact',
    hint: 'One layer and a squared loss: KFAC is the Gauss–Newton matrix.',
    state: { ...DEFAULT_STATE, layers: [4, 2], samples: 20, curvature: 'ggn', precision: 'f64', scale: 1.5 },
  },
  {
    name: 'Classifier',
    hint: 'Three classes: Gauss–Newton has no negative eigenvalue, so a little damping will do. What do blocks, EKFAC, KFAC and the diagonal lose?',
    state: {
      ...DEFAULT_STATE,
      layers: [2, 12, 3],
      activation: 'tanh',
      loss: 'cross_entropy',
      generator: 'blobs',
      samples: 60,
      noise: 0.5,
      seed: 5,
      training: 200,
      curvature: 'ggn',
      precision: 'f64',
      damping: 0.01,
      scale: 0.289,
      also: ['ekfac', 'block_diagonal', 'diagonal'],
    },
  },
  {
    name: 'Ill-conditioned',
    hint: 'A condition number of 1,000: CG needs a step for each eigenvalue, Neumann thousands, and CG with a perfect preconditioner one.',
    state: {
      ...DEFAULT_STATE,
      layers: [12, 1],
      activation: 'identity',
      generator: 'ill_conditioned',
      samples: 60,
      seed: 5,
      curvature: 'ggn',
      precision: 'f64',
      scale: 1.001,
      also: ['cg_kfac'],
    },
  },
];
