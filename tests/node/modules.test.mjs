// The two modules: what the first view's covers it answers to the bit as the full one does, and it says so of the rest.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as firstView from '../../pkg/first_view.js';
import * as full from '../../pkg/hessian_lab.js';

const [first, whole] = [lab(firstView, 'first_view'), lab(full, 'hessian_lab')];

function lab({ initSync, Lab }, name) {
  initSync({ module: readFileSync(new URL(`../../pkg/${name}_bg.wasm`, import.meta.url)) });
  return new Lab();
}

const STANDARD = [
  { method: 'exact' },
  { method: 'cg', iterations: 60, start: 'right_hand_side' },
  { method: 'neumann', iterations: 60, scale: 4.5 },
  { method: 'kfac' },
];
const BENCH = {
  network: { layers: [3, 5, 1], activation: 'sigmoid', seed: 831 },
  data: { generator: 'notebook', samples: 10, seed: 831 },
  loss: 'mse',
  precision: 'f32',
  methods: STANDARD,
  analysis: ['bounds'],
  include: ['data'],
};
const DEEP = {
  network: { layers: [2, 6, 4, 2], activation: 'sigmoid', seed: 3 },
  data: { generator: 'notebook', samples: 40, seed: 2 },
};
const LABELS = Array.from({ length: 30 }, (_, n) => n % 3);

const covered = {
  'the bench as it opens': {},
  'damped past its negative eigenvalues': { damping: 0.9, weight_decay: 1e-3 },
  'CG from zero, to its first negative curvature': {
    methods: [{ method: 'cg', iterations: 60, start: 'zero', on_negative_curvature: 'stop' }],
  },
  'a scale from the spectrum': { methods: [{ method: 'neumann', iterations: 40, scale: 'auto' }], damping: 1 },
  'a scale past an indefinite spectrum': { methods: [{ method: 'neumann', iterations: 40, scale: 'auto' }] },
  undamped: { damping: 0, methods: [{ method: 'kfac' }, { method: 'exact' }] },
  'another depth': { ...DEEP, damping: 0.3 },
  'wide layers': {
    network: { layers: [9, 20, 12, 7], activation: 'sigmoid', seed: 4 },
    data: { generator: 'notebook', samples: 60, seed: 1 },
    damping: 0.2,
  },
};

for (const [what, changes] of Object.entries(covered))
  test(`${what}: both modules give the same report`, () => {
    const experiment = { ...BENCH, ...changes };
    const report = first.solve(experiment);
    assert.ok(report, 'not covered');
    assert.deepStrictEqual(report, whole.solve(experiment));
  });

const elsewhere = {
  'another activation': { network: { ...BENCH.network, activation: 'tanh' } },
  'another loss': { network: { ...BENCH.network, layers: [3, 5, 2] }, loss: 'cross_entropy' },
  float64: { precision: 'f64' },
  'the Gauss-Newton matrix': { curvature: 'ggn' },
  'the empirical Fisher matrix': { curvature: 'fisher_empirical', damping: 0.1 },
  'KFAC of other factors': { methods: [{ method: 'kfac', fisher: 'empirical' }] },
  'data as given': {
    network: { layers: [2, 7, 3], activation: 'tanh', seed: 5 },
    data: { inputs: LABELS.map((c, n) => [Math.sin(n), Math.cos(2 * n) + c]), targets: LABELS },
    loss: 'cross_entropy',
    damping: 0.01,
  },
  'another right-hand side': { right_hand_side: Array.from({ length: 26 }, (_, n) => n) },
  'too large to be formed': {
    network: { layers: [16, 40, 30, 1], activation: 'sigmoid', seed: 1 },
    data: { generator: 'notebook', samples: 20, seed: 1 },
    damping: 0.2,
  },
  training: { training: { optimizer: 'newton', steps: 3 } },
  'another law of data': { network: { ...BENCH.network, layers: [2, 5, 1] }, data: { generator: 'moons', samples: 9 } },
  'the sampled Fisher matrix': { curvature: 'fisher_mc' },
  'another method': { methods: [...STANDARD, { method: 'minres', iterations: 5 }] },
  'a preconditioner': { methods: [{ method: 'cg', iterations: 5, preconditioner: 'kfac' }] },
  'a lens': { analysis: ['polynomials'] },
  matrices: { include: ['matrices'] },
};

for (const [what, changes] of Object.entries(elsewhere))
  test(`${what}: the first view’s module leaves it to the full one`, () => {
    const experiment = { ...BENCH, ...changes };
    assert.equal(first.solve(experiment), undefined);
    assert.ok(whole.solve(experiment));
  });

test('the first view’s module refuses nothing: the full one has the words', () => {
  for (const changes of [{ damping: -1 }, { loss: 'mae' }, { methods: [{ method: 'cg' }] }, { lens: 1 }]) {
    const experiment = { ...BENCH, ...changes };
    assert.equal(first.solve(experiment), undefined);
    assert.throws(() => whole.solve(experiment), /^Error: [a-z]/);
  }
});
