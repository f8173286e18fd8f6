// The runnable PyTorch script: the problem and what was shown of it, put into newton_step.py.

import type { ExplicitData, Report } from '../../pkg/hessian_lab';
import type { State } from '../state';
import template from './newton_step.py?raw';

/** What the script can't do again: it has no way to the core's random draws. */
export function whyNoScript({ curvature }: State): string | null {
  return curvature === 'fisher_mc'
    ? 'A sampled Fisher matrix can’t be drawn again elsewhere: choose another matrix.'
    : null;
}

/** `report` is in the page's names, `data` what it was computed from. */
export function pytorchScript(state: State, report: Report, data: ExplicitData): string {
  const { layers, activation, loss, curvature, precision, iterations, start, damping } = state;
  const shown = Object.fromEntries(
    report.methods
      .filter(({ method }) => !['minres', 'lissa'].includes(method))
      .map(({ method, trace }) => [
        method,
        trace.relative_error.slice(0, iterations + 1).map((error) => error ?? null),
      ]),
  );
  const problem = {
    layers,
    activation,
    loss,
    weight_decay: state.weightDecay,
    damping,
    curvature,
    precision,
    iterations,
    scale: report.methods.find(({ method }) => method === 'neumann')?.scale ?? state.scale,
    start,
    drawn: !state.own?.weights || !state.own.data,
    theta: report.theta,
    inputs: data.inputs,
    targets: data.targets,
    shown,
  };
  return template.replace('__PROBLEM__', () => JSON.stringify(problem));
}
