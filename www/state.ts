// Everything the page shows follows from one State, and the address is its text.

import type { Experiment, GeneratedData, Method, Training } from '../pkg/hessian_lab';
import { TRACE_END } from './experiment';
import { LENSES } from './lenses';
import { APPLICATIONS } from './lenses/purpose/applications';
import { RACER_NAMES } from './lenses/purpose/racer-names';
import { LESSONS } from './lessons/catalogue';
import { METHODS, SOLVERS } from './methods';
import { MAX_PACKED, type Own, readPacked } from './own';

type Activation = Experiment['network']['activation'];
type Curvature = NonNullable<Experiment['curvature']>;
type Loss = Experiment['loss'];
type Generator = GeneratedData['generator'];
type Optimizer = Training['optimizer'];
type Precision = NonNullable<Experiment['precision']>;
type Start = NonNullable<Extract<Method, { method: 'cg' }>['start']>;

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

/** The matrices that can be set side by side, with the words that the address uses for them. */
const MATRIX_WORDS = {
  hessian: 'hessian',
  'gauss-newton': 'ggn',
  'empirical-fisher': 'fisher_empirical',
  'layer-blocks': 'block_diagonal',
  kfac: 'kfac',
  ekfac: 'ekfac',
} as const;
export type MatrixName = (typeof MATRIX_WORDS)[keyof typeof MATRIX_WORDS];

/** The part of a State that a lesson keeps apart from the bench. */
export const NO_LESSON = { lesson: '', guess: null, back: '' } as const;
/** The list of the lessons, where a lesson's name could be. */
export const CONTENTS = 'all';

/** The draw of weights and data that reproduces what the notebook printed. */
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

/** A problem in the reader's present view: the open lens stays, and what is chosen in it. */
export function underView(problem: State, { lens, pair, drawn, use, solver, ...state }: State): State {
  const { learningRate, momentum, resting, proximal, cgSteps, innerSteps, repeats } = state;
  const ofUses = { learningRate, momentum, resting, proximal, cgSteps, innerSteps, repeats };
  return { ...problem, lens, pair, drawn, use, solver, ...ofUses };
}

/** The values a choice may take, with the words that the address uses for them. */
export const ACTIVATIONS: readonly Activation[] = ['sigmoid', 'tanh', 'relu', 'softplus', 'identity'];
const CURVATURES = {
  hessian: 'hessian',
  'gauss-newton': 'ggn',
  fisher: 'fisher_mc',
  'empirical-fisher': 'fisher_empirical',
} as const satisfies Record<string, Curvature>;
const LOSSES = { squared: 'mse', 'cross-entropy': 'cross_entropy' } as const satisfies Record<string, Loss>;
export const GENERATORS = {
  notebook: 'notebook',
  sine: 'sine',
  moons: 'moons',
  spirals: 'spirals',
  blobs: 'blobs',
  'ill-conditioned': 'ill_conditioned',
} as const satisfies Record<string, Generator>;
const OPTIMIZERS = { descent: 'gradient_descent', newton: 'newton' } as const satisfies Record<string, Optimizer>;
const PRECISIONS = { float32: 'f32', float64: 'f64' } as const satisfies Record<string, Precision>;
const STARTS = { gradient: 'right_hand_side', zero: 'zero' } as const satisfies Record<string, Start>;
const MEASURES: readonly Measure[] = ['error', 'residual', 'cosine', 'energy'];
const COUNTS: readonly Count[] = ['iterations', 'products', 'milliseconds'];

/** What the race's settings may be. */
export const RATE_RANGE = [1e-9, 1000] as const;
export const MOMENTUM_RANGE = [0, 0.999] as const;

/** How one field of the State is written in the address; `read` throws a message for text it can't take. */
interface Field<T> {
  readonly key: string;
  readonly read: (text: string) => T;
  readonly write: (value: T) => string;
}

const METHOD_NAMES = METHODS.map(({ name }) => name);

