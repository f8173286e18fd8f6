// Builds the page from index.html into dist/, and runs its unit tests.

import { defineConfig } from 'vitest/config';
import { formulas } from './scripts/formulas.mjs';

export default defineConfig({
  // Relative addresses: any web server can host the page, under any path.
  base: './',
  plugins: [formulas(/\/www\/lessons\/.*\.ts$/)],
  build: { outDir: 'dist' },
  worker: { format: 'es' },
  // Cargo writes thousands of files there, and none is part of the page.
  server: { watch: { ignored: ['**/target/**', '**/.tools/**'] } },
  test: { include: ['tests/unit/**/*.test.ts'] },
});
