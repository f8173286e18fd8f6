// The lessons in their order: one line is one lesson, loaded when it is opened.

import type { Lesson } from './lesson';

export interface Entry {
  /** As the address names it. */
  readonly name: string;
  readonly title: string;
  readonly load: () => Promise<{ readonly lesson: Lesson }>;
}

export const LESSONS: readonly Entry[] = [
  { name: 'newton', title: 'Newton’s step, and when it goes uphill', load: () => import('./newton') },
  { name: 'products', title: 'Nobody needs the matrix', load: () => import('./products') },
  { name: 'clusters', title: 'CG counts clusters', load: () => import('./clusters') },
  { name: 'curvature', title: 'Negative curvature', load: () => import('./curvature') },
  { name: 'neumann', title: 'Neumann’s interval, and noise', load: () => import('./neumann') },
  { name: 'float32', title: 'Where such a 69 % comes from', load: () => import('./float32') },
  { name: 'kfac', title: 'KFAC: two small factors', load: () => import('./kfac') },
  { name: 'million', title: 'A million parameters', load: () => import('./million') },
];
