// What the page calls the fields of an Experiment, for readers who do not know the paths that the core refuses them by.

import { METHODS } from './methods';

const NAMES = new Map(
  Object.entries({
    'network.layers': 'Units in each layer',
    'network.activation': 'Activation',
    'network.seed': 'Seed of the weights',
    'network.parameters': 'Your own weights',
    data: 'Data',
    'data.generator': 'Data',
    'data.samples': 'Samples',
    'data.noise': 'Noise',
    'data.seed': 'Seed of the data',
    'data.condition': 'Condition number of the data',
    'data.inputs': 'Inputs of your own data',
    'data.targets': 'Targets of your own data',
    loss: 'Loss',
    weight_decay: 'Weight decay',
    'training.steps': 'Trained',
    'training.optimizer': 'Optimizer of the training',
    'training.learning_rate': 'Learning rate of the training',
    curvature: 'Matrix',
    damping: 'Damping',
    right_hand_side: 'Right-hand side',
    fisher_samples: 'Draws of the sampled Fisher',
    fisher_seed: 'Seed of the sampled Fisher',
    precision: 'Precision',
    methods: 'Methods',
    'race.learning_rate': 'Learning rate',
    'race.momentum': 'Momentum',
  }),
);

const OF_A_METHOD = new Map(
  Object.entries({
    iterations: 'Iterations',
    start: 'Start',
    scale: 'Scale',
    preconditioner: 'Preconditioner',
    batch: 'Data in a batch',
    repeats: 'Repeats',
    seed: 'Seed',
    fisher: 'Fisher matrix',
    damping_convention: 'Convention of damping',
    on_negative_curvature: 'Way on at negative curvature',
  }),
);

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];

/** The name of a path: Scale of the third method (Neumann). What has none here keeps its path. `methods` are the Experiment's. */
export function fieldName(path: string, methods: readonly string[]): string {
  const [, place, field] = /^methods\[(\d+)\]\.?(.*)$/.exec(path) ?? [];
  if (place !== undefined) return methodField(Number(place), field ?? '', methods);
  const [, list = path, item, column] = /^([^[]*)\[(\d+)\](?:\[(\d+)\])?/.exec(path) ?? [];
  const name = NAMES.get(list);
  if (name === undefined) return path;
  if (column !== undefined) return `${name}, row ${Number(item) + 1}, column ${Number(column) + 1}`;
  return item === undefined ? name : `${name}, no. ${Number(item) + 1}`;
}

function methodField(place: number, field: string, methods: readonly string[]): string {
  const style = METHODS.find(({ name }) => name === methods[place]);
  const ordinal = ORDINALS[place];
  const method = ordinal ? `the ${ordinal} method` : `method ${place + 1}`;
  const named = style ? `${method} (${style.label})` : method;
  return field === '' ? named : `${OF_A_METHOD.get(field) ?? field} of ${named}`;
}

/** What the core calls otherwise than the page; lists of what is allowed keep the core's names, which a file must have. */
const PHRASES = [
  ['cross_entropy needs', 'cross-entropy needs'],
  ['the loss mse', 'the squared loss'],
  ['"ill_conditioned" ', '“ill-conditioned” '],
] as const;

/** A refusal, which starts with a path and a colon, with the field's name in the path's place, and otherwise in the page's words. */
export function withFieldName(refusal: string, methods: readonly string[]): string {
  const [, path, reason = refusal] = /^([\w.[\]]+)(: .*)$/s.exec(refusal) ?? [];
  const named = path === undefined ? reason : `${fieldName(path, methods)}${reason}`;
  return PHRASES.reduce((text, [theirs, ours]) => text.replace(theirs, ours), named);
}
