// `npm run mutants`: breaks the numerics in one small way after another and runs the native tests on each; a change that none of them
// notices is listed. `.cargo/mutants.toml` says what is broken, and which changes cannot matter. Arguments go on to cargo mutants:
// `-- -F 'src/solve/'` for one folder, `-- --shard 0/20` for a part of it all.

import { main, openly } from './run.mjs';
import { cargoMutants } from './setup.mjs';

await main(async () => {
  await cargoMutants();
  const { code } = await openly('cargo', ['mutants', '--workspace', '--colors', 'never', ...process.argv.slice(2)]);
  process.exitCode = code;
});
