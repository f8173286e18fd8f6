// What of a reader's Experiment the page does not show, since it has no control for it.

import { toExperiment } from './experiment';
import type { NamedMethod } from './experiment-file';
import { fieldName } from './field-names';
import { isRecord, type Json } from './json-values';
import { METHODS } from './methods';
import type { State } from './state';

/** What is asked to be told of a problem is no part of it; the page asks for what it draws. */
const REQUESTS = ['include', 'analysis', 'applications', 'compare', 'glimpse'];

/** The names of the fields that say something else than what the page will ask, its defaults written out. */
export function unshownOf(file: Json, methods: readonly NamedMethod[], state: State): string[] {
  const { methods: _, ...problem } = file;
  const { methods: asked, ...made } = wholly(state);
  const ofProblem = differences(problem, made as Json, '').filter((field) => !REQUESTS.includes(field));
  const ofMethods = methods.flatMap(({ name, place, method: { iterations: _, ...method } }) =>
    differences(method, asked[name] ?? {}, `${place}.`),
  );
  const names = methods.map(({ name }) => name);
  return [...ofProblem, ...ofMethods].map((path) => fieldName(path, names));
}

function differences(said: Json, made: Json, path: string): string[] {
  return Object.entries(said).flatMap(([field, value]) => {
    const other = made[field];
    if (isRecord(value)) return differences(value, isRecord(other) ? other : {}, `${path}${field}.`);
    return JSON.stringify(value) === JSON.stringify(other) ? [] : [`${path}${field}`];
  });
}

/** The Experiment of a state with the defaults of what the page has no control for, and its methods by the page's names. */
function wholly(state: State): Json & { methods: Readonly<Record<string, Json>> } {
  const { optimizer, training, seed, weightDecay } = state;
  const { network, data, methods, ...others } = toExperiment({ ...state, also: METHODS.map(({ name }) => name) });
  const ofAny = {
    preconditioner: 'none',
    on_negative_curvature: 'continue',
    fisher: 'type2',
    damping_convention: 'exact',
  };
  return {
    weight_decay: weightDecay,
    training: { optimizer, steps: training, learning_rate: 0.1 },
    fisher_samples: 1,
    fisher_seed: 0,
    right_hand_side: 'gradient',
    network: { seed, ...network },
    data: { noise: 0.1, condition: 1000, ...data },
    ...others,
    methods: Object.fromEntries(METHODS.map(({ name }, index) => [name, { ...ofAny, ...methods[index] }])),
  };
}
