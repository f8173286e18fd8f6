// A method's residual polynomials out of a report, as curves to draw.

import type { MethodPolynomials } from '../../pkg/hessian_lab';
import type { PolynomialCurve } from '../charts/polynomial';
import type { MethodStyle } from '../methods';
import { at } from './shown';

/** The polynomial of iterate `k`. Samples and eigenvalues are merged, so that the curve meets every dot. */
export function curveOf(style: MethodStyle, polynomials: MethodPolynomials, k: number): PolynomialCurve {
  const { points, values, eigenvalues, at_eigenvalues } = polynomials;
  const [sampled, met] = [at(values, k) ?? [], at(at_eigenvalues, k) ?? []];
  const pair = (lambdas: number[], ps: (number | null)[]) =>
    lambdas.map((lambda, index) => [lambda, ps[index] ?? null] as const);
  const merged = [...pair(points, sampled), ...pair(eigenvalues, met)].sort(([a], [b]) => a - b);
  return { ...style, points: merged, atEigenvalues: met };
}
