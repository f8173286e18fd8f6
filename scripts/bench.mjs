// `npm run bench`: times the core natively, in Node and in headless Chromium, and prints Markdown tables; `--peers` times JAX, PyTorch
// and jax-js in the same run, installed into a throw-away folder. It then moves sliders on the built page, and plots into
// docs/growth.svg how costs grow; `--only core`, `page` or `growth` leaves the others out.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { timeInBrowser } from './bench/browser.mjs';
import { growth } from './bench/growth.mjs';
import { latency } from './bench/latency.mjs';
import { timeAll } from './bench/measure.mjs';
import { peers } from './bench/peers.mjs';
import { table } from './bench/table.mjs';
import { bindgenDirectory, Failure, main, quietly, root, step } from './run.mjs';
import { bindgen, browser, npmPackages, wasmTarget } from './setup.mjs';
import { buildSite } from './site.mjs';
import { buildWasm } from './wasm.mjs';

const NAME = 'hessian_lab_bench';
const moduleDirectory = join(root, 'target', 'bench-module');

/** The networks that are timed: sigmoid, squared error, float64. */
const SIZES = {
  S: { layers: [3, 5, 1], samples: 10 },
  M: { layers: [8, 16, 8, 1], samples: 100 },
  L: { layers: [16, 24, 24, 1], samples: 256 },
};
const TASKS = [
  'peak',
  'gradient',
  'product',
  'hessian',
  'ggn',
  'kfac_build',
  'kfac_solve',
  'eigenvalues',
  'eigenvectors',
  'experiment',
  'damping_move',
  'scale_move',
];
/** 108,424 parameters and a hundred data: one product is one iteration of CG. */
const LARGE = { layers: [64, 128, 128, 128, 128, 128, 128, 128, 8], samples: 100, tasks: ['product'] };

/** What a run consists of; `--only` picks one. */
const PARTS = {
  core: timeCore,
  page: timePage,
  growth: () => growth(timeInNode),
};

await main(async () => {
  const { values } = parseArgs({ options: { peers: { type: 'boolean' }, only: { type: 'string' } } });
  const parts = Object.keys(PARTS);
  if (values.only && !parts.includes(values.only)) throw new Failure(`--only is one of ${parts.join(', ')}`);
  await build();
  for (const part of values.only ? [values.only] : parts) await PARTS[part](values);
});

async function timeCore({ peers: withPeers }) {
  const work = [...Object.values(SIZES).map((size) => ({ ...size, tasks: TASKS })), LARGE];
  const results = {
    native: await step('Timing natively', () => timeNatively(work)),
    Node: await step('Timing in Node', () => timeInNode(work)),
    Chromium: await step('Timing in Chromium', () => timeInBrowser(moduleDirectory, NAME, work)),
  };
  const others = withPeers ? await peers(SIZES, () => timeInNode(work.slice(0, -1))) : {};
  console.log(table(SIZES, TASKS, results, others));
}

async function timePage() {
  await buildWasm();
  await buildSite();
  console.log(await step('Moving sliders in Chromium', latency));
}

async function build() {
  await wasmTarget();
  await npmPackages();
  await bindgen();
  await browser();
  const cargo = ['build', '--release', '-p', 'hessian-lab-bench'];
  const wasm = 'wasm32-unknown-unknown';
  await step('Compiling the tasks', async () => {
    await quietly('cargo', cargo);
    await quietly('cargo', [...cargo, '--lib', '--target', wasm]);
  });
  const module = join(root, 'target', wasm, 'release', `${NAME}.wasm`);
  await quietly(join(bindgenDirectory, 'debug', 'bindgen'), [module, moduleDirectory, NAME]);
  const optimised = join(moduleDirectory, `${NAME}_bg.wasm`);
  await quietly('wasm-opt', ['-O3', optimised, '-o', optimised]);
}

async function timeNatively(work) {
  const program = join(root, 'target', 'release', 'hessian-lab-bench');
  const lines = await quietly(
    program,
    work.map((job) => JSON.stringify(job)),
  );
  return lines
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function timeInNode(work) {
  const module = await import(join(moduleDirectory, `${NAME}.js`));
  module.initSync({ module: readFileSync(join(moduleDirectory, `${NAME}_bg.wasm`)) });
  return timeAll(module, work);
}
