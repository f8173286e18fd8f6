// Times the tasks in headless Chromium, on an empty page served from this machine.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { chromium } from '@playwright/test';
import { findChromium } from '../browser.mjs';
import { root } from '../run.mjs';

const TYPES = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.html': 'text/html',
};

export async function timeInBrowser(directory, name, work) {
  const server = await serve({
    '/': () => '<!doctype html><title>bench</title>',
    '/measure.mjs': () => readFileSync(join(root, 'scripts', 'bench', 'measure.mjs')),
    [`/${name}.js`]: () => readFileSync(join(directory, `${name}.js`)),
    [`/${name}_bg.wasm`]: () => readFileSync(join(directory, `${name}_bg.wasm`)),
  });
  const args = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  const browser = await chromium.launch({ executablePath: findChromium(), args });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    return await page.evaluate(inPage, { name, work });
  } finally {
    await browser.close();
    server.close();
  }
}

async function inPage({ name, work }) {
  const [module, { timeAll }] = await Promise.all([import(`/${name}.js`), import('/measure.mjs')]);
  await module.default();
  return timeAll(module, work);
}

function serve(files) {
  const server = createServer((request, response) => {
    const file = files[request.url];
    if (!file) return response.writeHead(404).end();
    response.setHeader('content-type', TYPES[extname(request.url)] ?? TYPES['.html']);
    // Isolated pages are given a clock of 5 µs.
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('cross-origin-embedder-policy', 'require-corp');
    return response.end(file());
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
