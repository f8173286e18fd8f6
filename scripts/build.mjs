// `npm run build`: leaves the site in dist/, for any web server to host under any path, and dist/hessian-lab.html, the same in one file.

import { main } from './run.mjs';
import { buildSite } from './site.mjs';
import { buildWasm } from './wasm.mjs';

await main(async () => {
  await buildWasm();
  await buildSite();
});
