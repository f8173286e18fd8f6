// Writes a build's service worker: what www/service-worker.js does, for the files of this build.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

export function writeServiceWorker(directory) {
  const source = readFileSync(join(root, 'www', 'service-worker.js'), 'utf8');
  const files = readdirSync(join(directory, 'assets')).map((name) => `assets/${name}`);
  const page = digest(readFileSync(join(directory, 'index.html')));
  const version = digest([source, page, ...files].join('\n')).slice(0, 16);
  const build = JSON.stringify({ version, page, files });
  writeFileSync(join(directory, 'service-worker.js'), `const BUILD = ${build};\n${source}`);
}

function digest(content) {
  return createHash('sha256').update(content).digest('hex');
}
