// What is built into the modules: each crate under a licence that ours allows, and none in two versions but those known of.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

/** Licences whose terms a file of notices meets. */
const ALLOWED = ['Apache-2.0', 'MIT', 'Unicode-3.0', 'Unlicense', 'Zlib'];
/** Macros at build time parse with both; neither is in a module. */
const KNOWN_TWICE = ['syn'];

const crates = built();

function built() {
  const tree = ['tree', '--locked', '--package', 'hessian-lab', '--edges', 'normal,build'];
  const shape = ['--target', 'wasm32-unknown-unknown', '--prefix', 'none', '--no-dedupe', '--format', '{p}|{l}'];
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const lines = execFileSync('cargo', [...tree, ...shape], { cwd, encoding: 'utf8' })
    .trim()
    .split('\n');
  return [...new Set(lines)].map((line) => {
    const [crate, licence] = line.split('|');
    const [name, version] = crate.split(' ');
    return { name, version, licence };
  });
}

/** Whether an SPDX expression can be met by what is allowed; a slash is an older way to write OR. */
function isAllowed(expression) {
  const everyPart = (text) => text.split(' AND ').every((part) => anyOf(part.replace(/^\(|\)$/g, '')));
  const anyOf = (text) => text.split(/ OR |\//).some((licence) => ALLOWED.includes(licence));
  return everyPart(expression);
}

test('every crate is under a licence that is allowed', () => {
  assert.ok(crates.length > 10);
  assert.deepEqual(
    crates.filter(({ licence }) => !isAllowed(licence)),
    [],
  );
});

test('no crate comes in two versions', () => {
  const names = crates.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  assert.deepEqual([...new Set(twice)].sort(), KNOWN_TWICE);
});

test('an expression is allowed only where all of its parts are', () => {
  assert.ok(isAllowed('(MIT OR Apache-2.0) AND Unicode-3.0'));
  assert.ok(isAllowed('GPL-3.0 OR MIT'));
  assert.ok(!isAllowed('MIT AND GPL-3.0'));
  assert.ok(!isAllowed(''));
});
