// What the page answers itself: small questions only, by the same module as the worker, until something goes wrong.

import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Experiment } from '../../pkg/hessian_lab';
import { NearLab } from '../../www/near-lab';

const { solve, init } = vi.hoisted(() => ({ solve: vi.fn(), init: vi.fn() }));
vi.mock('../../pkg/hessian_lab.js', () => ({
  default: init,
  Lab: class {
    solve = solve;
  },
}));

const MODULE = {} as WebAssembly.Module;
const REPORT = { parameters: 26 };
const SMALL: Experiment = {
  network: { layers: [3, 5, 1], activation: 'sigmoid', seed: 831 },
  data: { generator: 'notebook', samples: 10 },
  loss: 'mse',
  methods: [{ method: 'exact' }],
};

beforeEach(() => {
  solve.mockReset().mockReturnValue(REPORT);
  init.mockReset();
});

async function opened(): Promise<NearLab> {
  const lab = new NearLab();
  lab.open(MODULE);
  await vi.dynamicImportSettled();
  await new Promise((resolve) => setTimeout(resolve));
  return lab;
}

describe('the lab in the page', () => {
  it('answers nothing before it is open, and is opened once', async () => {
    const lab = new NearLab();
    expect(lab.report(SMALL)).toBeNull();
    expect(solve).not.toHaveBeenCalled();
    lab.open(MODULE);
    lab.open(MODULE);
    await vi.dynamicImportSettled();
    await vi.waitFor(() => expect(lab.report(SMALL)).toBe(REPORT));
    expect(init).toHaveBeenCalledExactlyOnceWith({ module_or_path: MODULE });
    expect(solve).toHaveBeenLastCalledWith(SMALL);
  });

  it('makes itself ready, once open, for what it was asked in vain before', async () => {
    const lab = new NearLab();
    const damped = { ...SMALL, damping: 0.5 };
    for (const experiment of [SMALL, damped]) expect(lab.report(experiment)).toBeNull();
    lab.open(MODULE);
    await vi.waitFor(() => expect(solve).toHaveBeenCalledExactlyOnceWith(damped));
  });

  it('leaves to the worker what may take long', async () => {
    const lab = await opened();
    const long: Experiment[] = [
      { ...SMALL, network: { ...SMALL.network, layers: [3, 7, 1] } },
      { ...SMALL, data: { generator: 'notebook', samples: 65 } },
      { ...SMALL, data: { inputs: Array.from({ length: 65 }, () => [0, 0, 0]), targets: Array(65).fill(0) } },
      { ...SMALL, training: { optimizer: 'newton', steps: 1 } },
      { ...SMALL, analysis: ['reduction', 'slice'] },
      { ...SMALL, applications: ['influence', 'race'] },
      { ...SMALL, applications: ['influence'], validation: { generator: 'notebook', samples: 65 } },
    ];
    expect(long.map((experiment) => lab.report(experiment))).toEqual(long.map(() => null));
    expect(solve).not.toHaveBeenCalled();
    expect(lab.report({ ...SMALL, data: { generator: 'notebook', samples: 64 }, analysis: ['bounds'] })).toBe(REPORT);
    expect(lab.report({ ...SMALL, analysis: ['reduction', 'slice'], glimpse: 40 })).toBe(REPORT);
    expect(lab.report({ ...SMALL, applications: ['influence', 'hypergradient'], validation: SMALL.data })).toBe(REPORT);
  });

  it('rehearses what a held slider will ask, a kind of question once, by a lab of its own, and only when it is open', async () => {
    const lab = new NearLab();
    lab.rehearse({ ...SMALL, damping: 0.5 });
    lab.rehearse({ ...SMALL, damping: 0.6 });
    expect(solve).not.toHaveBeenCalled();
    lab.open(MODULE);
    await vi.waitFor(() => expect(solve).toHaveBeenCalledTimes(200));
    const dampings = solve.mock.calls.map(([{ damping }]) => damping);
    expect(new Set(dampings).size).toBe(200);
    expect(dampings.every((damping) => damping >= 0.5 && damping < 0.6)).toBe(true);
    const rehearsing = new Set(solve.mock.contexts);
    lab.report(SMALL);
    expect(rehearsing.size).toBe(1);
    expect(rehearsing).not.toContain(solve.mock.contexts.at(-1));
    lab.rehearse({ ...SMALL, analysis: ['bounds'] });
    await vi.waitFor(() => expect(solve).toHaveBeenCalledTimes(401));
  });

  it('rehearses a kind of question again that was too large, or refused, before', async () => {
    const lab = await opened();
    lab.rehearse({ ...SMALL, network: { ...SMALL.network, layers: [3, 7, 1] } });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(solve).not.toHaveBeenCalled();
    lab.rehearse(SMALL);
    await vi.waitFor(() => expect(solve).toHaveBeenCalledTimes(200));
  });

  it('rehearses no more once something was thrown', async () => {
    const lab = await opened();
    solve.mockImplementation(() => {
      throw new WebAssembly.RuntimeError('unreachable');
    });
    lab.rehearse(SMALL);
    await vi.waitFor(() => expect(solve).toHaveBeenCalledOnce());
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(solve).toHaveBeenCalledOnce();
    expect(lab.report(SMALL)).toBeNull();
  });

  it('leaves a refusal to the worker, and goes on', async () => {
    const lab = await opened();
    solve.mockImplementationOnce(() => {
      throw new Error('damping: the exact solution overflows');
    });
    expect(lab.report(SMALL)).toBeNull();
    expect(lab.report(SMALL)).toBe(REPORT);
  });

  it('is asked no more once something was thrown: the worker tells why', async () => {
    const lab = await opened();
    solve.mockImplementationOnce(() => {
      throw new WebAssembly.RuntimeError('unreachable');
    });
    expect(lab.report(SMALL)).toBeNull();
    expect(lab.report(SMALL)).toBeNull();
    expect(solve).toHaveBeenCalledOnce();
  });

  it('does without itself where it does not load', async () => {
    init.mockRejectedValue(new Error('no room'));
    const lab = await opened();
    expect(lab.report(SMALL)).toBeNull();
  });
});
