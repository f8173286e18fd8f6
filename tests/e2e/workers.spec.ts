// Workers that panic, die, hang, run out of memory or never load: the page says so, keeps its picture and goes on.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { Bench } from './bench';
import { withLittleMemory, withPanic } from './module';

const ASSETS = new URL('../../dist/assets/', import.meta.url);
const FIRST_MODULE = '**/first_view_bg*.wasm';
const FULL_MODULE = '**/hessian_lab_bg*.wasm';
const FIRST_FILE = /^first_view_bg.*\.wasm$/;
const FULL_FILE = /^hessian_lab_bg.*\.wasm$/;

type Fate = 'lives' | 'dies' | 'dies once';

declare global {
  interface Window {
    fate: Fate;
  }
}

/** Workers, from now on, die of the next question that they are asked. */
async function decide(page: Page, fate: Fate): Promise<void> {
  await page.evaluate((next) => {
    window.fate = next;
  }, fate);
}

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    window.fate = 'lives';
    window.Worker = class extends Worker {
      readonly #alive = new Promise<void>((resolve) => {
        this.addEventListener('message', ({ data }) => data.outcome === 'alive' && resolve());
      });

      override postMessage(message: object): void {
        if (!('id' in message) || window.fate === 'lives') {
          super.postMessage(message);
          return;
        }
        if (window.fate === 'dies once') window.fate = 'lives';
        void this.#alive.then(() => this.terminate());
      }
    };
  });
});

async function opened(page: Page, address = ''): Promise<Bench> {
  const bench = new Bench(page);
  await bench.open(address);
  return bench;
}

const notice = (page: Page) => page.getByRole('alert');
const silence = (page: Page) => page.getByRole('status');
const tryAgain = (page: Page) => page.getByRole('button', { name: 'Try again' });
const state = (page: Page) => page.locator('html');

async function assertGoesOn(bench: Bench): Promise<void> {
  await bench.type('K', '7');
  await expect.poll(async () => (await bench.numbers('cg')).products).toBe(8);
  await bench.type('λ', '0.9');
  await expect(bench.row('exact')).toBeVisible();
}

async function setDamping(bench: Bench, value: string): Promise<void> {
  const field = bench.page.getByRole('spinbutton', { name: 'λ, as a number' });
  await field.fill(value);
  await field.press('Enter');
}

test('a worker that dies while nothing is asked of it is replaced without a word', async ({ page }) => {
  const bench = await opened(page);
  const [worker] = page.workers();
  const replaced = page.waitForEvent('worker');
  await worker?.evaluate(() => self.close()).catch(() => undefined);
  await replaced;
  await assertGoesOn(bench);
  await expect(notice(page)).toBeHidden();
});

test('a worker that dies of a question is started again and asked again, and the page says so', async ({ page }) => {
  const bench = await opened(page);
  await decide(page, 'dies once');
  await setDamping(bench, '0.6');
  await expect(notice(page)).toContainText('its worker ended. It has been started again.');
  await expect(bench.row('cg')).toContainText('converged');
  await bench.ready();
  await assertGoesOn(bench);
});

test('a question that no worker survives is given up, the picture stays, and the reader may try again', async ({
  page,
}) => {
  const bench = await opened(page);
  const before = await bench.numbers('cg');
  await decide(page, 'dies');
  await setDamping(bench, '0.6');
  await expect(state(page)).toHaveAttribute('data-state', 'failed');
  await expect(notice(page)).toContainText('The calculation stopped: its worker ended.');
  expect(await bench.numbers('cg')).toEqual(before);
  await decide(page, 'lives');
  await tryAgain(page).click();
  await bench.ready();
  await expect(notice(page)).toBeHidden();
  await expect(bench.row('cg')).toContainText('converged');
  await assertGoesOn(bench);
});

