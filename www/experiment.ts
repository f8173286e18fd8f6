// The State's problem as the Experiment that the core is asked to run.

import type { Experiment, Method } from '../pkg/hessian_lab';
import { openLens } from './lenses';
import type { State } from './state';

/** Traces always run to the end of the Iterations slider, so that moving it needs no new run. */
export const TRACE_END = 120;

export function toExperiment(state: State): Experiment {
  const { layers, activation, seed, samples, curvature, damping, precision } = state;
  return {
    network: { layers, activation, seed },
    data: { generator: 'notebook', samples, seed },
    loss: 'mse',
    curvature,
    damping,
    precision,
    methods: toMethods(state),
    ...forLens(state),
  };
}

/** What the open lens draws, of problems that it can draw. */
function forLens({ lens, layers }: State): Pick<Experiment, 'analysis' | 'include'> {
  const open = openLens(lens);
  if (!open || parametersOf(layers) > open.most) return {};
  const { analysis, include } = open;
  return { ...(analysis && { analysis: [...analysis] }), ...(include && { include: [...include] }) };
}

/** P: a weight for every pair of neighbouring units, and a bias for every unit but the inputs. */
export function parametersOf(layers: readonly number[]): number {
  return layers.slice(1).reduce((sum, out, layer) => sum + out * ((layers[layer] as number) + 1), 0);
}

function toMethods({ start, scale }: State): Method[] {
  return [
    { method: 'exact' },
    { method: 'cg', iterations: TRACE_END, start },
    { method: 'neumann', iterations: TRACE_END, scale },
    { method: 'kfac' },
  ];
}
