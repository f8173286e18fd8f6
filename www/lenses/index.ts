// The lenses, one line each; what a lens is made of loads when it is opened.

import { type LensEntry, MOST_WITH_EIGENVECTORS } from './lens';

export const LENSES: readonly LensEntry[] = [
  {
    name: 'polynomial',
    label: 'Spectrum and polynomial',
    analysis: ['polynomials'],
    showsRuns: true,
    most: MOST_WITH_EIGENVECTORS,
    drawsAnyway: true,
    load: () => import('./polynomial'),
  },
  {
    name: 'eigenvectors',
    label: 'Error by eigenvector',
    analysis: ['modes'],
    showsRuns: true,
    most: MOST_WITH_EIGENVECTORS,
    load: () => import('./eigenvectors'),
  },
  {
    name: 'matrices',
    label: 'Matrices side by side',
    include: ['matrices'],
    showsRuns: false,
    most: 300,
    load: () => import('./matrices'),
  },
  {
    name: 'budget',
    label: 'Error budget',
    analysis: ['budget'],
    showsRuns: false,
    most: 300,
    load: () => import('./budget'),
  },
  {
    name: 'loss',
    label: 'Model and loss',
    analysis: ['slice', 'reduction'],
    showsRuns: true,
    most: MOST_WITH_EIGENVECTORS,
    load: () => import('./loss'),
  },
  { name: 'purpose', label: 'What it is for', showsRuns: false, most: 1200, load: () => import('./purpose') },
];

/** The lens that a state has open, if any. */
export function openLens(name: string): LensEntry | undefined {
  return LENSES.find((lens) => lens.name === name);
}
