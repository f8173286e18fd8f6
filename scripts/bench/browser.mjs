// Headless Chromium and pages served to it from this machine: the tasks are timed on an empty one.

import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium } from '@playwright/test';
import { findChromium } from '../browser.mjs';
import { root } from '../run.mjs';

const TYPES = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.css': 'text/css',
  '.html': 'text/html',
};

export async function timeInBrowser(directory, name, work) {
  const own = {
    '/': () => '<!doctype html><title>bench</title>',
    '/measure.mjs': () => readFileSync(join(root, 'scripts', 'bench', 'measure.mjs')),
  };
  const server = await serve(own, directory);
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    return await page.evaluate(inPage, { name, work });
  } finally {
    await browser.close();
    server.close();
  }
}

export function launch() {
  const args = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  return chromium.launch({ executablePath: findChromium(), args });
}

async function inPage({ name, work }) {
  const [module, { timeAll }] = await Promise.all([import(`/${name}.js`), import('/measure.mjs')]);
  await module.default();
  return timeAll(module, work);
}

/** Serves what `files` makes by path, and beside it the files of a directory. */
export function serve(files, directory) {
  const server = createServer((request, response) => {
    const file = files[request.url] ?? inDirectory(directory, request.url);
    if (!file) return response.writeHead(404).end();
    response.setHeader('content-type', TYPES[extname(request.url)] ?? TYPES['.html']);
    // Isolated pages are given a clock of 5 µs.
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('cross-origin-embedder-policy', 'require-corp');
    return response.end(file());
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function inDirectory(directory, url) {
  const path = directory && normalize(join(directory, url === '/' ? 'index.html' : url));
  return path?.startsWith(directory) && existsSync(path) && (() => readFileSync(path));
}
