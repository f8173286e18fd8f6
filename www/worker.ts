// Runs experiments off the page's thread; the only file that imports the WebAssembly module.

import type { Experiment, Report } from '../pkg/hessian_lab';
import init, { Lab } from '../pkg/hessian_lab.js';

export interface Request {
  readonly id: number;
  readonly experiment: Experiment;
}

/** `refused`: the experiment is at fault, the message says why. `broken`: the module is; this worker must be replaced. */
export type Reply =
  | { readonly id: number; readonly outcome: 'report'; readonly report: Report }
  | { readonly id: number; readonly outcome: 'refused' | 'broken'; readonly message: string };

const lab = init().then(() => new Lab());

self.addEventListener('message', async ({ data }: MessageEvent<Request>) => {
  self.postMessage(await solve(data));
});

async function solve({ id, experiment }: Request): Promise<Reply> {
  try {
    return { id, outcome: 'report', report: (await lab).solve(experiment) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, outcome: isRefusal(error) ? 'refused' : 'broken', message };
  }
}

/** The core refuses with a plain Error; a trap, or a module that didn't load, throws one of another kind. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'Error';
}
