// The security policy of both builds: what it says, that the page lives within it, and that nothing foreign gets past it.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, type Page, test } from '@playwright/test';
import { Bench } from './bench';
import { drop } from './drop';

const BUILDS = { 'the site': './', 'one file': new URL('../../dist/hessian-lab.html', import.meta.url).href };
const HASH = "'sha256-[\\w+/]{43}='";

const POLICIES: Record<string, RegExp> = {
  'the site':
    /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; worker-src 'self' blob:; img-src data: blob:; base-uri 'none'; form-action 'none'$/,
  'one file': new RegExp(
    `^default-src 'none'; script-src ${HASH} 'wasm-unsafe-eval'; style-src ${HASH}; connect-src data:; worker-src blob:; img-src data: blob:; base-uri 'none'; form-action 'none'$`,
  ),
};

declare global {
  interface Window {
    violations: string[];
  }
}

/** Another host, which would answer anybody, and what it was asked. */
async function otherHost(): Promise<{ server: Server; address: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/javascript' });
    response.end('self.intruder = "from another host"');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function opened(page: Page, address: string): Promise<Bench> {
  await page.addInitScript(() => {
    window.violations = [];
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      window.violations.push(`${violatedDirective} ${blockedURI}`),
    );
  });
  await page.goto(address);
  const bench = new Bench(page);
  await bench.ready();
  return bench;
}

