// `npm run --silent solve -- FILE` (or - for standard input): an Experiment in, its Report out, by the page's own WebAssembly module.
// Exit code 0 with the Report on standard output; 2 for an experiment that is refused or can't be read; 70 if the module itself breaks.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readJson } from '../www/json.mjs';
import { main, root } from './run.mjs';
import { buildWasm, isStale } from './wasm.mjs';

const REFUSED = 2;
const BROKEN = 70;
const packageDirectory = join(root, 'pkg');

await main(async () => {
  const files = process.argv.slice(2);
  if (files.length !== 1) return end(REFUSED, 'usage: npm run --silent solve -- FILE (or - for standard input)');
  if (isStale()) await buildWasm();
  const experiment = readExperiment(files[0]);
  if (experiment !== undefined) await solve(experiment);
});

function readExperiment(file) {
  try {
    // npm runs scripts in the project's folder; the path is meant from where npm was called.
    const text = readFileSync(file === '-' ? 0 : resolve(process.env.INIT_CWD ?? '.', file), 'utf8');
    return readJson(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return end(REFUSED, `${file}: ${error.message}`);
  }
}

async function solve(experiment) {
  const { initSync, Lab } = await import('../pkg/hessian_lab.js');
  initSync({ module: readFileSync(join(packageDirectory, 'hessian_lab_bg.wasm')) });
  try {
    print(new Lab().solve(experiment));
  } catch (error) {
    // A plain Error is the lab's refusal; anything else (a RuntimeError, a RangeError) is a trap.
    if (error?.name === 'Error') end(REFUSED, error.message);
    else end(BROKEN, `the numerics broke down: ${error?.message ?? error}`);
  }
}

/** Node goes on until a slow reader has taken all of it, as nothing here calls process.exit. */
function print(report) {
  // A reader that has seen enough, such as head, is no failure of ours.
  process.stdout.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error;
  });
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

function end(code, message) {
  process.exitCode = code;
  console.error(message);
}
