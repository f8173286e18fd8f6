// What an inverse-Hessian product is for, one line each; what an application is made of loads when it is chosen.

import type { ApplicationEntry } from './application';

export const APPLICATIONS: readonly ApplicationEntry[] = [
  { name: 'influence', label: 'Influence', load: () => import('./influence') },
  { name: 'hypergradient', label: 'Hypergradient', load: () => import('./hypergradient') },
  { name: 'race', label: 'A training race', load: () => import('./race') },
  { name: 'imaml', label: 'Meta-learning', load: () => import('./imaml') },
  { name: 'stochastic', label: 'LiSSA’s noise', load: () => import('./stochastic') },
];
