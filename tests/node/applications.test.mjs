// The command's applications: each answers in the report, and what it lacks is refused by the field to change.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const lissa = { method: 'lissa', iterations: 30, scale: 9, batch: 4, repeats: 8, seed: 1 };
const experiment = {
  network: { layers: [1, 4, 1], activation: 'tanh', seed: 1 },
  data: { generator: 'sine', samples: 8, seed: 1 },
  validation: { generator: 'sine', samples: 6, seed: 2 },
  training: { optimizer: 'newton', steps: 400 },
  loss: 'mse',
  weight_decay: 0.05,
  damping: 0,
  methods: [{ method: 'exact' }, { method: 'cg', iterations: 60 }, lissa],
};
const imaml = { damping: 0.1, imaml: { support: 5, meta_steps: 2, inner_steps: 8 } };

function solve(changes) {
  const input = JSON.stringify({ ...experiment, ...changes });
  const script = join(root, 'scripts', 'solve.mjs');
  return spawnSync(process.execPath, [script, '-'], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
}

function apply(application, changes = {}) {
  const { status, stdout, stderr } = solve({ ...changes, applications: [application] });
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  assert.doesNotMatch(stdout, /NaN|Infinity|undefined/);
  const { applications } = JSON.parse(stdout);
  assert.deepEqual(Object.keys(applications), [application], 'only what was asked for');
  return applications[application];
}

test('influence: a number a datum, the exact method agrees with the exact inverse and CG comes close', () => {
  const { minimum, on_validation_loss, by_method } = apply('influence');
  assert.equal(minimum.reached, true);
  assert.equal(on_validation_loss.length, 8);
  assert.deepEqual(by_method[0].on_validation_loss, on_validation_loss);
  assert.ok(by_method[1].relative_error < 1e-6 && by_method[2].relative_error > 1e-3);
});

test('influence_retrained: every datum really left out, and the exact inverse foretells it', () => {
  const { left_out, agreement } = apply('influence_retrained');
  assert.deepEqual(
    left_out.map(({ datum }) => datum),
    [0, 1, 2, 3, 4, 5, 6, 7],
  );
  assert.ok(agreement.by_method.length === 3 && agreement.correlation > 0.5, `${agreement.correlation}`);
});

test('hypergradient and hypergradient_retrained: the slope is the curve’s', () => {
  const { weight_decay, by_method } = apply('hypergradient');
  assert.ok(Math.abs(by_method[1].weight_decay / weight_decay - 1) < 1e-6);
  const { curve } = apply('hypergradient_retrained');
  assert.equal(curve.length, 21);
  const [below, at, above] = [9, 10, 11].map((index) => curve[index]);
  assert.ok(Math.abs(at.weight_decay / 0.05 - 1) < 1e-9);
  const slope = (above.validation_loss - below.validation_loss) / (above.weight_decay - below.weight_decay);
  assert.ok(Math.sign(slope) === Math.sign(weight_decay));
});

test('imaml: costs, errors and a short meta-training', () => {
  const answer = apply('imaml', imaml);
  assert.deepEqual(
    answer.steps.map(({ steps }) => steps),
    [0, 1, 2, 3, 4, 6, 8],
  );
  assert.equal(answer.steps.at(-1).unrolled_products, 12.5);
  assert.equal(answer.meta_gradient.length, 13);
  assert.equal(answer.meta_losses.length, 2);
  assert.equal(answer.support_targets.length, 5);
  answer.task.support.forEach((x, index) => {
    const sine = answer.task.amplitude * Math.sin(x + answer.task.phase);
    assert.ok(Math.abs(answer.support_targets[index] - sine) < 1e-12);
  });
});

test('lissa: a band a method, noise and truncation apart', () => {
  const [band] = apply('lissa', { damping: 1 });
  assert.equal(band.method, 2);
  for (const name of ['truncation', 'noise', 'mean', 'low', 'median', 'high']) assert.equal(band[name].length, 31);
  band.low.forEach((low, step) => {
    assert.ok(low <= band.median[step] && band.median[step] <= band.high[step]);
  });
});

test('race: everyone runs from one start, and those that adapt their damping never go up', () => {
  const { optimizers } = apply('race', { training: undefined, race: { steps: 12 } });
  assert.ok(optimizers.length > 3);
  assert.equal(new Set(optimizers.map(({ loss: [first] }) => first)).size, 1);
  const searched = optimizers.filter(({ damping }) => damping !== undefined && damping !== null);
  assert.ok(searched.length > 0);
  for (const { optimizer, loss } of searched)
    assert.ok(
      loss.every((value, step) => step === 0 || value <= loss[step - 1]),
      optimizer,
    );
});

const refusals = {
  'influence without validation data': [{ validation: undefined, applications: ['influence'] }, /^validation: /],
  'influence on a singular Hessian': [
    {
      network: { layers: [1, 4, 1], activation: 'relu', parameters: new Array(13).fill(0) },
      training: undefined,
      weight_decay: 0,
      applications: ['influence'],
    },
    /^weight_decay: 0 /,
  ],
  'imaml without a proximal term': [{ ...imaml, damping: 0, applications: ['imaml'] }, /^damping: 0 /],
  'imaml with a batch larger than its support': [
    { ...imaml, methods: [{ ...lissa, batch: 6 }], applications: ['imaml'] },
    /^methods\[0\]\.batch: 6 .* imaml\.support = 5/,
  ],
  'lissa without a LiSSA method': [{ methods: [], applications: ['lissa'] }, /^methods: /],
  'an application that there is none of': [{ applications: ['magic'] }, /^applications\[0\]: /],
};
for (const [what, [changes, message]] of Object.entries(refusals))
  test(`${what} is refused by name`, () => {
    const { status, stdout, stderr } = solve(changes);
    assert.deepEqual({ status, stdout }, { status: 2, stdout: '' });
    assert.match(stderr, message);
  });
