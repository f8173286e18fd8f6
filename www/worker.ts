// Runs experiments off the page's thread, with the WebAssembly module that the page sends it first.

import type { Experiment, Report, Sketch, SketchReport } from '../pkg/hessian_lab';
import { initSync, Lab } from '../pkg/hessian_lab.js';

/** A network's experiment, or methods on a spectrum that was drawn by hand; of an experiment, its methods' times. */
export type Question =
  | { readonly experiment: Experiment }
  | { readonly sketch: Sketch }
  | { readonly timed: Experiment };
export type Answer = Report | SketchReport;
export type Request = Question & { readonly id: number };

/** `refused`: the experiment is at fault, the message says why. `broken`: the module is; this worker must be replaced. */
export type Reply =
  | { readonly id: number; readonly outcome: 'report'; readonly report: Answer }
  | { readonly id: number; readonly outcome: 'timings'; readonly timings: number[] }
  | { readonly id: number; readonly outcome: 'refused' | 'broken'; readonly message: string };

type Message = Request | { readonly module: WebAssembly.Module };

const { promise: lab, resolve: setLab } = withResolver<Lab>();

self.addEventListener('message', async ({ data }: MessageEvent<Message>) => {
  if ('module' in data) start(data.module);
  else self.postMessage(await reply(data));
});

function start(module: WebAssembly.Module): void {
  initSync({ module });
  setLab(new Lab());
}

async function reply(request: Request): Promise<Reply> {
  const { id } = request;
  const ready = await lab;
  try {
    if ('timed' in request) return { id, outcome: 'timings', timings: [...ready.timings(request.timed)] };
    return { id, outcome: 'report', report: answer(ready, request) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, outcome: isRefusal(error) ? 'refused' : 'broken', message };
  }
}

function answer(ready: Lab, request: Exclude<Question, { readonly timed: Experiment }>): Answer {
  return 'sketch' in request ? ready.sketch(request.sketch) : ready.solve(request.experiment);
}

/** The core refuses with a plain Error; a trap throws one of another kind. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'Error';
}

function withResolver<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
