// The end-to-end tests: Chromium on the built site, served under a path of its own as a stranger's web server might.

import { createServer } from 'node:net';
import { defineConfig } from '@playwright/test';
import { findChromium } from './scripts/browser.mjs';

/** Chosen once by the runner; its workers read this file too, and find the choice in the environment. */
process.env.E2E_PORT ??= String(await freePort());
const address = `http://127.0.0.1:${process.env.E2E_PORT}/some/path/`;

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const bound = server.address();
      server.close(() => resolve(typeof bound === 'object' && bound ? bound.port : 0));
    });
  });
}

const executablePath = findChromium();

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  snapshotPathTemplate: 'tests/e2e/snapshots/{arg}{ext}',
  // Twice the usual: a machine with two busy cores is slow, not wrong.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  forbidOnly: Boolean(process.env.CI),
  use: {
    baseURL: address,
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath && { executablePath }),
      args: ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
    },
  },
  webServer: {
    command: `vite preview --host 127.0.0.1 --port ${process.env.E2E_PORT} --strictPort --base /some/path/`,
    url: address,
    reuseExistingServer: false,
  },
});
