// Choices of the problem that bring others with them: a law of data has its inputs, a classifier its classes.

import type { ExplicitData } from '../pkg/hessian_lab';
import type { State } from './state';
import { misfitOf, outputsFor } from './targets';

type List = 'activation' | 'loss' | 'generator' | 'optimizer';

const INPUTS: Partial<Record<State['generator'], number>> = { sine: 1, moons: 2, spirals: 2 };
const REGRESSIONS: readonly string[] = ['sine', 'ill_conditioned'];

/** What choosing a value in a list changes, or why it can't be chosen. */
export function chosen(state: State, list: List, value: string): Partial<State> | string {
  if (list === 'generator') return withGenerator(state, value as State['generator']);
  if (list === 'loss') return withLoss(state, value as State['loss']);
  return { [list]: value };
}

function withGenerator(state: State, generator: State['generator']): Partial<State> {
  const loss = REGRESSIONS.includes(generator) ? 'mse' : state.loss;
  const inputs = INPUTS[generator] ?? state.layers[0] ?? 1;
  const samples = generator === 'ill_conditioned' ? Math.max(state.samples, inputs + 2) : state.samples;
  return { generator, loss, samples, layers: state.layers.with(0, inputs), own: withoutData(state) };
}

function withLoss(state: State, loss: State['loss']): Partial<State> | string {
  if (state.own?.data) return withLossOf(state.own.data, state, loss);
  if (loss === 'mse') return { loss };
  const generator = REGRESSIONS.includes(state.generator) ? 'blobs' : state.generator;
  const classes = Math.max(state.layers.at(-1) ?? 2, 2);
  return { loss, generator, layers: state.layers.with(-1, classes) };
}

/** The reader's own data stay, and the network's outputs follow them. */
function withLossOf(data: ExplicitData, { layers }: State, loss: State['loss']): Partial<State> | string {
  const misfit = misfitOf(loss, data);
  if (misfit) return `Your own data don’t fit this loss: ${misfit}. The loss stays as it was.`;
  return { loss, layers: layers.with(-1, outputsFor(loss, data)) };
}

/** A law draws data in place of the reader's own. */
function withoutData({ own }: State): State['own'] {
  return own?.data ? null : own;
}
