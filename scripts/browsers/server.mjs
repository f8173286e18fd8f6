// Serves the built site, and an empty page on which the modules themselves can be asked.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { root } from '../run.mjs';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};
const FOLDERS = { site: 'dist', pkg: 'pkg', browsers: 'scripts/browsers' };

const PAGE = `<!doctype html><title>modules</title><script type="module">
  import { digests } from '/browsers/digests.mjs';
  globalThis.digests = async () => {
    const modules = await Promise.all(['hessian_lab', 'first_view'].map((name) => import('/pkg/' + name + '.js')));
    for (const module of modules) await module.default();
    return digests(modules, await (await fetch('/experiments.json')).json());
  };
</script>`;

/** The site under /site/, the empty page at the root, all of it with these headers. */
export async function serve(experiments, headers = {}) {
  const made = { '/': ['.html', PAGE], '/experiments.json': ['.json', JSON.stringify(experiments)] };
  const server = createServer(({ url }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const [type, content] = made[pathname] ?? fileAt(pathname);
    if (content === undefined) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': TYPES[type] ?? 'application/octet-stream', ...headers });
    return response.end(content);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

function fileAt(pathname) {
  const [folder, ...path] = normalize(decodeURIComponent(pathname)).split('/').slice(1);
  const file = join(root, FOLDERS[folder] ?? '', path.join('/') || 'index.html');
  if (!FOLDERS[folder] || !existsSync(file) || !statSync(file).isFile()) return [];
  return [extname(file), readFileSync(file)];
}
