// `npm run build`: leaves the site in dist/, for any web server to host under any path.

import { Failure, main, openly } from './run.mjs';
import { buildWasm } from './wasm.mjs';

await main(async () => {
  await buildWasm();
  const { code } = await openly('vite', ['build']);
  if (code !== 0) throw new Failure('The page could not be built.');
});