for (const [name, address] of Object.entries(BUILDS)) {
  test(`${name}: the policy’s text`, async ({ page }) => {
    await opened(page, address);
    const policies = page.locator('meta[http-equiv="Content-Security-Policy"]');
    await expect(policies).toHaveCount(1);
    expect(await policies.getAttribute('content')).toMatch(POLICIES[name] as RegExp);
    const before = await policies.evaluate((policy) => {
      const loads = [...document.querySelectorAll('script, style, link[rel=stylesheet]')];
      return loads.filter((load) => load.compareDocumentPosition(policy) & Node.DOCUMENT_POSITION_FOLLOWING).length;
    });
    expect(before, 'what comes before the policy is not bound by it').toBe(0);
  });

  test(`${name}: a tour of the page breaks no rule of its policy`, async ({ page }) => {
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    const bench = await opened(page, address);
    await tour(bench);
    expect(await page.evaluate(() => window.violations)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test(`${name}: nothing foreign runs, and no other host is asked`, async ({ page, browser }) => {
    const other = await otherHost();
    await opened(page, address);
    expect(await intrude(page, other.address)).toEqual([]);
    expect(await intrudeWorker(page, other.address)).toEqual([]);
    expect(await page.evaluate(() => window.violations.length)).toBeGreaterThan(5);
    expect(other.asked).toEqual([]);

    const context = await browser.newContext({ bypassCSP: true });
    const unguarded = await context.newPage();
    await opened(unguarded, new URL(address, page.url()).href);
    expect(await intrude(unguarded, other.address), 'without a policy').toEqual(
      expect.arrayContaining(['inline script', 'handler', 'script of another host', 'answer of another host']),
    );
    expect(await intrudeWorker(unguarded, other.address), 'without a policy').toContain('answer of another host');
    expect(other.asked.length).toBeGreaterThan(2);
    await context.close();
    other.server.close();
  });
}

async function tour(bench: Bench): Promise<void> {
  const { page } = bench;
  await page.getByRole('button', { name: 'Trained' }).click();
  await bench.ready();
  for (const lens of await page.getByRole('tab').all()) {
    await lens.click();
    await page.waitForTimeout(150);
  }
  await page.getByRole('tab').first().click();
  await page.getByRole('radio', { name: 'milliseconds' }).check();
  await page.getByRole('button', { name: 'Pin', exact: true }).click();
  await page.getByRole('button', { name: '1 pinned' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'own…' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Export' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'PNG' }).click();
  await download;
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Lessons', exact: true }).click();
  for (let lesson = 0; lesson < 8; lesson++) {
    await page.locator('[data-open]').nth(lesson).click();
    await page.getByRole('button', { name: 'All lessons' }).click();
  }
  await page.emulateMedia({ media: 'print' });
  await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
}

/** Tries to run and to load what is foreign; what got through. */
function intrude(page: Page, host: string): Promise<string[]> {
  return page.evaluate(async (other) => {
    const won: string[] = [];
    const state = self as unknown as { intruder?: string };
    const lead = async (name: string, attempt: () => unknown) => {
      delete state.intruder;
      try {
        if (await attempt()) state.intruder = name;
      } catch {
        // Refused.
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (state.intruder) won.push(name);
    };
    const added = <T extends HTMLElement>(made: T) => {
      document.body.append(made);
      return made;
    };
    const ended = (made: HTMLElement) =>
      new Promise<boolean>((resolve) => {
        made.addEventListener('load', () => resolve(true));
        made.addEventListener('error', () => resolve(false));
        setTimeout(resolve, 500, false);
      });
    await lead('inline script', () => {
      added(Object.assign(document.createElement('script'), { textContent: 'self.intruder = "inline"' }));
    });
    await lead('handler', () => {
      const box = added(document.createElement('div'));
      box.setAttribute('onclick', 'self.intruder = "handler"');
      box.click();
    });
    await lead('script address', () => {
      const link = added(
        Object.assign(document.createElement('a'), { href: 'javascript:void(self.intruder="address")' }),
      );
      link.click();
    });
    await lead('inline style', () => {
      added(Object.assign(document.createElement('style'), { textContent: 'body { outline: 7px solid red }' }));
      return getComputedStyle(document.body).outlineWidth === '7px';
    });
    await lead('text run as code', () => {
      setTimeout('self.intruder = "text"', 0);
    });
    await lead('script of another host', () => {
      added(Object.assign(document.createElement('script'), { src: `${other}/script.js` }));
    });
    await lead('module of another host', () => import(/* @vite-ignore */ `${other}/module.js`));
    await lead('image of another host', () =>
      ended(added(Object.assign(document.createElement('img'), { src: `${other}/image` }))),
    );
    await lead('answer of another host', async () => (await fetch(`${other}/fetch`)).ok);
    await lead('word to another host', () => navigator.sendBeacon(`${other}/beacon`) && false);
    await lead('frame', () => {
      added(Object.assign(document.createElement('iframe'), { src: `${other}/frame` }));
    });
    await lead('worker of another host', () => new Worker(`${other}/worker.js`) && false);
    return won;
  }, host);
}

/** The same in a worker, which has no policy of its own. */
async function intrudeWorker(page: Page, host: string): Promise<string[]> {
  const worker = page.workers()[0];
  if (!worker) throw new Error('there is no worker');
  return worker.evaluate(async (other) => {
    const won: string[] = [];
    const attempts: Record<string, () => unknown> = {
      'answer of another host': () => fetch(`${other}/from-worker`),
      'script of another host': () =>
        (self as unknown as { importScripts(address: string): void }).importScripts(`${other}/from-worker.js`),
      // Later, as nothing that a debugger calls is bound by a policy.
      'text run as code': () =>
        new Promise((resolve, reject) =>
          setTimeout(() => {
            try {
              resolve(new Function('return 1')());
            } catch (error) {
              reject(error);
            }
          }),
        ),
    };
    for (const [name, attempt] of Object.entries(attempts))
      try {
        await attempt();
        won.push(name);
      } catch {
        // Refused.
      }
    return won;
  }, host);
}

const MARKUP = '<img src=x onerror="window.intruder=1">';
const FILES: Record<string, { name: string; text: string; says: string }> = {
  'a column’s name': {
    name: 'data.csv',
    text: `${MARKUP.replaceAll('"', '')},y\n1,oops`,
    says: 'row 2, column 2 (y): “oops” is not a number',
  },
  'a column’s name that is told': {
    name: 'data.csv',
    text: `x,<img src=x onerror=x()>\n1,oops`,
    says: '(<img src=x onerror=x()>)',
  },
  'a cell': { name: 'data.csv', text: `x,y\n1,<img src=x onerror=x()>`, says: '“<img src=x onerror=x()>”' },
  'a file’s name': { name: `${MARKUP.slice(0, 40)}.csv`, text: 'x,y\n1,oops', says: '<img src=x onerror=' },
  'a weight’s name': {
    name: 'weights.json',
    text: JSON.stringify({ [MARKUP]: ['no number'] }),
    says: '<img src=x onerror=',
  },
  'JSON that is none': { name: 'weights.json', text: MARKUP, says: 'this is not JSON' },
  'an Experiment’s words': {
    name: 'experiment.json',
    text: JSON.stringify({ network: { layers: [2, 3, 1], activation: MARKUP } }),
    says: 'activation: “<img src=x onerror=',
  },
  'an Experiment’s data': {
    name: 'experiment.json',
    text: JSON.stringify({ network: { layers: [2, 3, 1] }, data: { inputs: [[MARKUP, 1]], targets: [[1]] } }),
    says: 'Inputs of your own data, row 1, column 1',
  },
};

for (const [what, { name, text, says }] of Object.entries(FILES))
  test(`${what} is text, whatever is in it`, async ({ page }) => {
    await opened(page, './');
    await drop(page, name, text);
    await expect(page.getByRole('alert').first()).toContainText(says);
    await assertNoMarkup(page);
  });

for (const part of ['layers', 'activation', 'seed', 'hide', 'own', 'lens', 'lesson', 'back', 'pins', 'spared', 'use'])
  for (const place of ['#', '?'])
    test(`${place}${part}= is text, whatever is in it`, async ({ page }) => {
      await opened(page, `./${place}${part}=${encodeURIComponent(MARKUP)}`);
      await expect(page.getByRole('alert').first()).toBeVisible();
      await assertNoMarkup(page);
    });

async function assertNoMarkup(page: Page): Promise<void> {
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.evaluate(() => [window.violations, 'intruder' in window])).toEqual([[], false]);
}
