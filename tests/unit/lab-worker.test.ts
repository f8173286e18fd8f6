// The first view's lab answers until the full one is needed or here; what does not load is told of, and asked for anew.

import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Request, WorkerReply } from '../../www/worker';

/** A worker that takes down what it is sent and says what the test has it say. */
class FakeWorker extends EventTarget {
  readonly sent: unknown[] = [];
  ended = false;

  readonly lab: string;

  constructor(lab: string) {
    super();
    this.lab = lab;
    workers.push(this);
  }

  postMessage(message: unknown): void {
    this.sent.push(message);
  }

  terminate(): void {
    this.ended = true;
  }

  says(reply: WorkerReply): void {
    this.dispatchEvent(new MessageEvent('message', { data: reply }));
  }

  get questions(): number[] {
    return this.sent.flatMap((message) => ('id' in (message as Request) ? [(message as Request).id] : []));
  }
}

const workers: FakeWorker[] = [];
/** The addresses whose loading fails. */
const failing = new Set<string>();

function files(lab: string) {
  return {
    default: {
      address: lab,
      LabWorker: class extends FakeWorker {
        constructor() {
          super(lab);
        }
      },
    },
  };
}

vi.mock('../../www/labs/first-view', () => files('first'));
vi.mock('../../www/labs/full', () => files('full'));
const { openNear } = vi.hoisted(() => ({ openNear: vi.fn() }));
vi.mock('../../www/labs/near', () => ({ default: openNear }));
vi.mock('../../www/life', () => ({ newName: () => 'a life', whenDead: () => () => undefined }));

const QUESTION = { experiment: {} } as unknown as Request;
const REPORT = { outcome: 'report', report: {} } as WorkerReply;

/** The labs are made when the module is read: a new one for each test. */
async function opened() {
  vi.resetModules();
  const { LabWorker, prefetchWhenUsed } = await import('../../www/lab-worker');
  const listener = { onReply: vi.fn(), onCrash: vi.fn() };
  const lab = new LabWorker(listener);
  await settled();
  return { lab, listener, prefetchWhenUsed };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
const labs = () => workers.map(({ lab }) => lab);
const last = () => workers[workers.length - 1] as FakeWorker;

beforeEach(() => {
  workers.length = 0;
  failing.clear();
  openNear.mockReset();
  const loaded = async (address: string) => ({
    ok: !failing.has(address),
    status: 503,
    statusText: 'Not now',
    arrayBuffer: async () => new TextEncoder().encode(address),
  });
  vi.stubGlobal('fetch', vi.fn(loaded));
  vi.stubGlobal('WebAssembly', { compile: async (bytes: Uint8Array) => new TextDecoder().decode(bytes) });
});

describe('the two labs', () => {
  it('begin with the small one, and ask for no other', async () => {
    const { lab } = await opened();
    lab.postMessage({ ...QUESTION, id: 1 });
    last().says({ ...REPORT, id: 1 } as WorkerReply);
    await settled();
    expect(labs()).toEqual(['first']);
    expect(fetch).toHaveBeenCalledExactlyOnceWith('first');
    expect(last().sent).toContainEqual({ module: 'first' });
  });

  it('hand a question over, with all that is unanswered, in order', async () => {
    const { lab, listener } = await opened();
    for (const id of [1, 2]) lab.postMessage({ ...QUESTION, id });
    last().says({ outcome: 'elsewhere', id: 1 });
    await settled();
    expect(labs()).toEqual(['first', 'full']);
    expect(workers[0]?.ended).toBe(true);
    expect(last().questions).toEqual([1, 2]);
    expect(last().sent).toContainEqual({ module: 'full' });
    last().says({ ...REPORT, id: 1 } as WorkerReply);
    expect(listener.onReply).toHaveBeenCalledExactlyOnceWith({ ...REPORT, id: 1 });
    expect(listener.onCrash).not.toHaveBeenCalled();
  });

  it('change places at the next question once the full one is here, and not amid one', async () => {
    const { lab, prefetchWhenUsed } = await opened();
    vi.stubGlobal('addEventListener', (_: string, prefetch: () => void) => prefetch());
    lab.postMessage({ ...QUESTION, id: 1 });
    prefetchWhenUsed();
    await settled();
    lab.postMessage({ ...QUESTION, id: 2 });
    await settled();
    expect(labs()).toEqual(['first']);
    for (const id of [1, 2]) last().says({ ...REPORT, id } as WorkerReply);
    lab.postMessage({ ...QUESTION, id: 3 });
    await settled();
    expect(labs()).toEqual(['first', 'full']);
    expect(last().questions).toEqual([3]);
  });
});

describe('the lab in the page', () => {
  it('is opened once the full lab has answered in a worker, with the same module', async () => {
    const { lab } = await opened();
    lab.postMessage({ ...QUESTION, id: 1 });
    last().says({ ...REPORT, id: 1 } as WorkerReply);
    lab.postMessage({ ...QUESTION, id: 2 });
    last().says({ outcome: 'elsewhere', id: 2 });
    await settled();
    expect(openNear).not.toHaveBeenCalled();
    last().says({ ...REPORT, id: 2 } as WorkerReply);
    await vi.waitFor(() => expect(openNear).toHaveBeenCalledExactlyOnceWith('full'));
  });
});

describe('the lab in the page, ahead of need', () => {
  it('is opened as soon as the full module is fetched, and not anew by a worker that answers', async () => {
    const { lab, prefetchWhenUsed } = await opened();
    vi.stubGlobal('addEventListener', (_: string, prefetch: () => void) => prefetch());
    prefetchWhenUsed();
    await vi.waitFor(() => expect(openNear).toHaveBeenCalledExactlyOnceWith('full'));
    lab.postMessage({ ...QUESTION, id: 1 });
    await settled();
    expect(last().lab).toBe('full');
    last().says({ ...REPORT, id: 1 } as WorkerReply);
    await settled();
    expect(openNear).toHaveBeenCalledOnce();
  });
});

describe('a load that fails', () => {
  it('is tried once more, and then told of', async () => {
    failing.add('first');
    const { listener } = await opened();
    expect(fetch).toHaveBeenCalledTimes(2);
    expect(listener.onCrash).toHaveBeenCalledExactlyOnceWith('the numerics did not load (503 Not now)');
    expect(workers.every(({ ended }) => ended)).toBe(true);
  });

  it('of the full lab is told of when it is needed, and asked for anew by the next worker', async () => {
    failing.add('full');
    const { lab, listener } = await opened();
    lab.postMessage({ ...QUESTION, id: 1 });
    last().says({ outcome: 'elsewhere', id: 1 });
    await settled();
    expect(listener.onCrash).toHaveBeenCalledExactlyOnceWith('the numerics did not load (503 Not now)');
    failing.clear();
    const { LabWorker } = await import('../../www/lab-worker');
    const next = new LabWorker(listener);
    await settled();
    next.postMessage({ ...QUESTION, id: 2 });
    last().says({ outcome: 'elsewhere', id: 2 });
    await settled();
    expect(last().lab).toBe('full');
    expect(last().questions).toEqual([2]);
  });

  it('ahead of need is no matter', async () => {
    failing.add('full');
    const { lab, listener, prefetchWhenUsed } = await opened();
    vi.stubGlobal('addEventListener', (_: string, prefetch: () => void) => prefetch());
    prefetchWhenUsed();
    await settled();
    lab.postMessage({ ...QUESTION, id: 1 });
    await settled();
    expect(labs()).toEqual(['first']);
    expect(listener.onCrash).not.toHaveBeenCalled();
  });
});
