// Installs what the project needs and the machine lacks, each thing once: a second run finds it there and does nothing.
// Node's own modules only, as this runs before any package is installed.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium, findDriver } from './browser.mjs';
import { bindgenDirectory, environment, Failure, quietly, root, step, toolsDirectory } from './run.mjs';

const WASM_PACK = '0.15.1';
const CARGO_MUTANTS = '27.1.0';

/** Rust's standard library for WebAssembly. */
export async function wasmTarget() {
  const target = 'wasm32-unknown-unknown';
  const library = await quietly('rustc', ['--print', 'target-libdir', '--target', target]).catch(() => {
    throw new Failure('Rust is missing: install it from https://rustup.rs and run this again.');
  });
  if (existsSync(library.trim())) return;
  await step('Adding Rust’s WebAssembly target', () => quietly('rustup', ['target', 'add', target]));
}

/** Rust's formatter and linter, which a minimal installation lacks. */
export async function rustComponents() {
  const asked = ['fmt', 'clippy'].map((tool) => quietly('cargo', [tool, '--version']));
  const found = await Promise.all(asked).catch(() => null);
  if (found) return;
  await step('Adding Rust’s formatter and linter', () => quietly('rustup', ['component', 'add', 'rustfmt', 'clippy']));
}

/** The npm packages, in exactly the versions of package-lock.json. */
export async function npmPackages() {
  requireNode(20, 19);
  if (packagesMatch()) return;
  // npm tells a script where it is itself; that works on every system, and with the npm that was called.
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm, 'ci']] : ['npm', ['ci']];
  await step('Installing the npm packages', () => quietly(command, args));
}

function requireNode(major, minor) {
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  throw new Failure(`Node ${process.versions.node} is too old: install ${major}.${minor} or newer.`);
}

/** Whether node_modules holds what the lock file says, by the record that npm itself leaves there. */
function packagesMatch() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const want = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(want).every(
    ([path, { version, optional }]) => path === '' || (optional && !have[path]) || have[path]?.version === version,
  );
}

/** Our small program that writes the bindings; cargo knows by itself when it is up to date. */
export async function bindgen() {
  await step('Compiling the bindings tool', () => buildBindgen([]));
}

/** wasm-bindgen and its test runner, for wasm-pack. */
export async function testRunner() {
  await step('Compiling the browser test runner', () => buildBindgen(['--features', 'test-runner']));
}

function buildBindgen(features) {
  const manifest = join(root, 'tools', 'bindgen', 'Cargo.toml');
  return quietly('cargo', [
    'build',
    '--locked',
    '--manifest-path',
    manifest,
    '--target-dir',
    bindgenDirectory,
    ...features,
  ]);
}

export function wasmPack() {
  return cargoTool('wasm-pack', WASM_PACK, ['--version']);
}

/** What breaks the code to test the tests. */
export function cargoMutants() {
  return cargoTool('cargo-mutants', CARGO_MUTANTS, ['mutants', '--version']);
}

async function cargoTool(name, version, asked) {
  const found = await quietly(name, asked).catch(() => '');
  if (found.trim() === `${name} ${version}`) return;
  const args = ['install', name, '--locked', '--force', '--version', version, '--root', toolsDirectory];
  // It only starts other programs, so compile it quickly rather than well.
  const env = { ...environment, CARGO_PROFILE_DEV_DEBUG: '0' };
  await step(`Compiling ${name}`, () => quietly('cargo', [...args, '--debug'], { env }));
}

/** Chromium and its driver: Debian's packages if they may be installed here, else a word on what to install. */
export async function browser() {
  if (findChromium() && findDriver()) return;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    await step('Installing Chromium and its driver', installChromium).catch(() => {});
  }
  if (findChromium() && findDriver()) return;
  throw new Failure(
    [
      'The browser tests need Chromium (or Chrome) and its driver, and cannot install them here.',
      'On Debian: sudo apt-get install chromium chromium-driver',
      'Elsewhere: install Chrome and the chromedriver of the same version, or name yours in CHROMIUM and CHROMEDRIVER.',
    ].join('\n'),
  );
}

async function installChromium() {
  const env = { ...environment, DEBIAN_FRONTEND: 'noninteractive' };
  await quietly('apt-get', ['update'], { env });
  await quietly('apt-get', ['install', '-y', 'chromium', 'chromium-driver'], { env });
}