test('a worker that hangs is told of, and stopped by a press', async ({ page }) => {
  const bench = await opened(page);
  const before = await bench.numbers('cg');
  void page
    .workers()[0]
    ?.evaluate(() => {
      for (;;);
    })
    .catch(() => undefined);
  await setDamping(bench, '0.6');
  await expect(state(page)).toHaveAttribute('data-state', 'computing');
  await expect(silence(page)).toContainText('No answer for 10 seconds', { timeout: 20_000 });
  expect(await bench.numbers('cg')).toEqual(before);
  await page.getByRole('button', { name: 'Stop it' }).press('Enter');
  await expect(notice(page)).toContainText('The calculation stopped: it gave no answer, and was ended.');
  await expect(silence(page)).not.toContainText('No answer');
  await expect(tryAgain(page)).toBeFocused();
  await tryAgain(page).press('Enter');
  await bench.ready();
  await assertGoesOn(bench);
});

test('long work is told of and not ended', async ({ page }) => {
  const bench = await opened(page);
  const workers = page.workers();
  void workers[0]?.evaluate(() => {
    const end = performance.now() + 13_000;
    while (performance.now() < end);
  });
  await setDamping(bench, '0.6');
  await expect(silence(page)).toContainText('No answer for 10 seconds', { timeout: 20_000 });
  await bench.ready();
  await expect(silence(page)).not.toContainText('No answer');
  await expect(notice(page)).toBeHidden();
  await expect(bench.row('cg')).toContainText('converged');
  expect(page.workers()).toEqual(workers);
});

test('a worker that hangs is ended by the next change', async ({ page }) => {
  const bench = await opened(page);
  void page
    .workers()[0]
    ?.evaluate(() => {
      for (;;);
    })
    .catch(() => undefined);
  await setDamping(bench, '0.6');
  await setDamping(bench, '0.7');
  await bench.ready();
  await expect(bench.row('cg')).toContainText('converged');
});

const file = (name: RegExp) =>
  readFileSync(new URL(readdirSync(ASSETS).find((asset) => name.test(asset)) ?? '', ASSETS));

const serveInstead = (page: Page, address: string, body: Buffer) =>
  page.route(address, (route) => route.fulfill({ body, contentType: 'application/wasm' }));

async function follow(page: Page, hash: string): Promise<void> {
  await page.evaluate((next) => {
    location.hash = next;
  }, hash);
}

for (const [what, module, name, address] of [
  ['first view’s', FIRST_MODULE, FIRST_FILE, ''],
  ['full', FULL_MODULE, FULL_FILE, 'precision=float64'],
] as const)
  test(`a panic in the ${what} module: the page says so, its picture stays, and a new worker answers`, async ({
    page,
  }) => {
    await serveInstead(page, module, withPanic(file(name), 'lab_solve', 1));
    const bench = await opened(page, `#${address}`);
    const before = await bench.numbers('cg');
    const old = page.workers();
    await follow(page, `${address}&damping=0.6`);
    await expect(notice(page)).toContainText('The calculation stopped: the numerics broke down (unreachable).');
    await expect(state(page)).toHaveAttribute('data-state', 'failed');
    expect(await bench.numbers('cg')).toEqual(before);
    await follow(page, `${address}&damping=0.7`);
    await bench.ready();
    await expect(notice(page)).toBeHidden();
    await expect(bench.row('cg')).toContainText('converged');
    expect(page.workers().filter((worker) => old.includes(worker))).toEqual([]);
  });

/** Holds the Damping slider and moves it; whether each move was answered at once, which is what the page's own module does. */
function moveDamping(page: Page, moves: number): Promise<boolean[]> {
  return page.evaluate(async (count) => {
    const range = document.querySelector<HTMLInputElement>('#damping-range');
    const atOnce: boolean[] = [];
    for (let move = 1; range && move <= count; move++) {
      range.value = String((Number(range.max) * (move + 1)) / (count + 1));
      range.dispatchEvent(new Event('input', { bubbles: true }));
      atOnce.push(document.documentElement.dataset['state'] === 'ready');
      await new Promise(requestAnimationFrame);
    }
    range?.dispatchEvent(new Event('change', { bubbles: true }));
    return atOnce;
  }, moves);
}

