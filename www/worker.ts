// Runs experiments off the page's thread; the only file that imports the WebAssembly module.

import type { Experiment, Report, Sketch, SketchReport } from '../pkg/hessian_lab';
import init, { Lab } from '../pkg/hessian_lab.js';

/** A network's experiment, or methods on a spectrum that was drawn by hand. */
export type Question = { readonly experiment: Experiment } | { readonly sketch: Sketch };
export type Answer = Report | SketchReport;
export type Request = Question & { readonly id: number };

/** `refused`: the experiment is at fault, the message says why. `broken`: the module is; this worker must be replaced. */
export type Reply =
  | { readonly id: number; readonly outcome: 'report'; readonly report: Answer }
  | { readonly id: number; readonly outcome: 'refused' | 'broken'; readonly message: string };

const lab = init().then(() => new Lab());

self.addEventListener('message', async ({ data }: MessageEvent<Request>) => {
  self.postMessage(await reply(data));
});

async function reply(request: Request): Promise<Reply> {
  const { id } = request;
  try {
    return { id, outcome: 'report', report: answer(await lab, request) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, outcome: isRefusal(error) ? 'refused' : 'broken', message };
  }
}

function answer(lab: Lab, question: Question): Answer {
  return 'sketch' in question ? lab.sketch(question.sketch) : lab.solve(question.experiment);
}

/** The core refuses with a plain Error; a trap, or a module that didn't load, throws one of another kind. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'Error';
}
