// The end-to-end tests: Chromium on the built site, served under a path of its own as a stranger's web server might.

import { defineConfig } from '@playwright/test';
import { findChromium, QUIET } from './scripts/browser.mjs';
import { freePort } from './scripts/free-port.mjs';

/** Chosen once by the runner; its workers read this file too, and find the choice in the environment. */
process.env.E2E_PORT ??= String(await freePort());
const address = `http://127.0.0.1:${process.env.E2E_PORT}/some/path/`;

const executablePath = findChromium();

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  snapshotPathTemplate: 'tests/e2e/snapshots/{arg}{ext}',
  // Four times the usual: a machine with two busy cores is slow, not wrong.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
  forbidOnly: Boolean(process.env.CI),
  use: {
    baseURL: address,
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath && { executablePath }),
      args: QUIET,
    },
  },
  webServer: {
    command: `vite preview --host 127.0.0.1 --port ${process.env.E2E_PORT} --strictPort --base /some/path/`,
    url: address,
    reuseExistingServer: false,
  },
});
