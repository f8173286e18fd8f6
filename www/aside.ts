// A second worker for what must not keep the bench waiting: timings, and reports to be exported.

import type { Experiment, Report } from '../pkg/hessian_lab';
import { LabWorker } from './lab-worker';
import type { Reply, Request } from './worker';

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

export class Aside {
  #worker: LabWorker | null = null;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  async report(experiment: Experiment): Promise<Report> {
    const reply = await this.#ask({ id: ++this.#lastId, experiment });
    if (reply.outcome === 'report') return reply.report as Report;
    throw new Error('message' in reply ? reply.message : `${reply.outcome} in place of a report`);
  }

  async timings(experiment: Experiment): Promise<number[]> {
    const reply = await this.#ask({ id: ++this.#lastId, timed: experiment });
    if (reply.outcome === 'timings') return reply.timings;
    throw new Error('message' in reply ? reply.message : `${reply.outcome} in place of timings`);
  }

  #ask(request: Request): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      this.#worker ??= this.#start();
      this.#worker.postMessage(request);
    });
  }

  #start(): LabWorker {
    return new LabWorker({
      onReply: (reply) => {
        this.#waiting.get(reply.id)?.resolve(reply);
        this.#waiting.delete(reply.id);
        if (reply.outcome === 'broken') this.#end(reply.message);
      },
      onCrash: (message) => this.#end(message),
    });
  }

  /** A broken worker answers nothing more; the next request starts a new one. */
  #end(message: string): void {
    this.#worker?.terminate();
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(new Error(message));
    this.#waiting.clear();
  }
}
