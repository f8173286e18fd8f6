// A worker with the first view's lab in it, until a question needs the full one.

import firstView from './labs/first-view';
import { Lab } from './labs/lab';
import type { Reply, Request, WorkerReply } from './worker';

const first = new Lab(async () => firstView);
const full = new Lab(async () => (await import('./labs/full')).default);

/** Loads the full lab at the reader's first move, before it is needed. Where that fails, it is tried again when it is. */
export function prefetchWhenUsed(): void {
  const prefetch = () => void full.module().catch(() => undefined);
  for (const move of ['pointermove', 'pointerdown', 'keydown']) addEventListener(move, prefetch, { once: true });
}

export interface LabListener {
  readonly onReply: (reply: Reply) => void;
  readonly onCrash: (message: string) => void;
}

/** Once the full lab is here it takes over: the first view's is built to be small, the full one to be fast. */
export class LabWorker {
  readonly #listener: LabListener;
  /** In the order in which they came. */
  readonly #unanswered = new Map<number, Request>();
  #lab: Lab = first;
  #worker: Worker | null = null;
  #ended = false;

  constructor(listener: LabListener) {
    this.#listener = listener;
    void this.#use(full.isLoaded ? full : first);
  }

  postMessage(request: Request): void {
    if (full.isLoaded && this.#lab !== full && this.#unanswered.size === 0) this.#moveOn();
    this.#unanswered.set(request.id, request);
    this.#worker?.postMessage(request);
  }

  terminate(): void {
    this.#ended = true;
    this.#worker?.terminate();
  }

  async #use(lab: Lab): Promise<void> {
    this.#lab = lab;
    try {
      const starting = lab.worker().then((worker) => this.#start(worker));
      const [module] = await Promise.all([lab.module(), starting]);
      this.#worker?.postMessage({ module });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!this.#ended) this.#listener.onCrash(`the numerics did not load (${reason})`);
    }
  }

  #start(worker: Worker): void {
    this.#worker = worker;
    if (this.#ended) this.terminate();
    worker.addEventListener('message', ({ data }: MessageEvent<WorkerReply>) => this.#receive(data));
    worker.addEventListener('error', ({ message }) => this.#listener.onCrash(message));
    for (const request of this.#unanswered.values()) worker.postMessage(request);
  }

  #receive(reply: WorkerReply): void {
    if (reply.outcome === 'elsewhere') {
      this.#moveOn();
      return;
    }
    if (reply.outcome !== 'part') this.#unanswered.delete(reply.id);
    this.#listener.onReply(reply);
  }

  /** The full lab takes over, with everything that is unanswered. */
  #moveOn(): void {
    this.#worker?.terminate();
    this.#worker = null;
    void this.#use(full);
  }
}
