// The same work by JAX and PyTorch in Python and by jax-js in Node, installed into a folder that is deleted afterwards.

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quietly, root, step } from '../run.mjs';

/** `theirs`, milliseconds by size and task, and `ours` from `timeOurs` straight afterwards, by peer: the machine's mood is shared by
 * what is compared. A peer that cannot be installed is left out, and that is said. */
export async function peers(sizes, timeOurs) {
  const folder = mkdtempSync(join(tmpdir(), 'hessian-lab-peers-'));
  const results = {};
  try {
    for (const { name, time } of PEERS) {
      try {
        const theirs = await step(`Timing ${name}`, () => time(folder, sizes));
        results[name] = { theirs, ours: await timeOurs() };
      } catch (error) {
        console.error(`${name} is left out: ${String(error.message).trim().split('\n').at(-1)}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return results;
}

const PEERS = [
  { name: 'JAX', time: (folder, sizes) => inPython(folder, 'jax', 'jax', sizes) },
  { name: 'PyTorch', time: (folder, sizes) => inPython(folder, 'torch', 'torch', sizes) },
  { name: 'jax-js', time: inNode },
];

async function inPython(folder, name, package_, sizes) {
  const environment = join(folder, name);
  await quietly('python3', ['-m', 'venv', environment]);
  const program = (file) => join(environment, 'bin', file);
  await quietly(program('pip'), ['install', '--quiet', 'numpy', package_]);
  const script = join(root, 'scripts', 'bench', `${name}_peer.py`);
  return JSON.parse(await quietly(program('python'), [script, JSON.stringify(sizes)]));
}

async function inNode(folder, sizes) {
  await quietly('npm', ['install', '--silent', '--prefix', folder, '@jax-js/jax']);
  const script = join(folder, 'jax-js-peer.mjs');
  copyFileSync(join(root, 'scripts', 'bench', 'jax-js-peer.mjs'), script);
  return JSON.parse(await quietly(process.execPath, [script, JSON.stringify(sizes)]));
}
