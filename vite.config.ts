// Builds the page from index.html into dist/, as a site or in one file, and runs its unit tests.

import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { formulas } from './scripts/formulas.mjs';
import { moduleHandedOver, oneFile, serviceWorker, sitePolicy } from './scripts/page.mjs';

/**
 * What the page loads at once, in one chunk: many small ones compress badly. The entry stays by itself, since it waits, and what it
 * waits for must not wait for it.
 */
const firstView = { name: 'first-view', tags: ['$initial' as const], test: /^(?!.*\/(main\.ts|index\.html)$)/ };

export default defineConfig(({ mode }) => {
  const isOneFile = mode === 'one-file';
  return {
    // Relative addresses: any web server can host the page, under any path.
    base: './',
    build: {
      outDir: 'dist',
      // Baseline 2023: what the module's SIMD asks for anyway; its top-level await too.
      target: 'es2022',
      modulePreload: { polyfill: false },
      emptyOutDir: !isOneFile,
      // All or nothing: a small asset written into a script would be one that the site's policy forbids.
      assetsInlineLimit: isOneFile ? Number.MAX_SAFE_INTEGER : 0,
      cssCodeSplit: !isOneFile,
      rolldownOptions: { output: { codeSplitting: isOneFile ? false : { groups: [firstView] } } },
    },
    plugins: [
      formulas(/\/www\/lessons\/.*\.ts$/),
      moduleHandedOver(),
      ...(isOneFile ? [oneFile('hessian-lab.html')] : [sitePolicy(), serviceWorker()]),
    ],
    resolve: {
      alias: [
        { find: /^d3-interpolate$/, replacement: resolve(import.meta.dirname, 'www/charts/interpolation.ts') },
        // One file carries one lab, the full one.
        ...(isOneFile ? [{ find: /^\.\/labs\/first-view$/, replacement: './labs/full' }] : []),
      ],
    },
    // From a disk only a classic worker starts, and one build of it serves both.
    worker: { format: 'iife' as const, plugins: () => [moduleHandedOver()] },
    // Cargo writes thousands of files there, and none is part of the page.
    server: { watch: { ignored: ['**/target/**', '**/.tools/**'] } },
    test: { include: ['tests/unit/**/*.test.ts'] },
  };
});
