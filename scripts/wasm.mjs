// Builds pkg/: the numerics as a WebAssembly module, optimised, with the JavaScript and TypeScript around it.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bindgenDirectory, quietly, root, step } from './run.mjs';
import { bindgen, npmPackages, wasmTarget } from './setup.mjs';

const NAME = 'hessian_lab';
const packageDirectory = join(root, 'pkg');
const stamp = join(packageDirectory, '.built-from');

/** Sets up and builds; does no more than ask cargo when nothing has changed. */
export async function buildWasm() {
  await wasmTarget();
  await npmPackages();
  await bindgen();
  const module = await step('Compiling the numerics to WebAssembly', compile);
  const source = fingerprint(module);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === source) return;
  await step('Writing the bindings and optimising', () => pack(module));
  writeFileSync(stamp, source);
}

async function compile() {
  const target = join(root, 'target');
  const kind = ['--release', '--lib', '--target', 'wasm32-unknown-unknown'];
  await quietly('cargo', ['build', ...kind, '--target-dir', target]);
  return join(target, 'wasm32-unknown-unknown', 'release', `${NAME}.wasm`);
}

/** pkg/ is replaced only once all of it is there, so that a build that was interrupted leaves none that is half done. */
async function pack(module) {
  const draft = join(root, 'target', 'pkg');
  rmSync(draft, { recursive: true, force: true });
  await quietly(join(bindgenDirectory, 'debug', 'bindgen'), [module, draft, NAME]);
  const wasm = join(draft, `${NAME}_bg.wasm`);
  // The module itself says which WebAssembly features it uses.
  await quietly('wasm-opt', ['-O3', wasm, '-o', wasm]);
  rmSync(packageDirectory, { recursive: true, force: true });
  renameSync(draft, packageDirectory);
}

/** What pkg/ depends on: the compiled module and the two tools that work on it. */
function fingerprint(module) {
  const hash = createHash('sha256').update(readFileSync(module));
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
