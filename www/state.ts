// Everything the page shows follows from one State.

import type { DenseMatrix, Experiment, GeneratedData, Method, Training } from '../pkg/hessian_lab';
import type { Own } from './own';

export type Activation = Experiment['network']['activation'];
export type Curvature = NonNullable<Experiment['curvature']>;
export type Loss = Experiment['loss'];
export type Generator = GeneratedData['generator'];
export type Optimizer = Training['optimizer'];
export type Precision = NonNullable<Experiment['precision']>;
export type Start = NonNullable<Extract<Method, { method: 'cg' }>['start']>;

/** A matrix that can be set beside another. */
export type MatrixName = Exclude<DenseMatrix, 'kfac_empirical'>;

/** What the vertical axis measures, and what the horizontal one counts. */
export type Measure = 'error' | 'residual' | 'cosine' | 'energy';
export type Count = 'iterations' | 'products' | 'milliseconds';

export interface State {
  readonly layers: number[];
  readonly activation: Activation;
  readonly loss: Loss;
  readonly generator: Generator;
  readonly samples: number;
  /** The standard deviation of the data's noise; the notebook's law has none. */
  readonly noise: number;
  readonly seed: number;
  readonly weightDecay: number;
  readonly optimizer: Optimizer;
  /** Steps of training before the analysis. */
  readonly training: number;
  readonly curvature: Curvature;
  readonly precision: Precision;
  readonly start: Start;
  readonly iterations: number;
  readonly scale: number;
  /** Whether the core chooses Neumann's scale; `scale` is then what it was before. */
  readonly autoScale: boolean;
  readonly damping: number;
  readonly y: Measure;
  readonly x: Count;
  /** Methods whose curves are hidden. */
  readonly hidden: string[];
  /** Methods switched on beside those that are always run. */
  readonly also: string[];
  /** The reader's own data or weights, in place of drawn ones. */
  readonly own: Own | null;
  /** The lens that is open; none where it is empty. */
  readonly lens: string;
  /** The two matrices that are set side by side. */
  readonly pair: readonly [MatrixName, MatrixName];
  /** A spectrum drawn by hand; empty where the problem's own is looked at. */
  readonly drawn: readonly number[];
  /** What the inverse is used for, and by which method it is got. */
  readonly use: string;
  readonly solver: string;
  /** The datum that is left out, from 1; 0 for none. */
  readonly without: number;
  /** Of the training race: the fixed rate η, the heavy ball's β, and the optimizers that do not run. */
  readonly learningRate: number;
  readonly momentum: number;
  readonly resting: string[];
  /** Meta-learning: the strength of the inner problem's proximal term, CG steps and the most inner steps. */
  readonly proximal: number;
  readonly cgSteps: number;
  readonly innerSteps: number;
  /** LiSSA's band: data drawn a step, 0 for half of them, and how many runs are averaged. */
  readonly batch: number;
  readonly repeats: number;
  /** The lesson that is open, or their list; empty for none. */
  readonly lesson: string;
  /** What the reader predicted in it: an option's index or a marker's place; null until then. */
  readonly guess: number | null;
  /** The address of the bench as it was before the lesson. */
  readonly back: string;
}

/** The part of a State that a lesson keeps apart from the bench. */
export const NO_LESSON = { lesson: '', guess: null, back: '' } as const;
/** The list of the lessons, where a lesson's name could be. */
export const CONTENTS = 'all';

/** A draw of weights and data whose numbers are close to those that the notebook printed. */
export const DEFAULT_SEED = 831;

export const DEFAULT_STATE: State = {
  layers: [3, 5, 1],
  activation: 'sigmoid',
  loss: 'mse',
  generator: 'notebook',
  samples: 10,
  noise: 0.1,
  seed: DEFAULT_SEED,
  weightDecay: 0,
  optimizer: 'gradient_descent',
  training: 0,
  curvature: 'hessian',
  precision: 'f32',
  start: 'right_hand_side',
  iterations: 40,
  scale: 4.5,
  autoScale: false,
  damping: 0,
  y: 'error',
  x: 'iterations',
  hidden: [],
  also: [],
  own: null,
  lens: '',
  pair: ['hessian', 'kfac'],
  drawn: [],
  use: 'influence',
  solver: 'exact',
  without: 0,
  learningRate: 0.1,
  momentum: 0.9,
  resting: [],
  proximal: 0.3,
  cgSteps: 10,
  innerSteps: 256,
  batch: 0,
  repeats: 4,
  ...NO_LESSON,
};

/** The open lens, and what is chosen in it whatever the problem is. */
const OF_LENSES = [
  'lens',
  'pair',
  'drawn',
  'use',
  'solver',
  'learningRate',
  'momentum',
  'resting',
  'proximal',
  'cgSteps',
  'innerSteps',
  'repeats',
] as const satisfies readonly (keyof State)[];
/** What a report is looked at by: it needs no new run. */
export const OF_VIEWS = [...OF_LENSES, 'iterations', 'x', 'y', 'hidden', 'without', 'batch'] as const;

/** Whether two states are of other problems, however they are looked at. */
export function areOtherProblems(one: State, other: State): boolean {
  const views: readonly string[] = [...OF_VIEWS, ...Object.keys(NO_LESSON)];
  const fields = Object.keys(one) as (keyof State)[];
  return fields.some((field) => one[field] !== other[field] && !views.includes(field));
}

export function pick<K extends keyof State>(state: State, names: readonly K[]): Pick<State, K> {
  return Object.fromEntries(names.map((name) => [name, state[name]])) as Pick<State, K>;
}

/** A problem in the reader's present view: the open lens stays, and what is chosen in it. */
export function underView(problem: State, state: State): State {
  return { ...problem, ...pick(state, OF_LENSES) };
}

/** The same from within a lens, which a lesson may have opened: it stays, and what it leads back to. */
export function withinLens(problem: State, state: State): State {
  return { ...underView(problem, state), ...pick(state, ['lesson', 'guess', 'back']) };
}

/** What the race's settings may be. */
export const RATE_RANGE = [1e-9, 1000] as const;
export const MOMENTUM_RANGE = [0, 0.999] as const;

/** The axis that a spectrum is drawn on. */
export const DRAWN_RANGE = [-2, 12] as const;
export const MOST_DRAWN = 24;
