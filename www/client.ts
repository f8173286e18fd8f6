// Asks the worker for reports, one at a time; of the requests that pile up meanwhile only the newest is sent.

import type { Report } from '../pkg/hessian_lab';
import { LabWorker } from './lab-worker';
import type { Answer, Question, Reply, Request } from './worker';

/** A run that a newer request has made worthless is ended after this long, its worker with it. */
const PATIENCE_MS = 400;

export interface Listener<T, A extends Answer = Report> {
  /** `asked` is what came with the request. */
  readonly onReport: (report: A, asked: T) => void;
  readonly onFailure: (message: string, outcome: 'refused' | 'broken') => void;
}

interface Job<T> {
  readonly request: Request;
  readonly asked: T;
}

/** Its questions are all of the kind that `A` answers. */
export class Client<T, A extends Answer = Report> {
  readonly #listener: Listener<T, A>;
  #worker: LabWorker | null = null;
  #running: Job<T> | null = null;
  #waiting: Job<T> | null = null;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #lastId = 0;

  constructor(listener: Listener<T, A>) {
    this.#listener = listener;
  }

  get isBusy(): boolean {
    return this.#running !== null;
  }

  ask(question: Question, asked: T): void {
    this.#waiting = { request: { ...question, id: ++this.#lastId }, asked };
    if (!this.#running) this.#sendWaiting();
    else this.#patience ??= setTimeout(() => this.#restart(), PATIENCE_MS);
  }

  /** Ends the worker, and what it runs. */
  close(): void {
    clearTimeout(this.#patience);
    this.#waiting = null;
    this.#end();
  }

  #sendWaiting(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#running = this.#waiting;
    this.#waiting = null;
    if (!this.#running) return;
    this.#worker ??= this.#start();
    this.#worker.postMessage(this.#running.request);
  }

  #start(): LabWorker {
    return new LabWorker({
      onReply: (reply) => this.#receive(reply),
      onCrash: (message) => this.#receiveCrash(message),
    });
  }

  #receive(reply: Reply): void {
    const job = this.#running;
    if (!job || reply.id !== job.request.id) return;
    if (reply.outcome === 'broken') this.#end();
    const superseded = this.#waiting !== null;
    this.#sendWaiting();
    if (reply.outcome === 'report') this.#listener.onReport(reply.report as A, job.asked);
    else if ('message' in reply && !superseded) this.#listener.onFailure(reply.message, reply.outcome);
  }

  #receiveCrash(message: string): void {
    const id = this.#running?.request.id;
    if (id === undefined) this.#end();
    else this.#receive({ id, outcome: 'broken', message });
  }

  /** Ending the worker is how a run is cancelled, and how a broken module is recovered from. */
  #restart(): void {
    this.#end();
    this.#sendWaiting();
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#running = null;
  }
}
