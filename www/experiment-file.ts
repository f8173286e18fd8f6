// An Experiment from a file as a change of the state.

import type { ExplicitData, Start } from '../pkg/hessian_lab';
import { fieldName } from './field-names';
import { flatten, isRecord, type Json } from './json-values';
import { METHODS, STANDARD } from './methods';
import { toOwn } from './own';
import { DEFAULT_STATE, type State, underView } from './state';
import { fromAddress, toAddress } from './state-text';
import { unshownOf } from './unshown';

/** What a file changes, and what of it the page cannot show. */
export interface Brought {
  readonly patch: Partial<State>;
  readonly unshown: readonly string[];
}

/** The problem and its methods; what the file leaves out is at the Experiment's defaults. The reader's view stays. */
export async function bringExperiment(file: Json, view: State): Promise<Brought> {
  const network = file['network'] as Json;
  const [data, training] = [recordIn(file, 'data'), recordIn(file, 'training')];
  const explicit = Array.isArray(data['inputs']) && Array.isArray(data['targets']);
  const weights = Array.isArray(network['parameters']) ? flatten(network['parameters'], 'weights') : null;
  const methods = methodsIn(file);
  const seeds = [network['seed'], data['seed']];
  const drawn = weights ? seeds.reverse() : seeds;
  // Where nothing is drawn, no seed is missing.
  const unsaid = weights && explicit ? view.seed : 0;
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
  const { x, y, iterations } = view;
  const state = { ...underView(checked({ ...patch, ...choiceOf(methods), x, y, iterations }), view), own };
  return { patch: state, unshown: unshownOf(file, methods, state) };
}

function recordIn(file: Json, field: string): Json {
  const value = file[field];
  return isRecord(value) ? value : {};
}

/** A method of the file under the page's name for it, and where it stands. */
export interface NamedMethod {
  readonly name: string;
  readonly place: string;
  readonly method: Json;
}

function methodsIn(file: Json): NamedMethod[] {
  const methods = file['methods'] ?? [];
  if (!Array.isArray(methods)) throw new Error('the methods are not a list');
  return methods.map((method, index) => {
    const place = `methods[${index}]`;
    const { method: base, preconditioner = 'none' } = isRecord(method) ? method : {};
    const name = base === 'cg' && preconditioner !== 'none' ? `cg_${preconditioner}` : base;
    if (!METHODS.some((style) => style.name === name))
      throw new Error(`${fieldName(place, [])} is none of this page’s`);
    return { name: name as string, place, method };
  });
}

/** Which methods run, and are seen: where the file names none, the page's own. */
function choiceOf(methods: readonly NamedMethod[]): Partial<State> {
  if (methods.length === 0) return {};
  const names = METHODS.map(({ name }) => name).filter((name) => methods.some((method) => method.name === name));
  return {
    also: names.filter((name) => !STANDARD.includes(name)),
    hidden: STANDARD.filter((name) => !names.includes(name)),
  };
}

/** Where the methods start and how they are scaled: the page has one setting for all of them. */
function settingsOf(methods: readonly NamedMethod[]): Json {
  const startsAnywhere = methods.some(({ name }) => name.startsWith('cg'));
  const scale = firstIn(methods, 'scale');
  return {
    ...(startsAnywhere && { start: firstIn(methods, 'start') ?? ('zero' satisfies Start) }),
    ...(scale === 'auto' ? { autoScale: true } : { scale }),
  };
}

function firstIn(methods: readonly NamedMethod[], field: string): unknown {
  return methods.find(({ method }) => method[field] !== undefined)?.method[field];
}

/** Through the address's own reading, so that a file gets no further than a link would. */
function checked(patch: Partial<State>): State {
  const { layers } = patch;
  if (layers !== undefined && !(Array.isArray(layers) && layers.every((width) => typeof width === 'number')))
    throw new Error('the layers are not a list of widths');
  return fromAddress(toAddress({ ...DEFAULT_STATE, ...patch }));
}

/** Of what is there: words, numbers and a flag, and the list of widths. */
function definedOnly({ layers, ...fields }: Record<string, unknown>): Partial<State> {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  const strange = there.find(([, value]) => !['string', 'number', 'boolean'].includes(typeof value));
  if (strange) throw new Error(`${strange[0]} is neither a word nor a number`);
  return Object.fromEntries(layers === undefined ? there : [['layers', layers], ...there]);
}
