// The State's problem as the Experiment that the core is asked to run.

import type { DataSpec, Experiment, Method, Report } from '../pkg/hessian_lab';
import { openLens } from './lenses';
import { isRun, METHODS } from './methods';
import type { State } from './state';

/** Traces always run to the end of the Iterations slider, so that moving it needs no new run. */
export const TRACE_END = 120;

/** Data of at most so many numbers come back with every report, to be drawn. */
const MOST_DRAWN = 4_000;
/** Bounds are asked for up to this many parameters: they need every iterate. */
const MOST_BOUNDED = 400;

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

/** The experiment with what the bench or the open lens draws beside its curves. */
export function toBenchExperiment(state: State): Experiment {
  const { layers } = state;
  const numbers = samplesOf(state) * ((layers[0] ?? 0) + (layers.at(-1) ?? 0));
  const { analysis, include = [], compare } = state.lens ? forLens(state) : forBench(state);
  const extras = numbers <= MOST_DRAWN ? [...include, 'data' as const] : include;
  return {
    ...toExperiment(state),
    ...(analysis && { analysis }),
    ...(compare && { compare }),
    ...(extras.length > 0 && { include: extras }),
  };
}

type Extras = Pick<Experiment, 'analysis' | 'include' | 'compare'>;

function forBench({ layers }: State): Extras {
  return parametersOf(layers) <= MOST_BOUNDED ? { analysis: ['bounds'] } : {};
}

/** What the open lens draws, of problems that it can draw. */
function forLens({ lens, layers, pair: [one, other] }: State): Extras {
  const open = openLens(lens);
  if (!open || parametersOf(layers) > open.most) return {};
  const { analysis, include } = open;
  return {
    ...(analysis && { analysis: [...analysis] }),
    ...(include && { include: [...include] }),
    ...(include?.includes('matrices') && { compare: [one, other] }),
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

function toData({ own, generator, samples, noise, seed }: State): DataSpec {
  if (own?.data) return own.data;
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
