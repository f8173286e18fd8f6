// The site's build: when it fails, it says why.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { build } from 'vite';
import { serviceWorker } from '../../scripts/page.mjs';

const root = mkdtempSync(join(tmpdir(), 'hessian-lab-site-'));
after(() => rmSync(root, { recursive: true }));

function buildOf(script) {
  writeFileSync(join(root, 'index.html'), '<script type="module" src="./main.js"></script>');
  writeFileSync(join(root, 'main.js'), script);
  return build({ root, base: './', configFile: false, logLevel: 'silent', plugins: [serviceWorker()] });
}

test('a build that fails tells its own error', async () => {
  await assert.rejects(buildOf("import './missing.js';"), /missing\.js/);
});

test('a build that succeeds lists its files for the service worker', async () => {
  await buildOf("document.title = 'built';");
  assert.match(readFileSync(join(root, 'dist', 'service-worker.js'), 'utf8'), /"files":\["assets\/index-[^"]+\.js"\]/);
});
