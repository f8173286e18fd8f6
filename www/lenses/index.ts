// The lenses, one line each; what a lens is made of loads when it is opened.

import type { LensEntry } from './lens';

export const LENSES: readonly LensEntry[] = [
  {
    name: 'polynomial',
    label: 'Spectrum and polynomial',
    analysis: ['polynomials'],
    most: 600,
    drawsAnyway: true,
    load: () => import('./polynomial'),
  },
  {
    name: 'eigenvectors',
    label: 'Error by eigenvector',
    analysis: ['modes'],
    most: 600,
    load: () => import('./eigenvectors'),
  },
  {
    name: 'matrices',
    label: 'Matrices side by side',
    include: ['matrices'],
    most: 300,
    load: () => import('./matrices'),
  },
  { name: 'budget', label: 'Error budget', analysis: ['budget'], most: 300, load: () => import('./budget') },
  { name: 'loss', label: 'Model and loss', analysis: ['slice', 'reduction'], most: 600, load: () => import('./loss') },
  { name: 'purpose', label: 'What it is for', most: 1200, load: () => import('./purpose') },
];

/** The lens that a state has open, if any. */
export function openLens(name: string): LensEntry | undefined {
  return LENSES.find((lens) => lens.name === name);
}
