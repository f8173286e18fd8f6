// Headless Chromium and pages served to it from this machine: the tasks are timed on an empty one.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { findChromium, QUIET } from '../browser.mjs';
import { root } from '../run.mjs';
import { ISOLATED, serve } from '../serve.mjs';

export async function timeInBrowser(directory, name, work) {
  const made = {
    '/': '<!doctype html><title>bench</title>',
    '/measure.mjs': readFileSync(join(root, 'scripts', 'bench', 'measure.mjs')),
  };
  const server = await serveIsolated(made, directory);
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(`${server.address}/`);
    return await page.evaluate(inPage, { name, work });
  } finally {
    await browser.close();
    server.close();
  }
}

export function launch() {
  return chromium.launch({ executablePath: findChromium(), args: QUIET });
}

async function inPage({ name, work }) {
  const [module, { timeAll }] = await Promise.all([import(`/${name}.js`), import('/measure.mjs')]);
  await module.default();
  return timeAll(module, work);
}

/** What was made, and beside it the files of a directory. */
export function serveIsolated(made, directory) {
  return serve(made, { '/': directory }, ISOLATED);
}