const FIELDS: { readonly [K in keyof State]: Field<State[K]> } = {
  layers: { key: 'layers', read: readLayers, write: (layers) => layers.join('-') },
  activation: choice('activation', sameWords(ACTIVATIONS)),
  loss: choice('loss', LOSSES),
  generator: choice('data', GENERATORS),
  samples: whole('samples', 1, 1_000_000),
  noise: real('noise', (noise) => noise >= 0, 'a number from 0 up'),
  seed: whole('seed', 0, 4_294_967_295),
  weightDecay: real('decay', (decay) => decay >= 0, 'a number from 0 up'),
  optimizer: choice('optimizer', OPTIMIZERS),
  training: whole('train', 0, 100_000),
  curvature: choice('matrix', CURVATURES),
  precision: choice('precision', PRECISIONS),
  start: choice('start', STARTS),
  iterations: whole('iterations', 0, TRACE_END),
  scale: real('scale', (scale) => scale > 0, 'a number above 0'),
  autoScale: flag('auto'),
  damping: real('damping', (damping) => damping >= 0, 'a number from 0 up'),
  y: choice('y', sameWords(MEASURES)),
  x: choice('x', sameWords(COUNTS)),
  hidden: names('hide', METHOD_NAMES),
  also: names('also', METHOD_NAMES),
  own: { key: 'own', read: readPacked, write: (own) => own?.packed ?? 'none' },
  lens: choice('lens', sameWords(['', ...LENSES.map(({ name }) => name)])),
  pair: { key: 'matrices', read: readPair, write: (pair) => pair.map(wordOf).join('_') },
  drawn: { key: 'drawn', read: readDrawn, write: (values) => values.join('_') },
  use: choice('use', sameWords(APPLICATIONS.map(({ name }) => name))),
  solver: choice('solver', sameWords(SOLVERS)),
  without: whole('spared', 0, 1_000_000),
  learningRate: real('rate', (rate) => within(rate, RATE_RANGE), `a number from ${RATE_RANGE.join(' to ')}`),
  momentum: real('momentum', (beta) => within(beta, MOMENTUM_RANGE), `a number from ${MOMENTUM_RANGE.join(' to ')}`),
  resting: names('out', RACER_NAMES),
  proximal: real('proximal', (proximal) => proximal > 0, 'a number above 0'),
  cgSteps: whole('cgsteps', 0, 200),
  innerSteps: whole('innersteps', 1, 500),
  batch: whole('batch', 0, 1_000_000),
  repeats: whole('repeats', 1, 1_000),
  lesson: choice('lesson', sameWords([CONTENTS, ...LESSONS.map(({ name }) => name)])),
  guess: { key: 'guess', read: readGuess, write: (guess) => `${guess ?? ''}` },
  back: { key: 'back', read: readBack, write: (address) => address },
};

/** The names of the address's parts. */
export const ADDRESS_KEYS: readonly string[] = Object.values(FIELDS).map(({ key }) => key);

/** Without the reader's own data. */
export const MAX_ADDRESS = 2_000;

/** The fragment for a state: readable, and only what differs from the default. */
export function toAddress(state: State): string {
  const parts = new URLSearchParams();
  for (const name of Object.keys(FIELDS) as (keyof State)[]) {
    const text = writeField(name, state);
    if (text !== writeField(name, DEFAULT_STATE)) parts.set(FIELDS[name].key, text);
  }
  return parts.toString();
}

