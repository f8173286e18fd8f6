// A second worker for what must not keep the bench waiting: timings, and reports to be exported.

import type { Experiment, Report } from '../pkg/hessian_lab';
import { startWorker } from './start-worker';
import type { Reply, Request } from './worker';

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

export class Aside {
  #worker: Worker | null = null;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  async report(experiment: Experiment): Promise<Report> {
    const reply = await this.#ask({ id: ++this.#lastId, experiment });
    if (reply.outcome === 'report') return reply.report as Report;
    throw new Error(reply.outcome === 'timings' ? 'timings in place of a report' : reply.message);
  }

  async timings(experiment: Experiment): Promise<number[]> {
    const reply = await this.#ask({ id: ++this.#lastId, timed: experiment });
    if (reply.outcome === 'timings') return reply.timings;
    throw new Error(reply.outcome === 'report' ? 'a report in place of timings' : reply.message);
  }

  #ask(request: Request): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      this.#worker ??= this.#start();
      this.#worker.postMessage(request);
    });
  }

  #start(): Worker {
    const worker = startWorker();
    worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
      this.#waiting.get(data.id)?.resolve(data);
      this.#waiting.delete(data.id);
      if (data.outcome === 'broken') this.#end(data.message);
    });
    worker.addEventListener('error', (event) => this.#end(event.message || 'the worker did not start'));
    return worker;
  }

  /** A broken worker answers nothing more; the next request starts a new one. */
  #end(message: string): void {
    this.#worker?.terminate();
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(new Error(message));
    this.#waiting.clear();
  }
}
