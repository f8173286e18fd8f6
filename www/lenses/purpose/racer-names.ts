// The race's optimizers by the core's names, in its order: what the address may name before the race is loaded.

import type { Racer } from '../../../pkg/hessian_lab';

export const RACER_NAMES: readonly Racer[] = [
  'gradient_descent',
  'momentum',
  'line_search',
  'newton',
  'gauss_newton',
  'cg',
  'kfac',
];
