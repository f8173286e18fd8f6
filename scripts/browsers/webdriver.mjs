// A browser by the W3C's WebDriver protocol, which all three engines' drivers speak: as much of it as the tour needs.

import { spawn } from 'node:child_process';
import { freePort } from '../free-port.mjs';
import { Failure } from '../run.mjs';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
const PATIENCE_MS = 30_000;

/** The driver and everything that it starts; ending it ends all of them. */
export async function startBrowser([command, ...args], capabilities) {
  const port = await freePort();
  const driver = spawn(command, [...args, `--port=${port}`], { stdio: 'ignore', detached: true });
  let ended = false;
  driver.once('close', () => {
    ended = true;
  });
  const stop = () => {
    if (!ended) process.kill(-driver.pid);
    ended = true;
  };
  process.once('exit', stop);
  const address = `http://127.0.0.1:${port}`;
  try {
    await until(`${command} answers`, async () => (await fetch(`${address}/status`)).ok);
    const { sessionId, capabilities: got } = await send(`${address}/session`, {
      capabilities: { alwaysMatch: capabilities },
    });
    return new Browser(`${address}/session/${sessionId}`, got.browserVersion, stop);
  } catch (error) {
    stop();
    throw error;
  }
}

class Browser {
  #address;
  #stop;

  constructor(address, version, stop) {
    this.#address = address;
    this.version = version;
    this.#stop = stop;
  }

  async open(address) {
    await send(`${this.#address}/url`, { url: address });
  }

  /** What a function of the page's global scope resolves to. */
  async call(name, args) {
    await send(`${this.#address}/timeouts`, { script: 300_000 });
    await this.until(`${name} is there`, `return typeof ${name} === 'function'`);
    const script = `const done = arguments[arguments.length - 1];
      ${name}(...arguments[0]).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const { value, error } = await send(`${this.#address}/execute/async`, { script, args: [args] });
    if (error) throw new Failure(`${name}: ${error}`);
    return value;
  }

  run(script, ...args) {
    return send(`${this.#address}/execute/sync`, { script, args });
  }

  /** Waits until a script returns something true, which it hands back. */
  until(what, script, ...args) {
    return until(what, () => this.run(script, ...args));
  }

  async press(selector, keys) {
    const found = await send(`${this.#address}/element`, { using: 'css selector', value: selector });
    await send(`${this.#address}/element/${found[ELEMENT]}/value`, { text: keys });
  }

  async end() {
    await fetch(this.#address, { method: 'DELETE' }).catch(() => {});
    this.#stop();
  }
}

async function send(address, body) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) });
  const { value } = await response.json();
  if (!response.ok) throw new Failure(`${address.split('/').at(-1)}: ${value.message}`);
  return value;
}

async function until(what, holds) {
  const start = performance.now();
  for (;;) {
    const value = await Promise.resolve(holds()).catch((error) => error instanceof Failure && Promise.reject(error));
    if (value) return value;
    if (performance.now() - start > PATIENCE_MS) throw new Failure(`It is not so that ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
