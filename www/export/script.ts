// The runnable PyTorch script: the problem, what chance drew for it and what was shown of it, put into newton_step.py.

import type { Draws, ExplicitData, Report } from '../../pkg/hessian_lab';
import type { State } from '../state';
import template from './newton_step.py?raw';

/** A report in the page's names, with what it was computed from. */
export interface WholeReport extends Report {
  readonly data: ExplicitData;
  readonly draws: Draws;
}

export function pytorchScript(state: State, report: WholeReport): string {
  const { layers, activation, loss, curvature, precision, iterations, start, damping } = state;
  const problem = {
    layers,
    activation,
    loss,
    weight_decay: state.weightDecay,
    damping,
    curvature,
    precision,
    iterations,
    start,
    drawn: !state.own?.weights || !state.own.data,
    theta: report.theta,
    inputs: report.data.inputs,
    targets: report.data.targets,
    fisher_gradients: report.draws.fisher_gradients,
    batches: report.draws.batches[0]?.map((steps) => steps.slice(0, iterations)) ?? [],
    shown: Object.fromEntries(report.methods.map((run) => [run.method, shownOf(run, state)])),
  };
  return template.replace('__PROBLEM__', () => JSON.stringify(problem));
}

function shownOf({ trace, scale }: Report['methods'][number], state: State) {
  const upTo = (curve: readonly (number | null)[]) => curve.slice(0, state.iterations + 1);
  return {
    relative_error: upTo(trace.relative_error),
    cosine_similarity: upTo(trace.cosine_similarity),
    residual: upTo(trace.residual),
    energy_error: upTo(trace.energy_error),
    scale: scale ?? state.scale,
  };
}
