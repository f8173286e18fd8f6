// The Experiment with what the bench or the open lens draws beside its curves.

import type { Experiment } from '../pkg/hessian_lab';
import { parametersOf, samplesOf, toExperiment } from './experiment';
import { openLens } from './lenses';
import type { State } from './state';

/** Data of at most so many numbers come back with every report, to be drawn. */
const MOST_DRAWN = 4_000;
/** Bounds are asked for up to this many parameters: they need every iterate. */
const MOST_BOUNDED = 400;

export function toBenchExperiment(state: State): Experiment {
  const { layers } = state;
  const numbers = samplesOf(state) * ((layers[0] ?? 0) + (layers.at(-1) ?? 0));
  const { include = [], ...others } = state.lens ? forLens(state) : forBench(state);
  const extras = numbers <= MOST_DRAWN ? [...include, 'data' as const] : include;
  return {
    ...toExperiment(state),
    ...others,
    ...(extras.length > 0 && { include: extras }),
  };
}

/** What is asked of an experiment while something is held: where a lens is open, a rough slice and the iterate that it shows, if any. */
export function toGlimpse(experiment: Experiment, { lens, iterations }: State): Experiment {
  const open = openLens(lens);
  if (!open) return experiment;
  const last = open.showsRuns ? iterations : 0;
  const methods = experiment.methods.map((method) =>
    'iterations' in method ? { ...method, iterations: Math.min(method.iterations, last) } : method,
  );
  return { ...experiment, glimpse: iterations, methods };
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
