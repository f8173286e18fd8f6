// Starting points: one entry is one preset.

import { DEFAULT_STATE, type State } from './state';

export interface Preset {
  readonly name: string;
  /** What to look at. */
  readonly hint: string;
  readonly state: State;
}

export const PRESETS: readonly Preset[] = [
  { name: 'The notebook', hint: 'Indefinite, in float32: CG is 69 % off.', state: DEFAULT_STATE },
  {
    name: 'Damped',
    hint: 'Past −λmin the matrix is positive definite: CG converges, Neumann can, KFAC stays.',
    state: { ...DEFAULT_STATE, damping: 0.5, precision: 'f64', scale: 2.5 },
  },
  {
    name: 'KFAC exact',
    hint: 'One layer and a squared loss: KFAC is the Gauss–Newton matrix.',
    state: { ...DEFAULT_STATE, layers: [4, 2], samples: 20, curvature: 'ggn', precision: 'f64', scale: 2.5 },
  },
  {
    name: 'Deep linear',
    hint: 'No activation: KFAC has every layer right, and misses only how the layers are coupled.',
    state: {
      ...DEFAULT_STATE,
      layers: [3, 4, 4, 1],
      activation: 'identity',
      curvature: 'ggn',
      precision: 'f64',
      damping: 0.1,
      scale: 2.5,
    },
  },
];
