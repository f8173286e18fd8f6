// The State's problem as the Experiment that the core is asked to run.

import type { DataSpec, Experiment, Method, Report } from '../pkg/hessian_lab';
import { isRun, METHODS } from './methods';
import type { State } from './state';
import { dataFor } from './targets';

/** Traces always run to the end of the Iterations slider, so that moving it needs no new run. */
export const TRACE_END = 120;

/** LiSSA as it is run here: half of the data a step, the mean of four runs. */
export const LISSA = { part: 2, repeats: 4 };

export function toExperiment(state: State): Experiment {
  const { layers, activation, loss, weightDecay, optimizer, training, curvature, damping, precision } = state;
  const parameters = state.own?.weights;
  return {
    network: { layers, activation, ...(parameters ? { parameters } : { seed: state.seed }) },
    data: toData(state),
    loss,
    ...(weightDecay > 0 && { weight_decay: weightDecay }),
    ...(training > 0 && { training: { optimizer, steps: training } }),
    curvature,
    damping,
    precision,
    methods: methodNames(state).map((name) => toMethod(name, state)),
  };
}

/** P: a weight for every pair of neighbouring units, and a bias for every unit but the inputs. */
export function parametersOf(layers: readonly number[]): number {
  return layers.slice(1).reduce((sum, out, layer) => sum + out * ((layers[layer] as number) + 1), 0);
}

export function samplesOf({ own, samples }: State): number {
  return own?.data?.inputs.length ?? samples;
}

/** The page's names of the methods that are run, in their order. */
export function methodNames({ also }: State): string[] {
  return METHODS.filter(({ name }) => isRun(name, also)).map(({ name }) => name);
}

/** The report with its runs under the page's names: CG with a preconditioner is a method of its own here. */
export function named(report: Report, state: State): Report {
  const names = methodNames(state);
  return { ...report, methods: report.methods.map((run, index) => ({ ...run, method: names[index] ?? run.method })) };
}

function toData({ own, loss, generator, samples, noise, seed }: State): DataSpec {
  if (own?.data) return dataFor(loss, own.data);
  return { generator, samples, seed, ...(generator !== 'notebook' && { noise }) };
}

/** A method by the page's name for it. */
export function toMethod(name: string, state: State, iterations = TRACE_END): Method {
  const { start, seed } = state;
  const scale = state.autoScale ? 'auto' : state.scale;
  switch (name) {
    case 'cg':
      return { method: 'cg', iterations, start };
    case 'cg_kfac':
    case 'cg_ekfac':
      return { method: 'cg', iterations, start, preconditioner: name === 'cg_kfac' ? 'kfac' : 'ekfac' };
    case 'minres':
      return { method: 'minres', iterations };
    case 'neumann':
      return { method: 'neumann', iterations, scale };
    case 'lissa': {
      const batch = Math.ceil(samplesOf(state) / LISSA.part);
      return { method: 'lissa', iterations, scale, batch, repeats: LISSA.repeats, seed };
    }
    default:
      return { method: name } as Method;
  }
}
