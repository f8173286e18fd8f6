// Builds the page from index.html into dist/, as a site or in one file, and runs its unit tests.

import { defineConfig } from 'vitest/config';
import { formulas } from './scripts/formulas.mjs';
import { moduleHandedOver, oneFile, serviceWorker, sitePolicy } from './scripts/page.mjs';

export default defineConfig(({ mode }) => {
  const isOneFile = mode === 'one-file';
  return {
    // Relative addresses: any web server can host the page, under any path.
    base: './',
    build: {
      outDir: 'dist',
      // Baseline 2023: what the module's SIMD asks for anyway; its top-level await too.
      target: 'es2022',
      emptyOutDir: !isOneFile,
      // All or nothing: a small asset written into a script would be one that the site's policy forbids.
      assetsInlineLimit: isOneFile ? Number.MAX_SAFE_INTEGER : 0,
      cssCodeSplit: !isOneFile,
      ...(isOneFile && { rollupOptions: { output: { codeSplitting: false } } }),
    },
    plugins: [
      formulas(/\/www\/lessons\/.*\.ts$/),
      moduleHandedOver(),
      ...(isOneFile ? [oneFile('hessian-lab.html')] : [sitePolicy(), serviceWorker()]),
    ],
    // One file carries one lab, the full one.
    ...(isOneFile && { resolve: { alias: [{ find: /^\.\/labs\/first-view$/, replacement: './labs/full' }] } }),
    // From a disk only a classic worker starts, and one build of it serves both.
    worker: { format: 'iife' as const, plugins: () => [moduleHandedOver()] },
    // Cargo writes thousands of files there, and none is part of the page.
    server: { watch: { ignored: ['**/target/**', '**/.tools/**'] } },
    test: { include: ['tests/unit/**/*.test.ts'] },
  };
});