/** The state an address asks for; throws a message that names the part it can't take. */
export function fromAddress(fragment: string): State {
  const text = fragment.replace(/^#/, '');
  if (text.replace(/(^|&)own=[^&]*/, '').length > MAX_ADDRESS || text.length > MAX_ADDRESS + MAX_PACKED)
    throw new Error(`it is longer than ${MAX_ADDRESS} characters`);
  const patch: Partial<Record<keyof State, unknown>> = {};
  for (const [key, value] of new URLSearchParams(text)) {
    const name = (Object.keys(FIELDS) as (keyof State)[]).find((field) => FIELDS[field].key === key);
    if (!name) throw new Error(`${quote(key)} is not a setting of this page`);
    if (name in patch) throw new Error(`${quote(key)} is given twice`);
    patch[name] = FIELDS[name].read(value);
  }
  return { ...DEFAULT_STATE, ...patch } as State;
}

function writeField<K extends keyof State>(name: K, state: State): string {
  return FIELDS[name].write(state[name]);
}

function choice<W extends string, T extends string>(key: string, words: Readonly<Record<W, T>>): Field<T> {
  const entries = Object.entries(words) as [string, T][];
  return {
    key,
    read: (text) => {
      const found = entries.find(([word]) => word === text);
      if (!found) throw refusal(key, text, `one of ${entries.map(([word]) => word).join(', ')}`);
      return found[1];
    },
    write: (value) => entries.find(([, known]) => known === value)?.[0] ?? value,
  };
}

function sameWords<T extends string>(words: readonly T[]): Record<T, T> {
  return Object.fromEntries(words.map((word) => [word, word])) as Record<T, T>;
}

function whole(key: string, low: number, high: number): Field<number> {
  const read = (text: string) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= low && value <= high)) throw refusal(key, text, `a whole number from ${low} to ${high}`);
    return value;
  };
  return { key, read, write: String };
}

function real(key: string, allowed: (value: number) => boolean, wanted: string): Field<number> {
  const read = (text: string) => {
    const value = /^[\d.]+(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    if (!Number.isFinite(value) || !allowed(value)) throw refusal(key, text, wanted);
    return value;
  };
  return { key, read, write: String };
}

function within(value: number, [low, high]: readonly [number, number]): boolean {
  return value >= low && value <= high;
}

function readLayers(text: string): number[] {
  if (!/^\d{1,3}(-\d{1,3}){1,9}$/.test(text)) throw refusal('layers', text, 'widths such as 3-5-1');
  return text.split('-').map(Number);
}

function flag(key: string): Field<boolean> {
  const { read } = choice(key, { no: 'no', yes: 'yes' });
  return { key, read: (text) => read(text) === 'yes', write: (value) => (value ? 'yes' : 'no') };
}

function names(key: string, known: readonly string[]): Field<string[]> {
  const read = (text: string) => {
    const list = text.split('-');
    const unknown = list.find((name) => !known.includes(name));
    if (unknown !== undefined) throw refusal(key, unknown, `one of ${known.join(', ')}`);
    return list;
  };
  return { key, read, write: (list) => list.join('-') };
}

function readPair(text: string): [MatrixName, MatrixName] {
  const known = new Map<string, MatrixName>(Object.entries(MATRIX_WORDS));
  const names = text.split('_').map((word) => known.get(word));
  const [left, right] = names;
  if (names.length !== 2 || !left || !right)
    throw refusal('matrices', text, `two of ${Object.keys(MATRIX_WORDS).join(', ')}, joined by _`);
  return [left, right];
}

function wordOf(matrix: MatrixName): string {
  return Object.entries(MATRIX_WORDS).find(([, name]) => name === matrix)?.[0] ?? matrix;
}

/** The axis that a spectrum is drawn on. */
export const DRAWN_RANGE = [-2, 12] as const;
export const MOST_DRAWN = 24;

function readDrawn(text: string): number[] {
  // Adding 0 makes one zero of both.
  const values = text.split('_').map((part) => (/^-?\d{1,2}(\.\d{1,4})?$/.test(part) ? Number(part) + 0 : Number.NaN));
  const [low, high] = DRAWN_RANGE;
  if (values.length > MOST_DRAWN || !values.every((value) => value >= low && value <= high))
    throw refusal('drawn', text, `1 to ${MOST_DRAWN} eigenvalues from ${low} to ${high}, joined by _`);
  return values;
}

function readGuess(text: string): number {
  if (!/^\d{1,4}(\.\d{1,20})?(e-\d{1,2})?$/.test(text)) throw refusal('guess', text, 'a number from 0 up');
  return Number(text);
}

/** Read at once, so that a link that can't lead back is refused before it leads away. */
function readBack(text: string): string {
  return toAddress({ ...fromAddress(text), ...NO_LESSON });
}

function refusal(key: string, text: string, wanted: string): Error {
  return new Error(`${key}: ${quote(text)} is not ${wanted}`);
}

function quote(text: string): string {
  return `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;
}
