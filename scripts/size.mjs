// What the built site weighs, gzipped as static hosts do it (level 9), against the budget in size-budget.json.
// A row that grew for a reason gets its new numbers there, in the same commit.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './run.mjs';

const dist = join(root, 'dist');
const KINDS = ['html', 'css', 'js', 'wasm'];

/** The files that the first view loads: what index.html names, what those scripts import, and the first view's module. */
export function firstView() {
  const html = read('index.html');
  const named = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, file]) => file);
  const module = assets().find((file) => /first_view_bg.*\.wasm$/.test(file));
  return ['index.html', ...withImports(named), module];
}

function withImports(files) {
  const all = new Set(files);
  for (const file of all)
    if (file.endsWith('.js'))
      for (const [, name] of read(file).matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/g)) all.add(`assets/${name}`);
  return [...all];
}

/** A table of what weighs how much, and whether all of it is within its budget. */
export function weigh() {
  const budget = JSON.parse(readFileSync(join(root, 'size-budget.json'), 'utf8'));
  const sizes = measured();
  const rows = Object.entries(budget).map(([what, { most, was }]) => ({ what, most, was, now: sizes[what] }));
  const over = rows.filter(({ now, most }) => !(now <= most));
  console.log(['gzipped bytes', 'budget', 'now', 'grown by'].map(cell).join(''));
  for (const { what, most, was, now } of rows)
    console.log([what, most, now, now - was].map(cell).join('') + (now <= most ? '' : '  OVER BUDGET'));
  return { code: over.length, output: '' };
}

function measured() {
  const first = firstView();
  const total = (files) => files.reduce((sum, file) => sum + gzipped(file), 0);
  const ofKind = (kind) => total(first.filter((file) => file.endsWith(`.${kind}`)));
  return {
    ...Object.fromEntries(KINDS.map((kind) => [`first view, ${kind}`, ofKind(kind)])),
    'first view': total(first),
    'full module': total(assets().filter((file) => /hessian_lab_bg.*\.wasm$/.test(file))),
    'one file': gzipped('hessian-lab.html'),
  };
}

function assets() {
  return readdirSync(join(dist, 'assets')).map((file) => `assets/${file}`);
}

function read(file) {
  return readFileSync(join(dist, file), 'utf8');
}

function gzipped(file) {
  return gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;
}

function cell(content, column) {
  return column === 0 ? String(content).padEnd(20) : String(content).padStart(12);
}
