// What is said between the page and its workers, and how a worker answers, with the WebAssembly module that the page sends it first.

import type { Agreement, Experiment, Report, Retrained, Sketch, SketchReport, Without } from '../pkg/hessian_lab';
import { live } from './life';

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
type Outcome =
  | { readonly outcome: 'report'; readonly report: Answer }
  | { readonly outcome: 'timings'; readonly timings: number[] }
  | { readonly outcome: 'end' }
  | { readonly outcome: 'refused' | 'broken'; readonly message: string };
/** One of several, of which `end` is told after the last. */
type Part = { readonly outcome: 'part'; readonly part: Retrained; readonly total: number };
export type Reply = (Outcome | Part) & { readonly id: number };

/** The module does not cover the question; the full one covers every question. */
type Elsewhere = { readonly outcome: 'elsewhere' };
/** What the page waits on to learn of the worker's death is there. */
type Alive = { readonly outcome: 'alive' };
export type WorkerReply = Reply | (Elsewhere & { readonly id: number }) | Alive;

type Message = Request | { readonly module: WebAssembly.Module } | { readonly life: string };
type Rewording = (refusal: string, question: Question) => string;
type Answering = (question: Question, tell: (part: Part) => void) => Outcome | Elsewhere;

/**
 * Answers every request by what `start` makes of the module; where it makes nothing of it, every request is told why. A refusal is told
 * in the words that `reword` makes of it.
 */
export function serve(start: (module: WebAssembly.Module) => Answering, reword: Rewording = String): void {
  const { promise: module, resolve } = withResolver<WebAssembly.Module>();
  const answering = module.then(start);
  self.addEventListener('message', async ({ data }: MessageEvent<Message>) => {
    if ('life' in data) live(data.life, () => self.postMessage({ outcome: 'alive' }));
    else if ('module' in data) resolve(data.module);
    else self.postMessage({ id: data.id, ...(await outcome(answering, data, reword)) });
  });
}

async function outcome(
  answering: Promise<Answering>,
  request: Request,
  reword: Rewording,
): Promise<Outcome | Elsewhere> {
  try {
    return (await answering)(request, (part) => self.postMessage({ id: request.id, ...part }));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (isRefusal(error)) return { outcome: 'refused', message: reword(message, request) };
    return { outcome: 'broken', message: `the numerics broke down (${message})` };
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
