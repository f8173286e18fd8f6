// What the applications that need validation data ask the core for.

import type { Application, Experiment } from '../../../pkg/hessian_lab';
import { toExperiment, toMethod } from '../../experiment';
import { SOLVERS } from '../../methods';
import type { State } from '../../state';

/** What is asked, or why it can't be. */
export type Asked = { readonly experiment: Experiment } | string;

/** The state's problem with validation data of the same law, another draw; its methods are those that can be chosen between. */
export function applied(state: State, applications: Application[]): Asked {
  if (state.own?.data)
    return 'This needs validation data of the same law as the data, and your own data come without: choose a law under The problem.';
  const experiment = toExperiment(state);
  const methods = SOLVERS.map((name) => toMethod(name, state, state.iterations));
  return { experiment: { ...experiment, methods, validation: experiment.data, applications } };
}

/** The experiment of a question that has been answered, and so was asked. */
export function experimentOf(asked: Asked): Experiment {
  if (typeof asked === 'string') throw new Error(asked);
  return asked.experiment;
}
