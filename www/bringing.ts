// What a reader brings along, as a change of the state: data from a CSV, weights or a whole Experiment from JSON.

import type { ExplicitData } from '../pkg/hessian_lab';
import { readCsv } from './csv';
import { parametersOf } from './experiment';
import { readJson } from './json.mjs';
import { toOwn } from './own';
import { DEFAULT_STATE, type State } from './state';
import { fromAddress, toAddress } from './state-text';

/** The widest layer the core takes. */
const WIDEST = 128;

/** Data from text whose last `outputs` columns are targets (with cross-entropy: the last column, a class). */
export async function bringData(state: State, text: string, outputs: number): Promise<Partial<State>> {
  const { rows } = readCsv(text);
  const columns = rows[0]?.length ?? 0;
  const targets = state.loss === 'mse' ? outputs : 1;
  if (!Number.isInteger(targets) || targets < 1 || targets > WIDEST)
    throw new Error(`targets in the last ${targets} columns: that is not a whole number from 1 to ${WIDEST}`);
  if (columns <= targets)
    throw new Error(`there are ${columns} columns: with ${targets} for targets, none is left for inputs`);
  if (columns - targets > WIDEST) throw new Error(`${columns - targets} inputs are more than ${WIDEST}`);
  const inputs = rows.map((row) => row.slice(0, -targets));
  const data: ExplicitData =
    state.loss === 'mse'
      ? { inputs, targets: rows.map((row) => row.slice(-targets)) }
      : { inputs, targets: rows.map((row, index) => readClass(row.at(-1) ?? 0, index, columns)) };
  const last = state.loss === 'mse' ? targets : Math.max(2, 1 + Math.max(...(data.targets as number[])));
  const layers = [columns - targets, ...state.layers.slice(1, -1), last];
  const weights = sameWidths(layers, state.layers) ? (state.own?.weights ?? null) : null;
  return { layers, own: await toOwn(data, weights) };
}

function readClass(value: number, index: number, column: number): number {
  if (Number.isInteger(value) && value >= 0 && value < WIDEST) return value;
  throw new Error(`datum ${index + 1}, column ${column}: ${value} is not a class, a whole number from 0 up`);
}

function sameWidths(a: readonly number[], b: readonly number[]): boolean {
  return a.join() === b.join();
}

/** JSON of weights (a list, or lists within lists, or PyTorch's names with such lists), or of an Experiment. */
export async function bringJson(state: State, text: string): Promise<Partial<State>> {
  const value = parse(text);
  if (isRecord(value) && isRecord(value['network'])) return bringExperiment(value);
  const weights = flatten(value, 'the JSON');
  const wanted = parametersOf(state.layers);
  if (weights.length !== wanted)
    throw new Error(`there are ${weights.length} weights, and a network ${state.layers.join('-')} has ${wanted}`);
  return { own: await toOwn(state.own?.data ?? null, weights), training: 0 };
}

function parse(text: string): unknown {
  try {
    return readJson(text);
  } catch (error) {
    throw error instanceof SyntaxError ? new Error(`this is not JSON (${error.message})`) : error;
  }
}

/** Lists within lists are no deeper than an array of a tensor's may be. */
const DEEPEST = 32;

function flatten(value: unknown, what: string, depth = 0): number[] {
  if (typeof value === 'number' && Number.isFinite(value)) return [value];
  if (depth > DEEPEST) throw new Error(`the JSON is nested more than ${DEEPEST} levels deep`);
  if (Array.isArray(value)) return value.flatMap((item, index) => flatten(item, `${what}[${index}]`, depth + 1));
  if (isRecord(value))
    return Object.entries(value).flatMap(([key, item]) => flatten(item, key.slice(0, 30), depth + 1));
  throw new Error(`${what} is not a number or a list of numbers`);
}

/** An Experiment's problem and solver settings; what the page has no control for is left at its default. */
async function bringExperiment(value: Record<string, unknown>): Promise<Partial<State>> {
  const network = value['network'] as Record<string, unknown>;
  const data = isRecord(value['data']) ? value['data'] : {};
  const training = isRecord(value['training']) ? value['training'] : {};
  const explicit = Array.isArray(data['inputs']) && Array.isArray(data['targets']);
  const weights = Array.isArray(network['parameters']) ? flatten(network['parameters'], 'network.parameters') : null;
  const patch = definedOnly({
    layers: network['layers'],
    activation: network['activation'],
    loss: value['loss'],
    generator: data['generator'],
    samples: data['samples'],
    noise: data['noise'],
    seed: network['seed'] ?? data['seed'],
    weightDecay: value['weight_decay'],
    optimizer: training['optimizer'],
    training: training['steps'],
    curvature: value['curvature'],
    precision: value['precision'] ?? 'f64',
    damping: value['damping'],
  });
  const own = await toOwn(explicit ? (data as unknown as ExplicitData) : null, weights);
  return { ...checked(patch), own };
}

/** Through the address's own reading, so that a file gets no further than a link would. */
function checked(patch: Partial<State>): State {
  const { layers } = patch;
  if (layers !== undefined && !(Array.isArray(layers) && layers.every((width) => typeof width === 'number')))
    throw new Error('network.layers is not a list of widths');
  return fromAddress(toAddress({ ...DEFAULT_STATE, ...patch }));
}

/** Of what is there: words and numbers, and the list of widths. */
function definedOnly({ layers, ...fields }: Record<string, unknown>): Partial<State> {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  const strange = there.find(([, value]) => typeof value !== 'string' && typeof value !== 'number');
  if (strange) throw new Error(`${strange[0]} is neither a word nor a number`);
  return Object.fromEntries(layers === undefined ? there : [['layers', layers], ...there]);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
