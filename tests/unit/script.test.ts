// The exported PyTorch script: what it carries, and, where there is a PyTorch, that it reproduces what was shown.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { initSync, Lab } from '../../pkg/hessian_lab';
import { LISSA, methodNames, named, toExperiment } from '../../www/experiment';
import { pytorchScript, type WholeReport } from '../../www/export/script';
import { METHODS } from '../../www/methods';
import { PRESETS } from '../../www/presets';
import { DEFAULT_STATE, type State } from '../../www/state';

/** `PYTHON=…/bin/python npm test -- unit` takes the one of a virtual environment. */
const PYTHON = process.env['PYTHON'] ?? 'python3';
const hasTorch = spawnSync(PYTHON, ['-c', 'import torch']).status === 0;
const hasCurvlinops = hasTorch && spawnSync(PYTHON, ['-c', 'import curvlinops']).status === 0;
if (!hasTorch)
  console.warn(
    `SKIPPED, not passed: ${PYTHON} has no PyTorch, so no exported script was run. PYTHON names another one.`,
  );

const lab = (() => {
  initSync({ module: readFileSync(new URL('../../pkg/hessian_lab_bg.wasm', import.meta.url)) });
  return new Lab();
})();

const ALL = METHODS.map(({ name }) => name);
const given = {
  data: {
    inputs: [
      [0.1, 0.7],
      [-1.3, 0.2],
      [0.4, -0.9],
      [1.1, 1.2],
      [-0.3, 0.33],
    ],
    targets: [[0.3], [-0.2], [0.9], [1.1], [0.05]],
  },
  weights: [0.31, -0.52, 0.17, 0.44, -0.75, 0.63, 0.21, 0.08, -0.91],
  packed: '',
};

const CASES: [string, State][] = [
  ...PRESETS.map(({ name, state }): [string, State] => [name, { ...state, also: ALL }]),
  ['The notebook in float64', { ...DEFAULT_STATE, precision: 'f64', also: ALL }],
  ['damped in float32', { ...DEFAULT_STATE, damping: 0.5, scale: 2.56, also: ALL }],
  ['from zero, the scale automatic', { ...DEFAULT_STATE, damping: 0.7, start: 'zero', autoScale: true, also: ALL }],
  [
    'a sampled Fisher matrix with weight decay',
    { ...DEFAULT_STATE, curvature: 'fisher_mc', weightDecay: 0.03, damping: 0.05, precision: 'f64', also: ALL },
  ],
  [
    'a sampled Fisher matrix of a classifier in float32',
    { ...(PRESETS[4]?.state as State), curvature: 'fisher_mc', precision: 'f32', also: ALL },
  ],
  [
    'an empirical Fisher matrix of a classifier',
    { ...(PRESETS[4]?.state as State), curvature: 'fisher_empirical', also: ALL },
  ],
  ['a Hessian of ReLU', { ...DEFAULT_STATE, activation: 'relu', layers: [3, 4, 4, 2], precision: 'f64', also: ALL }],
  [
    'own data and weights in float32',
    { ...DEFAULT_STATE, layers: [2, 2, 1], own: given, curvature: 'ggn', damping: 0.1, scale: 1.2, also: ALL },
  ],
  [
    'a singular Gauss–Newton matrix, where MINRES’s long steps must lessen the residual',
    { ...DEFAULT_STATE, seed: 2, curvature: 'ggn', iterations: 60, also: ['minres'] },
  ],
  [
    'softplus, too large to be formed',
    { ...DEFAULT_STATE, layers: [3, 120, 8, 1], damping: 1, activation: 'softplus' },
  ],
];

const folder = mkdtempSync(join(tmpdir(), 'hessian-lab-'));
afterAll(() => rmSync(folder, { recursive: true }));

function reportOf(state: State): WholeReport {
  return named(lab.solve({ ...toExperiment(state), include: ['data', 'draws'] }), state) as WholeReport;
}

function run(script: string, ...options: string[]) {
  const file = join(folder, 'newton_step.py');
  writeFileSync(file, script);
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-W', 'ignore', file, ...options], { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

describe('the script carries', () => {
  it.each(CASES)('%s: θ, data, draws, and every number shown', (_, state) => {
    const report = reportOf(state);
    const text = pytorchScript(state, report).match(/json\.loads\(r"""(.*)"""\)/)?.[1] ?? '';
    const problem = JSON.parse(text);
    expect(problem.theta).toEqual(report.theta);
    expect(problem.inputs).toHaveLength(report.samples);
    expect(Object.keys(problem.shown)).toEqual(methodNames(state));
    for (const { method, trace } of report.methods) {
      const shown = problem.shown[method];
      expect(shown.relative_error).toEqual(trace.relative_error.slice(0, state.iterations + 1));
      expect(shown.cosine_similarity).toEqual(trace.cosine_similarity.slice(0, state.iterations + 1));
      expect(shown.residual).toEqual(trace.residual.slice(0, state.iterations + 1));
    }
    const drawn = state.curvature === 'fisher_mc';
    expect(problem.fisher_gradients).toHaveLength(drawn ? report.samples : 0);
    const lissa = methodNames(state).includes('lissa');
    expect(problem.batches).toHaveLength(lissa ? LISSA.repeats : 0);
    for (const steps of problem.batches) expect(steps).toHaveLength(state.iterations);
  });
});

describe.skipIf(!hasTorch)('the script reproduces what was shown', () => {
  it.each(CASES)('of %s', { timeout: 120_000 }, (_, state) => {
    const { status, output } = run(pytorchScript(state, reportOf(state)));
    if (process.env['SHOW_SCRIPTS']) console.log(output);
    expect(output).toContain('agrees with what was shown');
    expect(status, output).toBe(0);
  });

  it('and says so where it does not', { timeout: 120_000 }, () => {
    const state = { ...DEFAULT_STATE, damping: 0.5, precision: 'f64' } as const;
    const script = pytorchScript(state, reportOf(state));
    const { status, output } = run(script.replace('"damping":0.5', '"damping":0.5000001'));
    expect(output).toContain('DIFFERS');
    expect(status).toBe(1);
  });

  it.skipIf(!hasCurvlinops)('and at scale, by curvlinops', { timeout: 120_000 }, () => {
    const { state } = PRESETS[4] as { state: State };
    const { status, output } = run(pytorchScript(state, reportOf(state)), '--at-scale');
    expect(status, output).toBe(0);
    expect(output).toMatch(/kfac {5}cosine 0\.\d+, .* [0-9]e-1\d from the step above/);
    expect(output).toMatch(/cg {7}cosine (1\.0|0\.99)/);
  });
});
