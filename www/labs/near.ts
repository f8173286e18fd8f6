// The full lab in the page itself, for small questions.

import type { Experiment, Report } from '../../pkg/hessian_lab';
import init, { Lab } from '../../pkg/hessian_lab.js';
import { parametersOf } from '../experiment';

/** So small a problem is solved within a millisecond or two, and on a slow phone within a frame. */
const MOST_PARAMETERS = 32;
const MOST_SAMPLES = 64;
/** Thousands of losses, unless it is only glimpsed. */
const LONG = 'slice';

/** What answers a question, or null where it is not small. */
export default async function open(module: WebAssembly.Module): Promise<(experiment: Experiment) => Report | null> {
  await init({ module_or_path: module });
  const lab = new Lab();
  return (experiment) => (isSmall(experiment) ? lab.solve(experiment) : null);
}

/** Training may be as long as it likes. */
function isSmall({ network, data, training, analysis, glimpse }: Experiment): boolean {
  const samples = 'inputs' in data ? data.inputs.length : data.samples;
  const isLong = training !== undefined || (glimpse === undefined && analysis?.includes(LONG));
  return !isLong && samples <= MOST_SAMPLES && parametersOf(network.layers) <= MOST_PARAMETERS;
}
