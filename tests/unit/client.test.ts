// The newest request wins, and a broken worker is replaced.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Experiment, Report } from '../../pkg/hessian_lab';
import { Client } from '../../www/client';
import type { LabListener } from '../../www/lab-worker';
import type { Reply, Request } from '../../www/worker';

const { FakeWorker } = vi.hoisted(() => {
  class FakeWorker {
    static all: FakeWorker[] = [];
    readonly asked: Request[] = [];
    readonly listener: LabListener;
    ended = false;

    constructor(listener: LabListener) {
      this.listener = listener;
      FakeWorker.all.push(this);
    }

    postMessage(request: Request): void {
      this.asked.push(request);
    }

    terminate(): void {
      this.ended = true;
    }

    reply(reply: Partial<Reply>): void {
      const id = this.asked.at(-1)?.id;
      this.listener.onReply({ id, ...reply } as Reply);
    }
  }
  return { FakeWorker };
});
vi.mock('../../www/lab-worker', () => ({ LabWorker: FakeWorker }));

const REPORT = {} as Report;
const experiment = (damping: number) => ({ experiment: { damping } as Experiment });
const asked = (worker: InstanceType<typeof FakeWorker> | undefined) =>
  worker?.asked.map((request) => (request as { experiment: Experiment }).experiment.damping);
const worker = (index: number) => FakeWorker.all[index] as InstanceType<typeof FakeWorker>;

beforeEach(() => {
  FakeWorker.all = [];
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function start() {
  const listener = { onReport: vi.fn(), onFailure: vi.fn() };
  return { listener, client: new Client<number>(listener) };
}

describe('the client', () => {
  it('sends one request at a time, and of those that wait only the newest', () => {
    const { client, listener } = start();
    for (const damping of [1, 2, 3, 4]) client.ask(experiment(damping), damping);
    expect(asked(worker(0))).toEqual([1]);
    worker(0).reply({ outcome: 'report', report: REPORT });
    expect(asked(worker(0))).toEqual([1, 4]);
    worker(0).reply({ outcome: 'report', report: REPORT });
    expect(listener.onReport.mock.calls.map(([, damping]) => damping)).toEqual([1, 4]);
  });

  it('ends a run that is no longer wanted and takes too long', () => {
    const { client, listener } = start();
    client.ask(experiment(1), 1);
    vi.advanceTimersByTime(60_000);
    expect(worker(0).ended).toBe(false);
    client.ask(experiment(2), 2);
    vi.advanceTimersByTime(1_000);
    expect(worker(0).ended).toBe(true);
    expect(asked(worker(1))).toEqual([2]);
    worker(0).reply({ outcome: 'report', report: REPORT });
    expect(listener.onReport).not.toHaveBeenCalled();
  });

  it('says why an experiment is refused, and goes on with the same worker', () => {
    const { client, listener } = start();
    client.ask(experiment(-1), -1);
    worker(0).reply({ outcome: 'refused', message: 'damping: -1' });
    expect(listener.onFailure).toHaveBeenCalledWith('damping: -1', 'refused');
    client.ask(experiment(1), 1);
    expect(asked(worker(0))).toEqual([-1, 1]);
  });

  it('keeps quiet about the failure of a request that is no longer wanted', () => {
    const { client, listener } = start();
    client.ask(experiment(-1), -1);
    client.ask(experiment(1), 1);
    worker(0).reply({ outcome: 'refused', message: 'damping: -1' });
    expect(listener.onFailure).not.toHaveBeenCalled();
    expect(asked(worker(0))).toEqual([-1, 1]);
  });

  it('replaces a worker whose module broke, or that did not start', () => {
    const { client, listener } = start();
    client.ask(experiment(1), 1);
    worker(0).reply({ outcome: 'broken', message: 'unreachable' });
    expect(worker(0).ended).toBe(true);
    expect(listener.onFailure).toHaveBeenLastCalledWith('unreachable', 'broken');
    client.ask(experiment(2), 2);
    worker(1).listener.onCrash('its worker ended');
    expect(listener.onFailure).toHaveBeenLastCalledWith('its worker ended', 'broken');
    client.ask(experiment(3), 3);
    expect(asked(worker(2))).toEqual([3]);
  });

  it('replaces a worker that could not be kept while nothing was asked of it', () => {
    const { client, listener } = start();
    client.ask(experiment(1), 1);
    worker(0).reply({ outcome: 'report', report: REPORT });
    worker(0).listener.onCrash('its worker ended');
    expect(listener.onFailure).not.toHaveBeenCalled();
    client.ask(experiment(2), 2);
    expect(asked(worker(1))).toEqual([2]);
  });
});
