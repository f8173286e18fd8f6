// An Experiment from a file as a change of the state, and what of it the page has no control for.

import type { ExplicitData, Start } from '../pkg/hessian_lab';
import { toExperiment } from './experiment';
import { flatten, isRecord, type Json } from './json-values';
import { METHODS, STANDARD } from './methods';
import { toOwn } from './own';
import { DEFAULT_STATE, type State } from './state';
import { fromAddress, toAddress } from './state-text';

/** What a file changes, and the fields of it that the page cannot show. */
export interface Brought {
  readonly patch: Partial<State>;
  readonly unshown: readonly string[];
}

/** What is asked to be told of a problem is no part of it; the page asks for what it draws. */
const REQUESTS = ['include', 'analysis', 'applications', 'compare', 'glimpse'];

/** The problem and its methods; what the file leaves out is at the Experiment's defaults. The reader's axes stay. */
export async function bringExperiment(file: Json, { x, y, iterations, seed }: State): Promise<Brought> {
  const network = file['network'] as Json;
  const [data, training] = [recordIn(file, 'data'), recordIn(file, 'training')];
  const explicit = Array.isArray(data['inputs']) && Array.isArray(data['targets']);
  const weights = Array.isArray(network['parameters']) ? flatten(network['parameters'], 'network.parameters') : null;
  const methods = methodsIn(file);
  const seeds = [network['seed'], data['seed']];
  const drawn = weights ? seeds.reverse() : seeds;
  // Where nothing is drawn, no seed is missing.
  const unsaid = weights && explicit ? seed : 0;
  const patch = definedOnly({
    layers: network['layers'],
    activation: network['activation'],
    loss: file['loss'],
    generator: data['generator'],
    samples: data['samples'],
    noise: data['noise'],
    seed: [...drawn, firstIn(methods, 'seed')].find((seed) => seed !== undefined) ?? unsaid,
    weightDecay: file['weight_decay'],
    optimizer: training['optimizer'],
    training: training['steps'],
    curvature: file['curvature'],
    precision: file['precision'] ?? 'f64',
    damping: file['damping'],
    ...settingsOf(methods),
  });
  const own = await toOwn(explicit ? (data as unknown as ExplicitData) : null, weights);
  const state = { ...checked({ ...patch, ...choiceOf(methods), x, y, iterations }), own };
  return { patch: state, unshown: unshownOf(file, methods, state) };
}

function recordIn(file: Json, field: string): Json {
  const value = file[field];
  return isRecord(value) ? value : {};
}

/** A method of the file under the page's name for it, and where it stands. */
interface Named {
  readonly name: string;
  readonly place: string;
  readonly method: Json;
}

function methodsIn(file: Json): Named[] {
  const methods = file['methods'] ?? [];
  if (!Array.isArray(methods)) throw new Error('methods is not a list');
  return methods.map((method, index) => {
    const place = `methods[${index}]`;
    const { method: base, preconditioner = 'none' } = isRecord(method) ? method : {};
    const name = base === 'cg' && preconditioner !== 'none' ? `cg_${preconditioner}` : base;
    if (!METHODS.some((style) => style.name === name)) throw new Error(`${place} is no method of this page`);
    return { name: name as string, place, method };
  });
}

/** Which methods run, and are seen: where the file names none, the page's own. */
function choiceOf(methods: readonly Named[]): Partial<State> {
  if (methods.length === 0) return {};
  const names = METHODS.map(({ name }) => name).filter((name) => methods.some((method) => method.name === name));
  return {
    also: names.filter((name) => !STANDARD.includes(name)),
    hidden: STANDARD.filter((name) => !names.includes(name)),
  };
}

/** Where the methods start and how they are scaled: the page has one setting for all of them. */
function settingsOf(methods: readonly Named[]): Json {
  const startsAnywhere = methods.some(({ name }) => name.startsWith('cg'));
  const scale = firstIn(methods, 'scale');
  return {
    ...(startsAnywhere && { start: firstIn(methods, 'start') ?? ('zero' satisfies Start) }),
    ...(scale === 'auto' ? { autoScale: true } : { scale }),
  };
}

function firstIn(methods: readonly Named[], field: string): unknown {
  return methods.find(({ method }) => method[field] !== undefined)?.method[field];
}

/** Through the address's own reading, so that a file gets no further than a link would. */
function checked(patch: Partial<State>): State {
  const { layers } = patch;
  if (layers !== undefined && !(Array.isArray(layers) && layers.every((width) => typeof width === 'number')))
    throw new Error('network.layers is not a list of widths');
  return fromAddress(toAddress({ ...DEFAULT_STATE, ...patch }));
}

/** Of what is there: words, numbers and a flag, and the list of widths. */
function definedOnly({ layers, ...fields }: Record<string, unknown>): Partial<State> {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  const strange = there.find(([, value]) => !['string', 'number', 'boolean'].includes(typeof value));
  if (strange) throw new Error(`${strange[0]} is neither a word nor a number`);
  return Object.fromEntries(layers === undefined ? there : [['layers', layers], ...there]);
}

/** The fields that say something else than what the page will ask, its defaults written out. */
function unshownOf(file: Json, methods: readonly Named[], state: State): string[] {
  const { methods: _, ...problem } = file;
  const { methods: asked, ...made } = wholly(state);
  const ofProblem = differences(problem, made as Json, '').filter((field) => !REQUESTS.includes(field));
  return [
    ...ofProblem,
    ...methods.flatMap(({ name, place, method: { iterations: _, ...method } }) =>
      differences(method, asked[name] ?? {}, `${place}.`),
    ),
  ];
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
