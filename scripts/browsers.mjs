// `npm run test:browsers`: the wasm tests and a tour of the built page in Chromium, Firefox and WebKit, as far as the machine has them,
// and that the same experiments have the same reports in all of them and in Node, to the bit. `-- firefox …` runs those named.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Draws } from '../tests/node/draws.mjs';
import { drawExperiment } from '../tests/node/experiments.mjs';
import { digests } from './browsers/digests.mjs';
import { engines } from './browsers/engines.mjs';
import { serveModules } from './browsers/server.mjs';
import { tour } from './browsers/tour.mjs';
import { Failure, main, openly, root, say } from './run.mjs';
import { npmPackages, testRunner, wasmTarget } from './setup.mjs';
import { buildSite } from './site.mjs';
import { buildWasm } from './wasm.mjs';

const EXPERIMENTS = 300;

await main(async () => {
  const chosen = choose(process.argv.slice(2));
  for (const install of [wasmTarget, npmPackages, testRunner]) await install();
  await buildWasm();
  await buildSite();
  for (const engine of chosen) await testWasm(engine);
  // Drawn here, for all: a power's last bits are an engine's own.
  const draws = new Draws(1);
  const experiments = draws.list(EXPERIMENTS, () => drawExperiment(draws));
  const expected = await digestsInNode(experiments);
  const server = await serveModules(experiments);
  const seen = [];
  try {
    for (const engine of chosen) seen.push(await visit(engine, server, expected));
  } finally {
    server.close();
  }
  assertSame(seen);
  say(`${chosen.map(({ name }) => name).join(', ')} and Node: the same ${expected.length} reports, to the bit`);
});

/** Those named, each of which must be there; without names, those that are. */
function choose(names) {
  const unknown = names.find((name) => !engines.some((engine) => engine.name.toLowerCase() === name.toLowerCase()));
  if (unknown) throw new Failure(`no engine ${unknown}; there are ${engines.map(({ name }) => name).join(', ')}`);
  const wanted = engines.filter(
    ({ name }) => names.length === 0 || names.some((named) => named.toLowerCase() === name.toLowerCase()),
  );
  for (const { name, driver, install } of wanted)
    say(driver ? `${name}: ${driver}` : `${name}: not found (${install})`);
  const found = wanted.filter(({ driver }) => driver);
  if (found.length === 0 || (names.length > 0 && found.length < wanted.length))
    throw new Failure('There is no browser to test in.');
  return found;
}

async function testWasm({ name, driver, variable, wrapper }) {
  say(`${name}: the boundary's tests`);
  const test = ['cargo', 'test', '--target', 'wasm32-unknown-unknown'];
  const [command, ...args] = [...wrapper, ...test];
  const { code } = await openly(command, args, {
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: 'wasm-bindgen-test-runner',
    WASM_BINDGEN_TEST_TIMEOUT: '300',
    [variable]: driver,
  });
  if (code !== 0) throw new Failure(`The boundary's tests fail in ${name}.`);
}

/** What the page shows there, having shown that it works and that the reports are the same. */
async function visit(engine, server, expected) {
  say(`${engine.name}: the page`);
  const browser = await engine.start();
  try {
    say(`${engine.name} ${browser.version}`);
    const shown = await tour(browser, `${server.address}/site/`);
    await browser.open(`${server.address}/`);
    const found = await browser.call('digests', []);
    const other = found.findIndex((digest, index) => digest !== expected[index]);
    if (other >= 0 || found.length !== expected.length)
      throw new Failure(`${engine.name}: report ${other} of ${found.length} is not Node's`);
    return { name: engine.name, shown };
  } finally {
    await browser.end();
  }
}

function assertSame(seen) {
  for (const { name, shown } of seen)
    if (JSON.stringify(shown) !== JSON.stringify(seen[0].shown))
      throw new Failure(
        `${name} shows other numbers than ${seen[0].name}:\n${JSON.stringify([shown, seen[0].shown], null, 1)}`,
      );
}

async function digestsInNode(experiments) {
  const modules = ['hessian_lab', 'first_view'].map(async (name) => {
    const module = await import(join(root, 'pkg', `${name}.js`));
    module.initSync({ module: readFileSync(join(root, 'pkg', `${name}_bg.wasm`)) });
    return module;
  });
  return digests(await Promise.all(modules), experiments);
}
