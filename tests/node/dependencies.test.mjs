// What is built into the modules, by the rules of deny.toml: each crate under a licence that ours allows, none in two versions but those
// known of, all from one registry. Where cargo-deny is installed it says so itself, and where it has advisories, that none applies.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ADVISORIES = join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'advisory-dbs');

const [allowed, knownTwice] = ['allow', 'skip'].map(listed);
const crates = built();

/** A list of words in deny.toml. */
function listed(key) {
  const [, list] = readFileSync(join(root, 'deny.toml'), 'utf8').match(new RegExp(`^${key} = (\\[.*\\])$`, 'm'));
  return JSON.parse(list);
}

function built() {
  const tree = ['tree', '--locked', '--package', 'hessian-lab', '--edges', 'normal,build'];
  const shape = ['--target', 'wasm32-unknown-unknown', '--prefix', 'none', '--no-dedupe', '--format', '{p}|{l}'];
  const lines = execFileSync('cargo', [...tree, ...shape], { cwd: root, encoding: 'utf8' })
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
  const anyOf = (text) => text.split(/ OR |\//).some((licence) => allowed.includes(licence));
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
  assert.deepEqual([...new Set(twice)].sort(), knownTwice);
});

test('every crate is from one registry, but for ours', () => {
  const sources = readFileSync(join(root, 'Cargo.lock'), 'utf8').match(/(?<=^source = ").*(?=")/gm);
  assert.equal(new Set(sources).size, 1);
  assert.match(sources[0], /^registry\+/);
});

test('an expression is allowed only where all of its parts are', () => {
  assert.ok(isAllowed('(MIT OR Apache-2.0) AND Unicode-3.0'));
  assert.ok(isAllowed('GPL-3.0 OR MIT'));
  assert.ok(!isAllowed('MIT AND GPL-3.0'));
  assert.ok(!isAllowed(''));
});

const cargoDeny = (...args) => spawnSync('cargo', ['deny', '--locked', ...args], { cwd: root, encoding: 'utf8' });
const missing = cargoDeny('--version').status !== 0 && 'cargo-deny is not installed';

function assertAccepted({ status, stderr }) {
  assert.equal(status, 0, stderr);
}

test('cargo-deny accepts licences, duplicates and sources', { skip: missing }, () => {
  assertAccepted(cargoDeny('check', 'licenses', 'bans', 'sources'));
});

/** Cargo-deny keeps each database that it has fetched in a folder of its own. */
const hasAdvisories = existsSync(ADVISORIES) && readdirSync(ADVISORIES).some((name) => name.startsWith('advisory-db-'));
const unknown = missing || (!hasAdvisories && 'there are no advisories on this machine');

test('no advisory that is on this machine applies', { skip: unknown }, () => {
  assertAccepted(cargoDeny('--offline', 'check', 'advisories'));
});
