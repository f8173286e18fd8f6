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

/** A report, or null where the question is not small. */
export type Answer = (experiment: Experiment) => Report | null;

/** What answers, and what is only asked to be ready: what the one keeps from question to question, the other does not disturb. */
export default async function open(module: WebAssembly.Module): Promise<{ answer: Answer; rehearse: Answer }> {
  await init({ module_or_path: module });
  const answerOf = (lab: Lab) => (experiment: Experiment) => (isSmall(experiment) ? lab.solve(experiment) : null);
  return { answer: answerOf(new Lab()), rehearse: answerOf(new Lab()) };
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
