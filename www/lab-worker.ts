// A worker with the first view's lab in it, until a question needs the full one.

import { Patience, tellRestart } from './health';
import firstView from './labs/first-view';
import { Lab } from './labs/lab';
import { newName, whenDead } from './life';
import { NearLab } from './near-lab';
import type { Reply, Request, WorkerReply } from './worker';

const first = new Lab(async () => firstView);
const full = new Lab(async () => (await import('./labs/full')).default);
export const nearLab = new NearLab();

/** Loads the full lab at the reader's first move, before it is needed, the page's own too. Where that fails, it is tried again when it is. */
export function prefetchWhenUsed(): void {
  const prefetch = () => void openNear().catch(() => full.forget());
  for (const move of ['pointermove', 'pointerdown', 'keydown']) addEventListener(move, prefetch, { once: true });
}

async function openNear(): Promise<void> {
  nearLab.open(await full.module());
}

export interface LabListener {
  readonly onReply: (reply: Reply) => void;
  readonly onCrash: (message: string) => void;
}

/**
 * Once the full lab is here it takes over: the first view's is built to be small, the full one to be fast. A worker that dies, or
 * whose files did not load, is started again once, with what it had not answered.
 */
export class LabWorker {
  readonly #listener: LabListener;
  readonly #patience = new Patience(() => this.#crash('it gave no answer, and was ended'));
  /** In the order in which they came. */
  readonly #unanswered = new Map<number, Request>();
  #lab: Lab = first;
  #worker: Worker | null = null;
  /** Counts the workers, so that one that comes late is known. */
  #turn = 0;
  #forgetDeath: () => void = () => undefined;
  /** Whether it was since it last said something: what is told in parts can't be told again from the start. */
  #restarted = false;
  #midway = false;

  constructor(listener: LabListener) {
    this.#listener = listener;
    void this.#use(full.isLoaded ? full : first);
  }

  postMessage(request: Request): void {
    if (full.isLoaded && this.#lab !== full && this.#unanswered.size === 0) void this.#use(full);
    if (this.#unanswered.size === 0) this.#patience.wait();
    this.#unanswered.set(request.id, request);
    this.#worker?.postMessage(request);
  }

  terminate(): void {
    this.#turn++;
    this.#patience.end();
    this.#forgetDeath();
    this.#worker?.terminate();
    this.#worker = null;
  }

  /** This lab takes over, with everything that is unanswered. */
  async #use(lab: Lab): Promise<void> {
    this.terminate();
    this.#lab = lab;
    const turn = this.#turn;
    if (this.#unanswered.size > 0) this.#patience.wait();
    try {
      const starting = lab.worker().then((worker) => this.#start(worker, turn));
      const [worker, module] = await Promise.all([starting, lab.module()]);
      if (turn === this.#turn) worker.postMessage({ module });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (turn === this.#turn) this.#fail(`the numerics did not load (${reason})`);
    }
  }

  #start(worker: Worker, turn: number): Worker {
    if (turn !== this.#turn) {
      worker.terminate();
      return worker;
    }
    this.#worker = worker;
    const life = newName();
    worker.addEventListener('message', ({ data }: MessageEvent<WorkerReply>) => {
      if (turn !== this.#turn) return;
      if (data.outcome === 'alive') this.#forgetDeath = whenDead(life, () => this.#fail('its worker ended'));
      else this.#receive(data);
    });
    worker.addEventListener('error', ({ message }) => turn === this.#turn && this.#fail(message));
    worker.postMessage({ life });
    for (const request of this.#unanswered.values()) worker.postMessage(request);
    return worker;
  }

  #receive(reply: Exclude<WorkerReply, { readonly outcome: 'alive' }>): void {
    if (reply.outcome === 'elsewhere') {
      void this.#use(full);
      return;
    }
    if (this.#lab === full) void openNear();
    this.#restarted = false;
    this.#midway = reply.outcome === 'part';
    if (!this.#midway) this.#unanswered.delete(reply.id);
    if (this.#unanswered.size > 0) this.#patience.wait();
    else this.#patience.end();
    this.#listener.onReply(reply);
  }

  #fail(reason: string): void {
    if (this.#restarted || this.#midway) {
      this.#crash(reason);
      return;
    }
    this.#restarted = true;
    if (this.#unanswered.size > 0) tellRestart(reason);
    this.#lab.forget();
    void this.#use(this.#lab);
  }

  #crash(reason: string): void {
    this.terminate();
    this.#lab.forget();
    this.#unanswered.clear();
    this.#listener.onCrash(reason || 'its worker did not start');
  }
}
