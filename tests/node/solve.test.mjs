// The command: an Experiment in, its Report on standard output; a refusal alone on standard error, with exit code 2.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hessian-lab-'));
after(() => rmSync(folder, { recursive: true }));

const experiment = {
  network: { layers: [3, 5, 1], activation: 'sigmoid', seed: 1 },
  data: { generator: 'notebook', samples: 20, seed: 1 },
  loss: 'mse',
  damping: 0.5,
  methods: [
    { method: 'exact' },
    { method: 'cg', iterations: 10 },
    { method: 'neumann', iterations: 10, scale: 'auto' },
    { method: 'kfac' },
  ],
};

/** Runs a program to its end; `input` is its whole standard input. */
function run(command, args, { input = '', cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, INIT_CWD: cwd } });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => {
        output[name] += text;
      });
    }
    child.on('error', reject).on('close', (code) => resolve({ code, ...output }));
    child.stdin.end(input);
  });
}

const solve = (file, options) => run(process.execPath, [join(root, 'scripts', 'solve.mjs'), file], options);
const solveText = (input) => solve('-', { input });
const solveThis = (changes) => solveText(JSON.stringify({ ...experiment, ...changes }));

/** Keeps a text in a file of its own. */
function keep(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function assertRefused({ code, stdout, stderr }, message) {
  assert.equal(code, 2);
  assert.equal(stdout, '');
  assert.match(stderr, message);
  assert.equal(stderr.trimEnd().split('\n').length, 1, 'the message stands alone');
}

test('a report is one line of JSON on standard output, and nothing else is said', async () => {
  const { code, stdout, stderr } = await solve(keep('experiment.json', JSON.stringify(experiment)));
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.equal(stdout.indexOf('\n'), stdout.length - 1);
  const report = JSON.parse(stdout);
  assert.equal(report.parameters, 26);
  assert.deepEqual(
    report.methods.map(({ method }) => method),
    ['exact', 'cg', 'neumann', 'kfac'],
  );
  assert.equal(report.methods[1].trace.residual.length, 11);
});

test('it runs as npm runs it, with a file named from where npm was called', async () => {
  keep('here.json', JSON.stringify(experiment));
  const npm = ['--prefix', root, 'run', '--silent', 'solve', '--', 'here.json'];
  const { code, stdout } = await run('npm', npm, { cwd: folder });
  assert.equal(code, 0);
  assert.equal(JSON.parse(stdout).samples, 20);
});

test('standard input gives the same report, to the last bit', async () => {
  const text = JSON.stringify(experiment);
  const [fromFile, fromInput] = [await solve(keep('same.json', text)), await solveText(text)];
  assert.equal(fromInput.code, 0);
  assert.equal(fromInput.stdout, fromFile.stdout);
});

test('what is not there is null: a curvature that is not definite, a vanishing right-hand side', async () => {
  const { code, stdout } = await solveThis({ damping: 0, right_hand_side: new Array(26).fill(0) });
  assert.equal(code, 0);
  assert.doesNotMatch(stdout, /NaN|Infinity|undefined/);
  const errors = JSON.parse(stdout).methods.flatMap(({ trace }) => trace.relative_error);
  assert.ok(errors.length > 20 && errors.every((error) => error === null));
});

test('a diverged run holds finite numbers only', async () => {
  const methods = [{ method: 'neumann', iterations: 10000, scale: 0.01 }];
  const { code, stdout } = await solveThis({ methods });
  assert.equal(code, 0);
  const [neumann] = JSON.parse(stdout).methods;
  assert.equal(neumann.status, 'diverged');
  assert.ok(neumann.solution.every(Number.isFinite));
});

test('a report of megabytes arrives whole through a pipe', async () => {
  const network = { layers: [8, 8, 8, 2], activation: 'tanh' };
  const changes = { network, data: { generator: 'notebook', samples: 8 }, methods: [], include: ['matrices'] };
  const { code, stdout } = await solveThis(changes);
  assert.equal(code, 0);
  assert.ok(stdout.length > 1_000_000, `${stdout.length} characters`);
  const { parameters, matrices } = JSON.parse(stdout);
  assert.equal(matrices.hessian.length, parameters ** 2);
});

const refusals = {
  'an unknown field': [{ dampnig: 1 }, /^dampnig: /],
  'an unknown field further in': [{ network: { ...experiment.network, width: 3 } }, /^network\.width: /],
  'a missing field': [{ loss: undefined }, /^loss: /],
  'a wrong type': [{ damping: 'much' }, /^damping: /],
  'a number out of range': [{ damping: -1 }, /^damping: /],
  'an entry of a list': [{ network: { ...experiment.network, layers: [3, 0, 1] } }, /^network\.layers\[1\]: 0 /],
  'an entry of the methods': [{ methods: [{ method: 'exact' }, { method: 'magic' }] }, /^methods\[1\]\.method: /],
};
for (const [what, [changes, message]] of Object.entries(refusals)) {
  test(`${what} is refused by name`, async () => assertRefused(await solveThis(changes), message));
}

test('a number too large for JSON is refused by name', async () => {
  assertRefused(await solveText(JSON.stringify(experiment).replace('0.5', '1e999')), /^damping: /);
});

test('what is no experiment at all is refused', async () => {
  for (const text of ['null', '3', '"text"', '[]']) assertRefused(await solveText(text), /^experiment: /);
});

test('what is not JSON is refused', async () => {
  for (const text of ['', '{"network":', '{"damping": NaN}']) assertRefused(await solveText(text), /^-: .*JSON/);
});

test('a file that cannot be read is refused by its name', async () => {
  assertRefused(await solve(join(folder, 'nowhere.json')), /nowhere\.json: /);
  assertRefused(await solve(folder), new RegExp(`^${folder}: `));
});

test('without a file it says how it is used', async () => {
  assertRefused(await run(process.execPath, [join(root, 'scripts', 'solve.mjs')]), /^usage: /);
});

test('a trap is not a refusal: exit code 70', async () => {
  const broken = join(folder, 'broken');
  cpSync(join(root, 'scripts'), join(broken, 'scripts'), { recursive: true });
  cpSync(join(root, 'www', 'json.mjs'), join(broken, 'www', 'json.mjs'));
  mkdirSync(join(broken, 'pkg'));
  writeFileSync(join(broken, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(broken, 'pkg', 'hessian_lab_bg.wasm'), '');
  const trap =
    'export const initSync = () => {}; export class Lab { solve() { throw new WebAssembly.RuntimeError("unreachable"); } }';
  writeFileSync(join(broken, 'pkg', 'hessian_lab.js'), trap);
  const { code, stdout, stderr } = await run(process.execPath, [join(broken, 'scripts', 'solve.mjs'), '-'], {
    input: '{}',
  });
  assert.deepEqual({ code, stdout }, { code: 70, stdout: '' });
  assert.match(stderr, /unreachable/);
});

test('a field that stands twice is refused by name, however deep and however it is written', async () => {
  const text = JSON.stringify(experiment);
  const twice = (from, to) => solveText(text.replace(from, to));
  assertRefused(await twice(/}$/, ',"damping":0.5}'), /^-: "damping" stands twice$/m);
  assertRefused(await twice('"seed":1', '"seed":1,"s\\u0065ed":1'), /^-: "network.seed" stands twice$/m);
  assertRefused(
    await twice('"iterations":10', '"iterations":9,"iterations":10'),
    /^-: "methods\[1\].iterations" stands/m,
  );
});
