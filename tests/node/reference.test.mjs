// The reference cases through the command: every field of theirs that a Report holds, to the tolerances their makers set.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cases = new URL('../cases/', import.meta.url);
const CURVATURES = ['hessian', 'ggn', 'fisher_empirical'];
const CONVENTIONS = ['exact', 'pi', 'sqrt', 'per_factor'];
const MATRIX = 1e-9;

for (const file of readdirSync(cases)) {
  const { experiment, expect } = JSON.parse(readFileSync(new URL(file, cases), 'utf8'));
  const { iterations, ...problem } = experiment;

  test(`${file}: loss, gradient, matrices, direct solutions, applications`, () => {
    const report = solve({
      ...problem,
      include: ['matrices'],
      applications: ['influence', 'hypergradient'],
      validation: { inputs: expect.applications.validation_inputs, targets: expect.applications.validation_targets },
      methods: [
        ...CONVENTIONS.map((damping_convention) => ({ method: 'kfac', damping_convention })),
        { method: 'kfac', fisher: 'empirical' },
        { method: 'ekfac' },
        { method: 'block_diagonal' },
        { method: 'diagonal' },
      ],
    });
    near([report.loss], [expect.loss], MATRIX, 'loss');
    near(report.gradient, expect.gradient, MATRIX, 'gradient');
    checkMatrices(report.matrices, expect);
    const solutions = [
      ...CONVENTIONS.map((convention) => expect.solutions.kfac[convention]),
      expect.solutions.kfac_empirical_exact,
      expect.solutions.ekfac,
      expect.solutions.block_diagonal_ggn,
      expect.solutions.diagonal_ggn,
    ];
    report.methods.forEach(({ method, solution }, i) => {
      if (solutions[i]) near(solution, solutions[i], 1e-8, method);
    });
    const { influence, hypergradient } = report.applications;
    near(influence.on_validation_loss, expect.applications.influence_on_validation_loss, 1e-8, 'influence');
    near([hypergradient.weight_decay], [expect.applications.hypergradient_weight_decay], 1e-8, 'hypergradient');
  });

  for (const curvature of CURVATURES) {
    test(`${file}: ${curvature}, its spectrum, exact solution and traces`, () => {
      const system = expect.systems[curvature];
      const report = solve({
        ...problem,
        curvature,
        methods: [
          { method: 'cg', iterations, start: 'zero' },
          { method: 'cg', iterations, start: 'right_hand_side' },
          { method: 'neumann', iterations, scale: system.neumann_scale },
          { method: 'minres', iterations: 400 },
        ],
      });
      near(report.spectrum, system.eigenvalues, MATRIX, 'spectrum');
      assert.equal(report.exact.status === 'singular', system.singular);
      const condition = keptCondition(report.spectrum.map((eigenvalue) => eigenvalue + (problem.damping ?? 0)));
      near(report.exact.solution, system.exact, 1e-9 + 10 * Number.EPSILON * condition, 'exact');
      const [zero, fromB, neumann, minres] = report.methods;
      checkConjugateGradient(zero, system.cg_zero, system.singular, iterations);
      checkConjugateGradient(fromB, system.cg_right_hand_side, system.singular, iterations);
      checkTrace(neumann.trace, system.neumann, iterations, 1e-8);
      assert.ok(minres.trace.relative_error.at(-1) < 1e-6, 'minres');
    });
  }
}

function solve(experiment) {
  const options = { cwd: root, input: JSON.stringify(experiment), encoding: 'utf8', maxBuffer: 1 << 28 };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/solve.mjs', '-'], options);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

function checkMatrices(matrices, expect) {
  const names = {
    hessian: 'hessian',
    ggn: 'ggn',
    fisher_empirical: 'fisher_empirical',
    kfac: 'kfac_type2',
    kfac_empirical: 'kfac_empirical',
    ekfac: 'ekfac_type2',
  };
  for (const [name, expected] of Object.entries(names)) near(matrices[name], expect[expected].flat(), MATRIX, name);
}

/** Two right programs agree up to six iterations, before the first negative curvature, and on a singular system up to four. */
function checkConjugateGradient(run, expected, singular, iterations) {
  const first = expected.first_nonpositive_curvature;
  assert.equal(run.status === 'negative_curvature', first !== null);
  if (first !== null) assert.equal(run.status_iteration, first);
  checkTrace(run.trace, expected.trace, Math.min(singular ? 4 : 6, (first ?? 7) - 1, iterations), 1e-6);
}

function checkTrace(trace, expected, last, floor) {
  for (let k = 0; k <= last; k += 1) {
    [trace.relative_error, trace.cosine_similarity, trace.residual].forEach((curve, i) => {
      const value = expected[k][i];
      if (value === null) assert.equal(curve[k], null);
      else if (Math.abs(value) > floor) near([curve[k]], [value], 1e-6, `iterate ${k}`);
    });
  }
}

function keptCondition(eigenvalues) {
  const magnitudes = eigenvalues.map(Math.abs);
  const largest = Math.max(...magnitudes);
  const zero = eigenvalues.length * Number.EPSILON * largest;
  return largest / Math.min(...magnitudes.filter((magnitude) => magnitude > zero));
}

function near(actual, expected, tolerance, what) {
  assert.equal(actual.length, expected.length, what);
  const norm = (numbers) => Math.hypot(...numbers);
  const apart = norm(actual.map((value, i) => value - expected[i])) / (norm(expected) || 1);
  assert.ok(apart <= tolerance, `${what}: ${apart} apart, ${tolerance} allowed`);
}