test('a panic in the page’s own module: the worker answers in its place', async ({ page }) => {
  // More than the workers are asked, of which each has a count of its own, and than the page's own module is by rehearsals.
  const calls = 300;
  await serveInstead(page, FULL_MODULE, withPanic(file(FULL_FILE), 'lab_solve', calls));
  const bench = await opened(page, '#precision=float64');
  await expect.poll(async () => (await moveDamping(page, 3)).at(-1)).toBe(true);
  await moveDamping(page, 1.5 * calls);
  const after = await moveDamping(page, 5);
  expect(after).toEqual(after.map(() => false));
  await bench.ready();
  await expect(notice(page)).toBeHidden();
  await expect(bench.row('cg')).toContainText('converged');
  await assertGoesOn(bench);
});

test('a module that runs out of memory stops, the picture stays, and what is smaller goes on', async ({ page }) => {
  await serveInstead(page, FIRST_MODULE, withLittleMemory(file(FIRST_FILE), 4e6));
  const bench = await opened(page);
  const before = await bench.numbers('cg');
  await follow(page, 'layers=20-40-1&samples=100');
  await expect(notice(page)).toContainText('The calculation stopped: ');
  await expect(state(page)).toHaveAttribute('data-state', 'failed');
  expect(await bench.numbers('cg')).toEqual(before);
  await page.getByRole('button', { name: 'Damped' }).click();
  await bench.ready();
  await expect(notice(page)).toBeHidden();
  await expect(bench.row('cg')).toContainText('converged');
});

test('a module that is cut off is not the end either', async ({ page }) => {
  await serveInstead(page, FIRST_MODULE, file(FIRST_FILE).subarray(0, 10_000));
  await page.goto('./');
  await expect(notice(page)).toContainText('The calculation stopped: the numerics did not load (');
  await page.unroute(FIRST_MODULE);
  await tryAgain(page).click();
  await assertGoesOn(new Bench(page));
});

test('a file that fails once is asked for again', async ({ page }) => {
  let asked = 0;
  await page.route(FIRST_MODULE, (route) => (asked++ === 0 ? route.abort() : route.continue()));
  const bench = await opened(page);
  await expect(notice(page)).toContainText('It has been started again.');
  expect(asked).toBe(2);
  await assertGoesOn(bench);
});

for (const [what, files] of [
  ['module', FULL_MODULE],
  ['script', '**/full-*.js'],
] as const)
  test(`where the full lab’s ${what} does not load, the page says so and asks again`, async ({ page }) => {
    await page.route(files, (route) => route.abort());
    const bench = await opened(page);
    const before = await bench.numbers('cg');
    await follow(page, 'train=3');
    await expect(notice(page)).toContainText('The calculation stopped: the numerics did not load (');
    expect(await bench.numbers('cg')).toEqual(before);
    await page.unroute(files);
    await tryAgain(page).click();
    await bench.ready();
    await expect(bench.page.locator('#problem-summary')).toContainText('trained to');
  });

test('a module that never comes is told of, and asked for anew', async ({ page }) => {
  let comes = false;
  await page.route(FIRST_MODULE, (route) => (comes ? route.continue() : undefined));
  await page.goto('./');
  await expect(silence(page)).toContainText('No answer for 10 seconds', { timeout: 20_000 });
  comes = true;
  await page.getByRole('button', { name: 'Stop it' }).click();
  await tryAgain(page).click();
  await assertGoesOn(new Bench(page));
});

test('a page whose script does not come says so in time', async ({ page }) => {
  await page.route('**/assets/index-*.js', (route) => route.abort());
  await page.goto('./');
  const message = page.getByText('The page’s script has not started.');
  await expect(message).toBeHidden();
  await expect(message).toBeVisible({ timeout: 20_000 });
});

