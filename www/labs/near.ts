// The full lab in the page itself, for small questions.

import type { DataSpec, Experiment, Report } from '../../pkg/hessian_lab';
import init, { Lab } from '../../pkg/hessian_lab.js';
import { parametersOf } from '../experiment';

/** So small a problem is solved within a millisecond or two, and on a slow phone within a frame. */
const MOST_PARAMETERS = 32;
const MOST_SAMPLES = 64;
/** Thousands of losses, unless it is only glimpsed. */
const LONG = 'slice';
/** The applications that take no retraining. */
const QUICK: readonly string[] = ['influence', 'hypergradient'];

/** What answers a question, or null where it is not small. */
export default async function open(module: WebAssembly.Module): Promise<(experiment: Experiment) => Report | null> {
  await init({ module_or_path: module });
  const lab = new Lab();
  return (experiment) => (isSmall(experiment) ? lab.solve(experiment) : null);
}

/** Training may be as long as it likes. */
function isSmall({ network, data, validation, training, analysis, glimpse, applications = [] }: Experiment): boolean {
  const isLong = training !== undefined || (glimpse === undefined && analysis?.includes(LONG));
  const isQuick = applications.every((name) => QUICK.includes(name));
  const isFew = samplesIn(data) <= MOST_SAMPLES && (!validation || samplesIn(validation) <= MOST_SAMPLES);
  return !isLong && isQuick && isFew && parametersOf(network.layers) <= MOST_PARAMETERS;
}

function samplesIn(data: DataSpec): number {
  return 'inputs' in data ? data.inputs.length : data.samples;
}
