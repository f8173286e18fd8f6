// Retrains in a worker of its own, part by part: what is long shows how far it is, and ending the worker cancels it.

import type { Experiment, Retrained } from '../pkg/hessian_lab';
import { LabWorker } from './lab-worker';
import type { Reply } from './worker';

export interface RetrainingEvents {
  readonly onPart: (part: Retrained, total: number) => void;
  readonly onEnd: () => void;
  readonly onFailure: (message: string) => void;
}

export class Retraining {
  readonly #events: RetrainingEvents;
  #worker: LabWorker | null = null;

  constructor(events: RetrainingEvents) {
    this.#events = events;
  }

  get isRunning(): boolean {
    return this.#worker !== null;
  }

  start(experiment: Experiment): void {
    this.cancel();
    // What a worker that was ended had posted before may still arrive.
    const worker: LabWorker = new LabWorker({
      onReply: (reply) => this.#worker === worker && this.#receive(reply),
      onCrash: (message) => this.#worker === worker && this.#end(message),
    });
    this.#worker = worker;
    worker.postMessage({ id: 1, retrained: experiment });
  }

  cancel(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }

  #receive(reply: Reply): void {
    if (reply.outcome === 'part') this.#events.onPart(reply.part, reply.total);
    else this.#end('message' in reply ? reply.message : '');
  }

  #end(failure: string): void {
    this.cancel();
    if (failure === '') this.#events.onEnd();
    else this.#events.onFailure(failure);
  }
}
