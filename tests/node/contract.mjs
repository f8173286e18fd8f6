// What the contract promises of every report, checked: lengths, order, ranges, what may be null and when, and words.

import assert from 'node:assert/strict';
import { parametersOf, samplesOf } from './experiments.mjs';

const LARGEST_FORMED = 1_200;
const ITERATIVE = ['cg', 'minres', 'neumann', 'lissa'];
const CURVES = ['relative_error', 'cosine_similarity', 'residual', 'energy_error'];
/** A cosine may pass one by rounding. */
const ROUNDING = 1e-9;

export function assertReport(experiment, report) {
  assertPlain(report, 'report');
  const count = parametersOf(experiment.network.layers);
  const formed = count <= LARGEST_FORMED;
  assert.equal(report.parameters, count);
  assert.equal(report.samples, samplesOf(experiment.data));
  assert.equal(report.theta.length, count);
  assert.equal(report.gradient.length, count);
  assert.ok(report.loss >= 0, `loss ${report.loss}`);
  assert.equal(report.spectrum?.length ?? null, formed ? count : null);
  assertAscending(report.spectrum ?? [], 'spectrum');
  assertExact(report.exact, formed && count);
  assert.deepEqual(names(report.methods), names(experiment.methods));
  for (const [index, run] of report.methods.entries()) assertRun(experiment, report, experiment.methods[index], run);
  assertExtras(experiment, report, count);
}

export function assertSketchReport(sketch, report) {
  assertPlain(report, 'report');
  assert.ok(report.condition === null || report.condition >= 1, `condition ${report.condition}`);
  assert.ok(report.clusters >= 1 && report.clusters <= sketch.eigenvalues.length);
  assert.deepEqual(names(report.methods), names(sketch.methods));
  for (const [index, run] of report.methods.entries()) {
    const method = sketch.methods[index];
    assertStatus(method, run);
    assertTrace(run.trace, method.iterations + 1, method.method);
    const { points, values, eigenvalues, at_eigenvalues } = run.polynomials;
    assertAscending(points, 'points');
    assertAscending(eigenvalues, 'eigenvalues');
    assert.equal(values.length, at_eigenvalues.length);
    for (const row of values) assert.equal(row.length, points.length);
    for (const row of at_eigenvalues) assert.equal(row.length, sketch.eigenvalues.length);
  }
}

/** What JSON can hold and nothing else: plain objects, arrays, finite numbers, words without a NaN in them. */
function assertPlain(value, path) {
  if (typeof value === 'number') return assert.ok(Number.isFinite(value), `${path} is ${value}`);
  if (typeof value === 'string')
    return assert.doesNotMatch(value, /NaN|\binf\b|Infinity|undefined/, `${path}: ${value}`);
  if (value === null || typeof value === 'boolean') return;
  if (!Array.isArray(value)) assert.equal(Object.getPrototypeOf(value), Object.prototype, `${path} is ${value}`);
  for (const [key, item] of Object.entries(value)) assertPlain(item, `${path}.${key}`);
}

function assertExact({ status, solution, message }, count) {
  if (!count) assert.equal(status, 'not_formed');
  else assert.ok(['ok', 'singular'].includes(status), status);
  assert.equal(solution?.length ?? false, count);
  assertSentence(message);
}

function assertRun(experiment, report, method, run) {
  const name = `${run.method}: ${run.message}`;
  assertStatus(method, run);
  assert.equal(run.solution.length, report.parameters, name);
  assert.equal(run.message.includes('uphill'), run.slope < 0, name);
  assert.equal('scale' in run, method.scale === 'auto', name);
  assert.ok(!(run.scale <= 0), name);
  assertTrace(run.trace, ITERATIVE.includes(method.method) ? method.iterations + 1 : 1, name);
  assert.equal(run.trace.slope.at(-1), run.slope, name);
  const solved = report.exact.solution;
  if (!solved || solved.every((x) => x === 0))
    for (const curve of ['relative_error', 'cosine_similarity', 'energy_error'])
      assert.ok(
        run.trace[curve].every((value) => value === null),
        `${name} ${curve}`,
      );
  const smallest = report.spectrum ? report.spectrum[0] + (experiment.damping ?? 0) : -1;
  if (smallest <= 0)
    assert.ok(
      run.trace.energy_error.every((value) => value === null),
      `${name} energy_error`,
    );
  if (vanishes(experiment, report))
    assert.ok(
      run.trace.residual.every((value) => value === null),
      `${name} residual`,
    );
}

