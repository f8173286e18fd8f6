// The lenses, one line each; what a lens is made of loads when it is opened.

import type { LensEntry } from './lens';

export const LENSES: readonly LensEntry[] = [
  {
    name: 'polynomial',
    label: 'Spectrum and polynomial',
    analysis: ['polynomials'],
    most: 600,
    load: () => import('./polynomial'),
  },
  {
    name: 'eigenvectors',
    label: 'Error by eigenvector',
    analysis: ['modes'],
    most: 600,
    load: () => import('./eigenvectors'),
  },
];

/** The lens that a state has open, if any. */
export function openLens(name: string): LensEntry | undefined {
  return LENSES.find((lens) => lens.name === name);
}
