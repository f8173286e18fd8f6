// The symbol of the matrix that is inverted: H, G or F, damped or not.

import type { State } from './state';

/** What the damping is added to. */
export function undampedName({ curvature }: Pick<State, 'curvature'>): string {
  return { hessian: 'H', ggn: 'G', fisher_mc: 'F', fisher_empirical: 'F' }[curvature];
}

/** The matrix that is inverted, as the formulas name it. */
export function matrixName({ curvature, damping }: Pick<State, 'curvature' | 'damping'>): string {
  const name = undampedName({ curvature });
  return damping > 0 ? `(${name} + λI)` : name;
}