/** Whether b is zero; of a float32 run's own gradient that vanished by underflow, nobody can tell. */
function vanishes({ right_hand_side: given, precision }, { gradient }) {
  if (Array.isArray(given)) return given.every((b) => b === 0);
  return precision !== 'f32' && gradient.every((b) => b === 0);
}

function assertStatus(method, { status, status_iteration: at, message, trace }) {
  const iterative = ITERATIVE.includes(method.method);
  const series = ['neumann', 'lissa'].includes(method.method);
  const allowed = iterative
    ? [
        'converged',
        'limit',
        'breakdown',
        ...(method.method === 'cg' ? ['negative_curvature'] : []),
        ...(series ? ['diverged'] : []),
      ]
    : ['ok', 'breakdown'];
  assert.ok(allowed.includes(status), `${method.method} is ${status}`);
  if (!iterative) assert.equal(at, null);
  else
    assert.ok(at === null || (Number.isInteger(at) && at >= 1 && at <= method.iterations), `${method.method} at ${at}`);
  if (status === 'limit') assert.equal(at, null);
  if (status === 'converged' && at !== null) assert.ok(trace.residual[at] <= 1e-5, `${trace.residual[at]} at ${at}`);
  assertSentence(message);
}

function assertTrace(trace, length, name) {
  for (const curve of ['products', 'slope', ...CURVES]) assert.equal(trace[curve].length, length, `${name} ${curve}`);
  assert.ok(trace.products[0] >= 0, name);
  assertAscending(trace.products, `${name} products`);
  for (const curve of ['relative_error', 'residual', 'energy_error'])
    assert.ok(
      trace[curve].every((value) => value === null || value >= 0),
      `${name} ${curve}`,
    );
  for (const cosine of trace.cosine_similarity)
    assert.ok(cosine === null || Math.abs(cosine) <= 1 + ROUNDING, `${name} cosine ${cosine}`);
}

function assertExtras({ include = [], analysis = [], applications = [], race = {} }, report, count) {
  assert.equal('matrices' in report, include.includes('matrices'));
  if (report.matrices) assertMatrices(report.matrices, count);
  assert.equal('data' in report, include.includes('data'));
  if (report.data)
    for (const rows of [report.data.inputs, report.data.targets]) assert.equal(rows.length, report.samples);
  assert.equal('analysis' in report, analysis.length > 0);
  for (const kind of analysis) {
    const missing = report.analysis.missing.some((reason) => reason.startsWith(`${kind}: `));
    assert.ok(kind in report.analysis !== missing, `${kind} is neither there nor missing`);
  }
  for (const reason of report.analysis?.missing ?? []) assert.match(reason, /\.$/);
  assert.equal('applications' in report, applications.length > 0);
  for (const kind of applications) assert.ok(kind in report.applications, kind);
  const influence = report.applications?.influence?.on_validation_loss;
  if (influence) assert.equal(influence.length, report.samples);
  for (const run of report.applications?.race?.optimizers ?? []) assertRaceRun(run, race.steps ?? 40);
}

function assertRaceRun({ optimizer, status, status_step: at, message, damping, ratio, ...curves }, steps) {
  assert.ok(['converged', 'limit', 'settled', 'diverged'].includes(status), `${optimizer} is ${status}`);
  assert.ok(at === null || (Number.isInteger(at) && at <= steps), `${optimizer} at ${at}`);
  assertSentence(message);
  const { loss, gradient_norm, products, curvature_products } = curves;
  for (const curve of [loss, gradient_norm, products, curvature_products, ratio, ...(damping ? [damping] : [])])
    assert.equal(curve.length, steps + 1, optimizer);
  for (const curve of [products, curvature_products]) assertAscending(curve, `${optimizer} products`);
}

function assertMatrices({ kfac_factors, ...matrices }, count) {
  for (const [name, entries] of Object.entries(matrices)) {
    assert.equal(entries.length, count ** 2, name);
    const largest = entries.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
    for (let row = 0; row < count; row++)
      for (let column = 0; column < row; column++) {
        const apart = Math.abs(entries[row * count + column] - entries[column * count + row]);
        assert.ok(apart <= ROUNDING * largest, `${name}[${row}, ${column}]: ${apart}`);
      }
  }
  assert.ok(kfac_factors.length >= 1);
}

function assertAscending(numbers, name) {
  for (let i = 1; i < numbers.length; i++) assert.ok(numbers[i] >= numbers[i - 1], `${name}: ${numbers}`);
}

function assertSentence(text) {
  assert.match(text, /^[A-Z].{15,}\.$/u, text);
}

function names(methods) {
  return methods.map(({ method }) => method);
}
