// The State's problem as the Experiment that the core is asked to run.

import type { Experiment, Method } from '../pkg/hessian_lab';
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
  };
}

function toMethods({ start, scale }: State): Method[] {
  return [
    { method: 'exact' },
    { method: 'cg', iterations: TRACE_END, start },
    { method: 'neumann', iterations: TRACE_END, scale },
    { method: 'kfac' },
  ];
}
