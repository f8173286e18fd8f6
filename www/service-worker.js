// Keeps the built site for when there is no network: all the files of one build together, and never those of two.
// The build writes BUILD before this: its version, the names of its files, and the digest of its page, which alone has no
// digest in its name.

const CACHE_PREFIX = `hessian-lab ${registration.scope} `;
const CACHE = CACHE_PREFIX + BUILD.version;
const PAGE = 'index.html';

addEventListener('install', (event) => event.waitUntil(keepAll()));
addEventListener('activate', (event) => event.waitUntil(takeOver()));
addEventListener('fetch', (event) => {
  const file = fileOf(event.request);
  if (file) event.respondWith(answer(event.request, file));
});
addEventListener('message', (event) => {
  if (event.data === 'am I alone?') event.waitUntil(tellWhetherAlone(event.source, event.ports[0]));
  if (event.data === 'take over') void skipWaiting();
});

/** All or nothing: where a file is missing, or the page is of another build, the build before stays. */
async function keepAll() {
  const cache = await caches.open(CACHE);
  const page = await fetch(PAGE, { cache: 'reload' });
  if ((await digestOf(page.clone())) !== BUILD.page) throw new Error('the page is of another build');
  await cache.put(PAGE, page);
  await cache.addAll(BUILD.files);
}

async function digestOf(response) {
  const bytes = await crypto.subtle.digest('SHA-256', await response.arrayBuffer());
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function takeOver() {
  const older = (await caches.keys()).filter((name) => name.startsWith(CACHE_PREFIX) && name !== CACHE);
  await Promise.all(older.map((name) => caches.delete(name)));
  await clients.claim();
}

/** The build's file that is asked for; whatever else there is, the network answers. */
function fileOf({ method, url }) {
  const { origin, pathname } = new URL(url);
  const { origin: ours, pathname: folder } = new URL(registration.scope);
  if (method !== 'GET' || origin !== ours || !pathname.startsWith(folder)) return null;
  const name = pathname.slice(folder.length) || PAGE;
  return name === PAGE || BUILD.files.includes(name) ? name : null;
}

async function answer(request, file) {
  const cache = await caches.open(CACHE);
  return (await cache.match(file)) ?? fetch(request);
}

/** Whether no other tab than the one that asks shows this build, so that a newer one may take its place. */
async function tellWhetherAlone(asking, port) {
  const others = (await clients.matchAll()).filter(({ id }) => id !== asking.id);
  port.postMessage(others.length === 0);
}