test('what is loaded when it is wanted says so where it does not come, and comes at the next press', async ({
  page,
}) => {
  await opened(page);
  const cut = () => page.route('**/assets/**', (route) => route.abort());
  const mend = () => page.unroute('**/assets/**');
  for (const [name, shown] of [
    ['Export', page.getByRole('dialog', { name: 'Export' })],
    ['Lessons', page.locator('#lesson').getByRole('heading').first()],
  ] as const) {
    await cut();
    await page.getByRole('button', { name, exact: true }).click();
    await expect(notice(page)).toContainText(/not (be loaded|load)\./);
    await mend();
    await page.getByRole('button', { name, exact: true }).click();
    await expect(shown).toBeVisible();
    await expect(notice(page)).toBeHidden();
    await page.keyboard.press('Escape');
  }
  await page.getByRole('button', { name: 'Lessons', exact: true }).click();
  await page.route('**/assets/budget-*.js', (route) => route.abort());
  const tab = page.getByRole('tab', { name: 'Error budget' });
  await tab.click();
  await expect(notice(page)).toContainText('“Error budget” could not be loaded.');
  await page.unroute('**/assets/budget-*.js');
  await tab.click();
  await expect(page.locator('#lens .lens-panel')).toBeVisible();
  await expect(notice(page)).toBeHidden();
});

test('the second worker dies: an export is told so and works when it is asked for again', async ({ page }) => {
  const bench = await opened(page);
  await page.getByRole('button', { name: 'Export' }).click();
  const button = page.getByRole('button', { name: 'Curves, CSV' });
  await decide(page, 'dies');
  await button.click();
  await expect(page.getByRole('dialog').getByRole('alert')).toHaveText('its worker ended');
  await decide(page, 'dies once');
  const download = page.waitForEvent('download');
  await button.click();
  expect((await download).suggestedFilename()).toBe('hessian-lab-curves.csv');
  await page.keyboard.press('Escape');
  await assertGoesOn(bench);
});

test('the second worker dies: times that could not be measured are told of, and the next are', async ({ page }) => {
  const bench = await opened(page);
  await decide(page, 'dies');
  await page.getByRole('radio', { name: 'milliseconds' }).check();
  await expect(page.locator('#convergence-chart')).toContainText('The times could not be measured');
  await decide(page, 'lives');
  await bench.type('λ', '0.5');
  await expect(bench.curve('cg')).toHaveAttribute('d', /^M/);
});

/** A sine fitted to a minimum, and what it is for. */
const INFLUENCE =
  '#layers=1-8-1&activation=tanh&data=sine&samples=40&seed=3&decay=0.01&optimizer=newton&train=500&precision=float64&scale=9.52&lens=purpose&use=influence';

test('a lens’s worker dies: its place says so, and the next change is answered', async ({ page }) => {
  const bench = await opened(page, INFLUENCE);
  const sentence = page.locator('.lens-sentence');
  await expect(sentence).toContainText('Without datum 34 the validation loss would rise most');
  await decide(page, 'dies');
  await page.getByRole('button', { name: 'Retrain without each datum' }).click();
  await expect(sentence).toContainText('Retraining stopped: its worker ended.');
  await page.getByLabel('Seed').fill('4');
  await page.getByLabel('Seed').press('Enter');
  await expect(notice(page)).toContainText('The calculation stopped: its worker ended.');
  await decide(page, 'lives');
  await tryAgain(page).click();
  // The other seed's: what is asked before it is there is given up for it.
  await expect(sentence).toContainText('Without datum 13 the validation loss would rise most');
  await bench.ready();
  await page.getByRole('button', { name: 'Retrain without each datum' }).click();
  await expect(sentence).toContainText('After 40 retrainings');
});
