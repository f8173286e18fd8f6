// Choices of the problem that bring others with them: a law of data has its inputs, a classifier its classes.

import type { State } from './state';

type List = 'activation' | 'loss' | 'generator' | 'optimizer';

const INPUTS: Partial<Record<State['generator'], number>> = { sine: 1, moons: 2, spirals: 2 };
const REGRESSIONS: readonly string[] = ['sine', 'ill_conditioned'];

/** What choosing a value in a list changes. */
export function chosen(state: State, list: List, value: string): Partial<State> {
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

function withLoss(state: State, loss: State['loss']): Partial<State> {
  if (loss === 'mse') return { loss, own: withoutData(state) };
  const generator = REGRESSIONS.includes(state.generator) ? 'blobs' : state.generator;
  const classes = Math.max(state.layers.at(-1) ?? 2, 2);
  return { loss, generator, layers: state.layers.with(-1, classes), own: withoutData(state) };
}

/** The reader's own data suit one loss and one network; another choice gives them up. */
function withoutData({ own }: State): State['own'] {
  return own?.data ? null : own;
}
