// `npm start`: installs what is missing, builds, serves the page and keeps it up to date with its sources.
// `npm start -- --port 8000 --host` chooses the port and lets other machines see the page.

import { watch } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Failure, main, root, say } from './run.mjs';
import { buildWasm } from './wasm.mjs';

await main(async () => {
  const { port, host } = readArguments();
  await buildWasm();
  const { createServer } = await import('vite');
  const server = await createServer({ root, server: { port: port && Number(port), host } });
  await server.listen();
  say('Ready; Ctrl-C ends it');
  server.printUrls();
  rebuildOnChange();
});

function readArguments() {
  const options = { port: { type: 'string' }, host: { type: 'boolean' } };
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new Failure(error.message);
  }
}

/** Recompiles when the Rust sources have been still for a moment; the page reloads by itself when pkg/ changes. */
function rebuildOnChange() {
  let timer;
  let build = Promise.resolve();
  const change = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      build = build.then(buildWasm).catch((error) => console.error(error.message));
    }, 200);
  };
  for (const sources of ['src', 'kernels/src']) watch(join(root, sources), { recursive: true }, change);
}
