// Once visited, the site opens without a network; a newer build takes the place of the older one as a whole.

import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { writeServiceWorker } from '../../scripts/offline.mjs';
import { Bench } from './bench';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};
const NEWER = 'The newer build';

/** A host of one directory at a time, under a path of its own. */
class Host {
  directory: string;
  readonly asked: string[] = [];
  readonly #server: Server;

  constructor(directory: string) {
    this.directory = directory;
    this.#server = createServer(({ url }, response) => {
      const name = (url ?? '').replace('/lab/', '').replace(/\?.*/, '') || 'index.html';
      this.asked.push(name);
      const file = join(this.directory, name);
      if (!existsSync(file)) return response.writeHead(404).end();
      response.setHeader('content-type', TYPES[extname(name)] ?? 'text/plain');
      return response.end(readFileSync(file));
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/lab/`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** The same build under other names and another title, as a new deployment would have it. */
function newerBuild(directory: string): string {
  cpSync(join(DIST, 'index.html'), join(directory, 'index.html'), { recursive: true });
  const names = readdirSync(join(DIST, 'assets'));
  const renamed = (text: string) => names.reduce((all, name) => all.replaceAll(name, newName(name)), text);
  for (const name of names) {
    const to = join(directory, 'assets', newName(name));
    cpSync(join(DIST, 'assets', name), to);
    if (!name.endsWith('.wasm')) writeFileSync(to, renamed(readFileSync(to, 'utf8')));
  }
  const page = readFileSync(join(directory, 'index.html'), 'utf8');
  writeFileSync(join(directory, 'index.html'), renamed(page).replace(/<title>[^<]*/, `<title>${NEWER}`));
  writeServiceWorker(directory);
  return directory;
}

function newName(name: string): string {
  return name.replace(/(\.\w+)$/, '-newer$1');
}

async function visited(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(address);
  await new Bench(page).ready();
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller)
      await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
  });
  return page;
}

/** The newer build is all there, and waits. */
async function newerWaits(page: Page): Promise<void> {
  const waits = () =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting?.state === 'installed');
  await expect.poll(waits, { timeout: 20_000 }).toBe(true);
}

/** What this document has loaded of the site. */
function loaded(page: Page): Promise<string[]> {
  return page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name.replace(/.*\/lab\//, '')));
}

async function openLens(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Error by eigenvector' }).click();
  await expect(page.locator('.lens-sentence')).not.toBeEmpty();
}

test('without a network the site opens, with all that is loaded when it is opened', async ({ context }) => {
  const host = new Host(DIST);
  const address = await host.start();
  const page = await visited(context, `${address}#damping=0.7`);
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  await context.setOffline(true);
  host.close();
  await page.reload();
  const bench = new Bench(page);
  await bench.ready();
  await expect(bench.row('cg')).toContainText('converged');
  await openLens(page);
  await page.evaluate(() => {
    location.hash = 'train=3';
  });
  await expect(page.locator('#problem-summary')).toContainText('trained to');
  await page.getByRole('button', { name: 'Export' }).click();
  await expect(page.getByRole('button', { name: 'PyTorch script' })).toBeVisible();
  const another = await context.newPage();
  await another.goto(`${address}?from=elsewhere#iterations=7`);
  await new Bench(another).ready();
  await expect(new Bench(another).slider('Iterations')).toHaveValue('7');
  expect(complaints).toEqual([]);
});

test('nothing is kept before the first picture is there', async ({ context }) => {
  const host = new Host(DIST);
  const page = await context.newPage();
  await page.goto(await host.start());
  await new Bench(page).ready();
  expect(host.asked).not.toContain('service-worker.js');
  host.close();
});

test('a newer build takes over as a whole, and not under the eyes of another tab', async ({ context }, testInfo) => {
  const host = new Host(DIST);
  const address = await host.start();
  const page = await visited(context, `${address}#damping=0.7`);
  const other = await visited(context, address);
  host.directory = newerBuild(testInfo.outputPath('newer'));
  await page.reload();
  await newerWaits(page);

  // Two tabs: the older build stays, whole, though the host no longer has its files.
  await page.reload();
  await new Bench(page).ready();
  await expect(page).not.toHaveTitle(NEWER);
  await openLens(page);
  expect((await loaded(page)).filter((name) => name.includes('-newer'))).toEqual([]);

  // One tab: the newer one, whole, where the reader was.
  await other.close();
  await page.goto(`${address}?again#damping=0.7`);
  await expect(page).toHaveTitle(NEWER);
  const bench = new Bench(page);
  await bench.ready();
  await expect(bench.row('cg')).toContainText('converged');
  await openLens(page);
  const assets = (await loaded(page)).filter((name) => name.startsWith('assets/'));
  expect(assets.length).toBeGreaterThan(5);
  expect(assets.filter((name) => !name.includes('-newer'))).toEqual([]);
  expect(await page.evaluate(async () => (await caches.keys()).length)).toBe(1);
  host.close();
});

test('a build that is only half there takes the place of none', async ({ context }, testInfo) => {
  const host = new Host(DIST);
  const address = await host.start();
  const page = await visited(context, address);
  const newer = newerBuild(testInfo.outputPath('newer'));
  writeFileSync(join(newer, 'index.html'), readFileSync(join(DIST, 'index.html')));
  host.directory = newer;
  const ended = await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    const newWorker = new Promise<ServiceWorker | null>((resolve) =>
      registration?.addEventListener('updatefound', () => resolve(registration.installing)),
    );
    await registration?.update();
    const worker = await newWorker;
    while (worker?.state === 'installing') await new Promise((resolve) => setTimeout(resolve, 50));
    return worker?.state;
  });
  expect(ended).toBe('redundant');
  await page.reload();
  await new Bench(page).ready();
  await openLens(page);
  host.close();
});
