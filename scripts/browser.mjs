// Finds Chromium and its driver: named in CHROMIUM and CHROMEDRIVER, or on the machine under one of their usual names.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** It asks nobody anything. */
export const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export const findChromium = () =>
  find(process.env.CHROMIUM, ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']);

export const findDriver = () => find(process.env.CHROMEDRIVER, ['chromedriver', 'chromium.chromedriver']);

/** The program named, or the first of those names that the machine has. */
export function find(named, names) {
  if (named) return existsSync(named) ? named : undefined;
  const directories = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  return names
    .flatMap((name) => directories.map((directory) => join(directory, name)))
    .find((file) => existsSync(file));
}
