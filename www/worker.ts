// What is said between the page and its workers, and how a worker answers, with the WebAssembly module that the page sends it first.

import type { Agreement, Experiment, Report, Retrained, Sketch, SketchReport, Without } from '../pkg/hessian_lab';

/**
 * A network's experiment, or methods on a spectrum that was drawn by hand; of an experiment, its methods' times, the
 * network retrained without a datum (from 0), its predictions against real changes, or its retrainings, one by one.
 */
export type Question =
  | { readonly experiment: Experiment }
  | { readonly sketch: Sketch }
  | { readonly timed: Experiment }
  | { readonly without: Experiment; readonly datum: number }
  | { readonly agreeing: Experiment; readonly changes: readonly (number | null)[] }
  | { readonly retrained: Experiment };
export type Answer = Report | SketchReport | Without | Agreement;
export type Request = Question & { readonly id: number };

/** `refused`: the experiment is at fault, the message says why. `broken`: the module is; this worker must be replaced. */
/** `part`: one of several, of which `end` is told after the last. */
type Outcome =
  | { readonly outcome: 'report'; readonly report: Answer }
  | { readonly outcome: 'timings'; readonly timings: number[] }
  | { readonly outcome: 'end' }
  | { readonly outcome: 'refused' | 'broken'; readonly message: string };
type Part = { readonly outcome: 'part'; readonly part: Retrained; readonly total: number };
export type Reply = (Outcome | Part) & { readonly id: number };

/** The module does not cover the question; the full one covers every question. */
type Elsewhere = { readonly outcome: 'elsewhere' };
export type WorkerReply = Reply | (Elsewhere & { readonly id: number });

type Message = Request | { readonly module: WebAssembly.Module };
type Answering = (question: Question, tell: (part: Part) => void) => Outcome | Elsewhere;

/** Answers every request by what `start` makes of the module. */
export function serve(start: (module: WebAssembly.Module) => Answering): void {
  const { promise: answering, resolve } = withResolver<Answering>();
  self.addEventListener('message', async ({ data }: MessageEvent<Message>) => {
    if ('module' in data) resolve(start(data.module));
    else self.postMessage({ id: data.id, ...outcome(await answering, data) });
  });
}

function outcome(answer: Answering, request: Request): Outcome | Elsewhere {
  try {
    return answer(request, (part) => self.postMessage({ id: request.id, ...part }));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { outcome: isRefusal(error) ? 'refused' : 'broken', message };
  }
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
