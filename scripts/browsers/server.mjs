// The built site under /site/, and at the root an empty page on which the modules themselves can be asked.

import { join } from 'node:path';
import { root } from '../run.mjs';
import { serve } from '../serve.mjs';

const FOLDERS = { '/site/': 'dist', '/pkg/': 'pkg', '/browsers/': 'scripts/browsers' };

const PAGE = `<!doctype html><title>modules</title><script type="module">
  import { digests } from '/browsers/digests.mjs';
  globalThis.digests = async () => {
    const modules = await Promise.all(['hessian_lab', 'first_view'].map((name) => import('/pkg/' + name + '.js')));
    for (const module of modules) await module.default();
    return digests(modules, await (await fetch('/experiments.json')).json());
  };
</script>`;

export function serveModules(experiments) {
  const made = { '/': PAGE, '/experiments.json': JSON.stringify(experiments) };
  const folders = Object.entries(FOLDERS).map(([prefix, folder]) => [prefix, join(root, folder)]);
  return serve(made, Object.fromEntries(folders));
}
