// Builds dist/: the site, and beside it the same page as one HTML file that works from a disk.

import { Failure, openly } from './run.mjs';

export async function buildSite() {
  for (const mode of ['production', 'one-file']) {
    const { code } = await openly('vite', ['build', '--mode', mode]);
    if (code !== 0) throw new Failure('The page could not be built.');
  }
}
