// Builds pkg/: the numerics as two WebAssembly modules, optimised, each with the JavaScript and TypeScript around it.

import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { bindgenDirectory, quietly, root, step } from './run.mjs';
import { bindgen, npmPackages, wasmTarget } from './setup.mjs';

/** All of the crate, and what the page's first view asks of it. */
const MODULES = [
  { name: 'hessian_lab', profile: 'release', flags: [], optimise: ['-O3'] },
  {
    name: 'first_view',
    profile: 'first-view',
    flags: ['--no-default-features'],
    // What is called from one place stays a function all the same: larger ones repeat themselves less, and compress a tenth worse.
    optimise: ['-Oz', '--converge', '--one-caller-inline-max-function-size=30', '--strip-producers', '--strip-debug'],
  },
];
const target = join(root, 'target');
const packageDirectory = join(root, 'pkg');
const stamp = join(packageDirectory, '.built-from');

/** Sets up and builds; does no more than ask cargo when nothing has changed. */
export async function buildWasm() {
  await wasmTarget();
  await npmPackages();
  await bindgen();
  for (const module of MODULES) await step('Compiling the numerics to WebAssembly', () => compile(module));
  const source = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === source) return;
  await step('Writing the bindings and optimising', pack);
  writeFileSync(stamp, source);
}

/** Whether there is no pkg/, or a source has been written since it was. */
export function isStale() {
  if (!existsSync(packageDirectory)) return true;
  const built = statSync(packageDirectory).mtimeMs;
  const folders = ['src', join('kernels', 'src')].map((folder) => join(root, folder)).filter(existsSync);
  const sources = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((file) => join(folder, file)),
  );
  return sources.some((file) => statSync(file).mtimeMs > built);
}

/** A copy of each under its own name. */
async function compile({ name, profile, flags }) {
  const kind = ['--profile', profile, '--lib', '--target', 'wasm32-unknown-unknown', '--target-dir', target];
  await quietly('cargo', ['build', ...kind, ...flags]);
  mkdirSync(join(target, 'modules'), { recursive: true });
  copyFileSync(join(target, 'wasm32-unknown-unknown', profile, 'hessian_lab.wasm'), compiled(name));
}

function compiled(name) {
  return join(target, 'modules', `${name}.wasm`);
}

/** pkg/ is replaced only once all of it is there, so that a build that was interrupted leaves none that is half done. */
async function pack() {
  const draft = join(target, 'pkg');
  rmSync(draft, { recursive: true, force: true });
  for (const { name, optimise } of MODULES) {
    await quietly(join(bindgenDirectory, 'debug', 'bindgen'), [compiled(name), draft, name]);
    const wasm = join(draft, `${name}_bg.wasm`);
    // The module itself says which WebAssembly features it uses.
    await quietly('wasm-opt', [...optimise, wasm, '-o', wasm]);
  }
  rmSync(packageDirectory, { recursive: true, force: true });
  renameSync(draft, packageDirectory);
}

/** What pkg/ depends on: the compiled modules and the two tools that work on them. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const { name } of MODULES) hash.update(readFileSync(compiled(name)));
  for (const file of [
    'package-lock.json',
    'tools/bindgen/Cargo.lock',
    'tools/bindgen/src/main.rs',
    'scripts/wasm.mjs',
  ]) {
    hash.update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}
