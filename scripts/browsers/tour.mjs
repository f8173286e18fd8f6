// A walk through the built page by keyboard and pointer; what it shows must not depend on the engine.

import { Failure } from '../run.mjs';

const ARROW_LEFT = '\uE012';

const READY = "return document.documentElement.dataset.state === 'ready'";

/** What is drawn with a report comes with the frame after it, which a busy machine may keep waiting for long. */
const FRAMES = `window.framesPass = () =>
  new Promise((pass) => requestAnimationFrame(() => requestAnimationFrame(() => pass(true))));`;

const TABLE = `
  const text = [...document.querySelectorAll('tr[data-method]')].map((row) => row.innerText.replaceAll(/\\s+/g, ' ').trim());
  return text.some((row) => /^CG .*\\d/.test(row)) ? text : null;`;

/** The table at every stop. Whatever does not come about ends the walk. */
export async function tour(browser, address) {
  const shown = [];
  const stop = async (what, reached) => {
    await browser.until(what, reached);
    await browser.until(`${what}, and its report is there`, READY);
    await browser.call('framesPass', []);
    shown.push([what, await browser.until(`${what}, and the table is filled`, TABLE)]);
  };
  await browser.open(address);
  await browser.run(FRAMES);
  await stop('the page opens', READY);
  await browser.press('#iterations-range', ARROW_LEFT.repeat(3));
  await stop('a slider moves by keyboard', "return document.querySelector('#iterations-range').value === '37'");
  await browser.run("document.querySelector('input[name=precision][value=f64]').click()");
  await stop('float64 is chosen', "return location.hash.includes('precision=float64')");
  await browser.run("location.hash = 'damping=0.7&train=20'");
  await stop(
    'an address is followed',
    "return document.querySelector('#problem-summary').innerText.includes('trained to')",
  );
  await browser.run("location.hash = 'layers=2-6-3&loss=cross-entropy&data=blobs&samples=30&matrix=gauss-newton'");
  await stop('a classifier is shown', "return document.querySelector('#problem-summary').innerText.includes('P = 39')");
  await lenses(browser);
  await watchesOverWorkers(browser);
  await outlivesItsWorker(browser);
  return shown;
}

async function lenses(browser) {
  const tabs = await browser.run("return document.querySelectorAll('[role=tab]').length");
  if (tabs < 6) throw new Failure(`There are ${tabs} tabs.`);
  for (let tab = 1; tab < tabs; tab++) {
    await browser.run("document.querySelectorAll('[role=tab]')[arguments[0]].click()", tab);
    await browser.until(
      `lens ${tab} says something`,
      "return [...document.querySelectorAll('.lens-sentence')].some(({ innerText }) => innerText.length > 20)",
    );
  }
}

/** A worker's death is told by the lock that it holds. */
async function watchesOverWorkers(browser) {
  await browser.run('navigator.locks.query().then(({ held }) => { window.locksHeld = held.length; })');
  await browser.until('a worker holds its lock', 'return window.locksHeld > 0');
}

/** The next question ends the worker that it is put to: the page says so and another one answers. */
async function outlivesItsWorker(browser) {
  await browser.run(`
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message) {
      if (!('id' in message)) return postMessage.call(this, message);
      Worker.prototype.postMessage = postMessage;
      this.terminate();
    };
    location.hash = 'damping=0.6';`);
  await browser.until(
    'the page says that its worker was started again',
    "return document.querySelector('#notice-text').innerText.includes('its worker ended. It has been started again.')",
  );
  await browser.until(
    'another worker answers',
    `return document.documentElement.dataset.state === 'ready'
      && document.querySelector('tr[data-method=cg]').innerText.includes('converged')`,
  );
}
