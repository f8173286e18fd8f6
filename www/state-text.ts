// A State as the text of an address: readable, and only what differs from the default.

import { between, choice, type Field, flag, names, quote, real, refusal, sameWords, whole } from './address-field';
import { TRACE_END } from './experiment';
import { LENSES } from './lenses';
import { APPLICATIONS } from './lenses/purpose/applications';
import { RACER_NAMES } from './lenses/purpose/racer-names';
import { LESSONS } from './lessons/catalogue';
import { METHODS, SOLVERS } from './methods';
import { MAX_PACKED, readPacked } from './own';
import {
  type Activation,
  CONTENTS,
  type Count,
  type Curvature,
  DEFAULT_STATE,
  DRAWN_RANGE,
  type Generator,
  type Loss,
  type MatrixName,
  type Measure,
  MOMENTUM_RANGE,
  MOST_DRAWN,
  NO_LESSON,
  type Optimizer,
  type Precision,
  RATE_RANGE,
  type Start,
  type State,
} from './state';

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

/** The matrices that can be set side by side. */
const MATRIX_WORDS = {
  hessian: 'hessian',
  'gauss-newton': 'ggn',
  'empirical-fisher': 'fisher_empirical',
  'layer-blocks': 'block_diagonal',
  kfac: 'kfac',
  ekfac: 'ekfac',
} as const satisfies Record<string, MatrixName>;
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
  learningRate: between('rate', RATE_RANGE),
  momentum: between('momentum', MOMENTUM_RANGE),
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

/** Whether two states have the same address. */
export function areSame(one: State, other: State): boolean {
  const names = Object.keys(FIELDS) as (keyof State)[];
  return names.every((name) => one[name] === other[name] || writeField(name, one) === writeField(name, other));
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

function readLayers(text: string): number[] {
  if (!/^\d{1,3}(-\d{1,3}){1,9}$/.test(text)) throw refusal('layers', text, 'widths such as 3-5-1');
  return text.split('-').map(Number);
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
