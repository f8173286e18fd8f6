// Vite's part in the page: its security policies, and the same page as one file.

import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { writeServiceWorker } from './offline.mjs';

/** What the site may do: its own scripts and styles, its module, workers from its own text, and its service worker. */
const SITE = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  'img-src data: blob:',
  "base-uri 'none'",
  "form-action 'none'",
];

/** Bindings would look for their module beside themselves; the page hands it to them, so that nothing is looked for. */
export const moduleHandedOver = () => ({
  name: 'module-handed-over',
  transform(code, id) {
    const name = /\/pkg\/(\w+)\.js$/.exec(id)?.[1];
    return name && { code: code.replace(`new URL('${name}_bg.wasm', import.meta.url)`, 'undefined'), map: null };
  },
});

export const sitePolicy = () => ({
  name: 'site-policy',
  apply: 'build',
  transformIndexHtml: () => [policyTag(SITE)],
});

/** Once all of the site is written, and only then: a build that failed leaves nothing to list, and its own error to read. */
export const serviceWorker = () => {
  let directory = '';
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved({ root, build }) {
      directory = resolve(root, build.outDir);
    },
    writeBundle: () => writeServiceWorker(directory),
  };
};

/** Puts scripts, styles and the module into the page itself, which then asks nobody for anything, from a disk too. */
export const oneFile = (fileName) => ({
  name: 'one-file',
  enforce: 'post',
  // After Vite's own, which finishes the scripts there.
  generateBundle: { order: 'post', handler: joinFiles(fileName) },
});

function joinFiles(fileName) {
  return function (_, bundle) {
    const files = Object.values(bundle);
    const html = String(files.find((file) => file.fileName === 'index.html').source);
    const script = safeInScript(files.find((file) => file.type === 'chunk' && file.isEntry).code);
    const styles = files.filter((file) => file.fileName.endsWith('.css'));
    const style = styles.map((file) => String(file.source)).join('\n');
    for (const file of files) delete bundle[file.fileName];
    this.emitFile({ type: 'asset', fileName, source: joined(html, script, style) });
  };
}

function joined(html, script, style) {
  const policy = [
    "default-src 'none'",
    `script-src '${hash(script)}' 'wasm-unsafe-eval'`,
    `style-src '${hash(style)}'`,
    'connect-src data:',
    'worker-src blob:',
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ];
  const bare = html.replaceAll(/<(script|link)[^>]*(src|href)="\.\/assets\/[^>]*>(<\/script>)?\s*/g, '');
  const head = `<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
    <style>${style}</style>
    <script type="module">${script}</script>`;
  // By functions, so that a dollar sign in a script stays one.
  return bare.replace(/<meta charset[^>]*>/, (charset) => `${charset}\n    ${head}`);
}

function policyTag(policy) {
  const attrs = { 'http-equiv': 'Content-Security-Policy', content: policy.join('; ') };
  return { tag: 'meta', attrs, injectTo: 'head-prepend' };
}

function hash(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** What would end a script element, or begin a comment in it, written so that it does not. */
function safeInScript(code) {
  return code.replaceAll(/<(?=\/script|!--)/gi, '\\x3C');
}
