// What a reader brings along, as a change of the state: data from a CSV, weights or a whole Experiment from JSON.

import type { ExplicitData } from '../pkg/hessian_lab';
import { readCsv } from './csv';
import { parametersOf } from './experiment';
import { type Brought, bringExperiment } from './experiment-file';
import { thereAre } from './format';
import { readJson } from './json.mjs';
import { flatten, isRecord } from './json-values';
import { toOwn } from './own';
import type { State } from './state';
import { dataFor, misfitOf, outputsFor, WIDEST } from './targets';

/** Data from text whose last `outputs` columns are targets (with cross-entropy: the last column, a class). */
export async function bringData(state: State, text: string, outputs: number): Promise<Brought> {
  const { rows } = readCsv(text);
  const columns = rows[0]?.length ?? 0;
  const targets = state.loss === 'mse' ? outputs : 1;
  if (!Number.isInteger(targets) || targets < 1 || targets > WIDEST)
    throw new Error(`targets in the last ${targets} columns: that is not a whole number from 1 to ${WIDEST}`);
  if (columns <= targets)
    throw new Error(`${thereAre(columns, 'column')}: with ${targets} for targets, none is left for inputs`);
  if (columns - targets > WIDEST) throw new Error(`${columns - targets} inputs are more than ${WIDEST}`);
  const inputs = rows.map((row) => row.slice(0, -targets));
  const data: ExplicitData = { inputs, targets: rows.map((row) => row.slice(-targets)) };
  const misfit = misfitOf(state.loss, data);
  if (misfit) throw new Error(misfit);
  const layers = [columns - targets, ...state.layers.slice(1, -1), outputsFor(state.loss, data)];
  const weights = sameWidths(layers, state.layers) ? (state.own?.weights ?? null) : null;
  return { patch: { layers, own: await toOwn(dataFor(state.loss, data), weights) }, unshown: [] };
}

function sameWidths(a: readonly number[], b: readonly number[]): boolean {
  return a.join() === b.join();
}

/** JSON of weights (a list, or lists within lists, or PyTorch's names with such lists), or of an Experiment. */
export async function bringJson(state: State, text: string): Promise<Brought> {
  const value = parse(text);
  if (isRecord(value) && isRecord(value['network'])) return bringExperiment(value, state);
  if (!isOfLists(value)) throw new Error('this is neither an Experiment nor a list of weights');
  const weights = flatten(value, 'the JSON');
  const wanted = parametersOf(state.layers);
  if (weights.length !== wanted)
    throw new Error(`${thereAre(weights.length, 'weight')}, and a network ${state.layers.join('-')} has ${wanted}`);
  return { patch: { own: await toOwn(state.own?.data ?? null, weights), training: 0 }, unshown: [] };
}

/** A list, or names with lists or with names. */
function isOfLists(value: unknown): boolean {
  if (!isRecord(value)) return Array.isArray(value);
  const items = Object.values(value);
  return items.length > 0 && items.every((item) => Array.isArray(item) || isRecord(item));
}

function parse(text: string): unknown {
  try {
    return readJson(text);
  } catch (error) {
    throw error instanceof SyntaxError ? new Error(`this is not JSON (${error.message})`) : error;
  }
}
