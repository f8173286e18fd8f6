// Serves what was made here, and files of some folders, to browsers on this machine.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};
/** Isolated pages are given a clock of 5 µs, and are told what they and their workers hold. */
export const ISOLATED = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

/** `made`: contents by path, of the kind that the path's ending tells, or else a page; `folders`: by the path that they are under. */
export async function serve(made, folders, headers = {}) {
  const server = createServer(({ url }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const [name, content] = pathname in made ? [pathname, made[pathname]] : fileAt(pathname, folders);
    if (content === undefined) return response.writeHead(404).end();
    const type = TYPES[extname(name) || '.html'] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, ...headers });
    return response.end(content);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

function fileAt(pathname, folders) {
  const path = normalize(decodeURIComponent(pathname));
  const under = Object.keys(folders).find((prefix) => path.startsWith(prefix));
  if (under === undefined) return [];
  const file = join(folders[under], path.slice(under.length) || 'index.html');
  return existsSync(file) && statSync(file).isFile() ? [file, readFileSync(file)] : [];
}
