// `npm test`: sets up, then runs every check and test in this order and stops at the first failure.
// `npm test -- NAME …` runs only the steps named, with what they depend on.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findDriver } from './browser.mjs';
import { Failure, main, openly, root, say } from './run.mjs';
import * as setup from './setup.mjs';
import { buildSite } from './site.mjs';
import { weigh } from './size.mjs';
import { buildWasm } from './wasm.mjs';

const WASM = ['--target', 'wasm32-unknown-unknown'];
const { rustComponents, wasmTarget, npmPackages, testRunner, wasmPack, browser } = setup;

/** How each kind of runner counts, in its closing lines. A step without one is a check, and counts as one test. */
const counts = {
  cargo: { passed: /^test result: .* (\d+) passed;/gm, failed: /^test result: .* (\d+) failed;/gm },
  vitest: { passed: /^ *Tests .*?(\d+) passed/gm, failed: /^ *Tests .*?(\d+) failed/gm },
  node: { passed: /^\S+ pass (\d+)$/gm, failed: /^\S+ fail (\d+)$/gm },
  playwright: { passed: /^ +(\d+) passed/gm, failed: /^ +(\d+) failed/gm },
};

/** Every step: its name, its command, what has to be installed for it, which steps go before it, and how it counts. */
const steps = [
  { name: 'fmt', run: ['cargo', 'fmt', '--all', '--check'], needs: [rustComponents] },
  {
    name: 'fmt-tools',
    run: ['cargo', 'fmt', '--check', '--manifest-path', 'tools/bindgen/Cargo.toml'],
    needs: [rustComponents],
  },
  {
    name: 'clippy',
    run: ['cargo', 'clippy', '--locked', '--workspace', '--all-targets', '--', '-D', 'warnings'],
    needs: [rustComponents],
  },
  {
    name: 'clippy-wasm',
    run: ['cargo', 'clippy', '--workspace', '--all-targets', ...WASM, '--', '-D', 'warnings'],
    needs: [rustComponents, wasmTarget],
  },
  {
    name: 'clippy-first-view',
    run: ['cargo', 'clippy', '--lib', '--no-default-features', ...WASM, '--', '-D', 'warnings'],
    needs: [rustComponents, wasmTarget],
  },
  { name: 'rust', run: ['cargo', 'test', '--workspace'], counts: counts.cargo },
  { name: 'doc', run: ['cargo', 'doc', '--workspace', '--no-deps'], environment: { RUSTDOCFLAGS: '-D warnings' } },
  { name: 'wasm', run: buildWasm },
  { name: 'biome', run: ['biome', 'check', '--error-on-warnings'], needs: [npmPackages] },
  { name: 'types', run: ['tsc', '--noEmit'], after: ['wasm'] },
  { name: 'unit', run: ['vitest', 'run'], after: ['wasm'], counts: counts.vitest },
  { name: 'wasm-pack', run: browserTests, needs: [wasmTarget, testRunner, wasmPack, browser], counts: counts.cargo },
  { name: 'command', run: commandTests, after: ['wasm'], counts: counts.node },
  { name: 'site', run: buildSite, after: ['wasm'] },
  { name: 'size', run: weigh, after: ['wasm', 'site'] },
  { name: 'e2e', run: ['playwright', 'test'], needs: [browser], after: ['wasm', 'site'], counts: counts.playwright },
];

await main(async () => {
  const chosen = choose(process.argv.slice(2));
  for (const install of new Set(chosen.flatMap((step) => step.needs ?? []))) await install();
  const total = { passed: 0, failed: 0 };
  for (const step of chosen) {
    const result = await runStep(step);
    total.passed += result.passed;
    total.failed += result.failed;
    if (result.failed > 0) {
      say(`FAILED: ${step.name} (npm test -- ${step.name} runs it alone)`);
      process.exitCode = 1;
      break;
    }
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
});

/** The steps named and those that go before them; all of them if none is named. */
function choose(names) {
  if (names.length === 0) return steps;
  const unknown = names.find((name) => !steps.some((step) => step.name === name));
  if (unknown) throw new Failure(`no step ${unknown}; there are ${steps.map((step) => step.name).join(', ')}`);
  const named = steps.filter(({ name }) => names.includes(name));
  const before = new Set(named.flatMap(({ after }) => after ?? []));
  return steps.filter((step) => named.includes(step) || before.has(step.name));
}

/** Runs one step, and counts what it ran. A runner that ran no test has failed: something went missing. */
async function runStep({ name, run, environment, counts }) {
  say(name);
  const { code, output } = await start(run, environment);
  const passed = counts ? sum(counts.passed, output) : 1;
  const failed = counts ? sum(counts.failed, output) : 0;
  if (code === 0 && passed > 0 && failed === 0) return { passed, failed };
  if (code === 0 && passed === 0) console.error(`${name} ran no test`);
  return { passed: counts ? passed : 0, failed: Math.max(failed, 1) };
}

async function start(run, environment) {
  try {
    if (Array.isArray(run)) return await openly(run[0], run.slice(1), environment);
    return (await run()) ?? { code: 0, output: '' };
  } catch (error) {
    console.error(error instanceof Failure ? error.message : error);
    return { code: 1, output: '' };
  }
}

function sum(pattern, output) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that starts a terminal's colours
  const plain = output.replace(/\x1b\[[0-9;]*m/g, '');
  return [...plain.matchAll(pattern)].reduce((total, [, count]) => total + Number(count), 0);
}

function browserTests() {
  const driver = ['--chrome', '--chromedriver', findDriver()];
  // The tests are configured to run in a worker: the driver gives a page up that is busy for 30 s, as one file's tests can be.
  // In seconds, for all the tests of one file; without optimisation some take longer than the usual 20.
  return openly('wasm-pack', ['test', '--headless', ...driver], { WASM_BINDGEN_TEST_TIMEOUT: '300' });
}

function commandTests() {
  const directory = join(root, 'tests', 'node');
  const files = readdirSync(directory).filter((file) => file.endsWith('.test.mjs'));
  return openly(process.execPath, ['--test', '--test-reporter=spec', ...files.map((file) => join(directory, file))]);
}
