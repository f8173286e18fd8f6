// Runs other programs, quietly or in the open, and says what is going on: one calm line a step, on standard error.

import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const toolsDirectory = join(root, '.tools');
export const bindgenDirectory = join(toolsDirectory, 'bindgen');

/** What the programs see: our own tools come before any that the machine has. */
export const environment = {
  ...process.env,
  PATH: [
    join(toolsDirectory, 'bin'),
    join(bindgenDirectory, 'debug'),
    join(root, 'node_modules', '.bin'),
    process.env.PATH,
  ].join(delimiter),
};

/** A failure that is fully described by its message: it is shown without a stack. */
export class Failure extends Error {}

const children = new Set();

function start(command, args, options) {
  const child = spawn(command, args, { cwd: root, env: environment, ...options });
  children.add(child);
  const ended = new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Failure(`${command}: ${error.message}`)));
    child.once('close', (code, signal) => resolve(code ?? signal));
  }).finally(() => children.delete(child));
  return { child, ended };
}

/** Runs a program without showing its output, and returns what it printed; a failure carries the end of it. */
export async function quietly(command, args, options = {}) {
  const { child, ended } = start(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', all: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.stdout += text;
    output.all += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.all += text;
  });
  const code = await ended;
  if (code === 0) return output.stdout;
  const tail = output.all.trimEnd().split('\n').slice(-40).join('\n');
  throw new Failure(`${tail}\n\n${[command, ...args].join(' ')} failed (${code})`);
}

/** Runs a program in the open, passing its output on as it comes; returns its exit code and all that it printed. */
export async function openly(command, args, extraEnvironment = {}) {
  const colour = process.stdout.isTTY ? { FORCE_COLOR: '1', CARGO_TERM_COLOR: 'always' } : {};
  const { child, ended } = start(command, args, {
    env: { ...environment, ...colour, ...extraEnvironment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    from.setEncoding('utf8').on('data', (text) => {
      output += text;
      to.write(text);
    });
  }
  return { code: await ended, output };
}

/** One line with the seconds since the start. */
export function say(line, at = performance.now()) {
  console.error(`${(at / 1000).toFixed(0).padStart(4)} s  ${line}`);
}

/** Does a piece of work under a name, which is said only when there is something to wait for. */
export async function step(name, work) {
  const begun = performance.now();
  const timer = setTimeout(() => say(name, begun), 300);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}

/** Runs a script's work; a failure ends it with its message and exit code 1, a signal ends the programs it runs too. */
export async function main(work) {
  process.once('SIGINT', () => end('SIGINT', 130));
  process.once('SIGTERM', () => end('SIGTERM', 143));
  endWithNpm();
  try {
    await work();
  } catch (error) {
    console.error(error instanceof Failure ? error.message : error);
    process.exitCode = 1;
  }
}

function end(signal, code) {
  for (const child of children) child.kill(signal);
  process.exit(code);
}

/** When npm is told to end, it ends the shell between it and us, and we would go on unseen. */
function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && end('SIGTERM', 143), 500).unref();
}
