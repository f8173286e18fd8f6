// Picks what the page shows out of a report; nothing is computed here that the core could have computed.

import type { Bounds, Inertia, Report } from '../pkg/hessian_lab';
import type { Count, Measure } from './state';

export type Run = Report['methods'][number];
export type Series = (number | null)[];

/** A method at iteration `k`; a run that has fewer entries holds its last. */
export interface Reading {
  readonly error: number | null;
  readonly cosine: number | null;
  readonly residual: number | null;
  readonly products: number;
}

export function readAt({ trace }: Run, k: number): Reading {
  const at = Math.min(k, trace.products.length - 1);
  return {
    error: trace.relative_error[at] ?? null,
    cosine: trace.cosine_similarity[at] ?? null,
    residual: trace.residual[at] ?? null,
    products: trace.products[at] ?? 0,
  };
}

/** Whether there is an answer: a direct method that breaks down has none, and an iteration has its last iterate. */
export function hasAnswer({ status, trace }: Run): boolean {
  return status !== 'breakdown' || trace.products.length > 1;
}

/** Whether there is anything to solve: b is the gradient. */
export function isAtRest({ gradient }: Report): boolean {
  return gradient.every((entry) => entry === 0);
}

export function findRun(report: Report, name: string): Run | undefined {
  return report.methods.find((run) => run.method === name);
}

/** The series a chart draws for a measure; null where there is no value. */
export function seriesOf({ trace }: Run, measure: Measure): Series {
  if (measure === 'residual') return trace.residual.map(orNull);
  if (measure === 'energy') return trace.energy_error.map(orNull);
  if (measure === 'cosine') return trace.cosine_similarity.map((cosine) => (cosine == null ? null : 1 - cosine));
  return trace.relative_error.map(orNull);
}

/** What theory says of a measure; empty where it says nothing. */
export function boundOf(bounds: Bounds, measure: Measure): readonly number[] {
  if (measure === 'error') return bounds.relative_error;
  if (measure === 'residual') return bounds.residual;
  return measure === 'energy' ? bounds.energy_error : [];
}

function orNull(value: number | null | undefined): number | null {
  return value ?? null;
}

/** Milliseconds until a run's first iterate is there, and until its last one is. */
export interface Duration {
  readonly first: number;
  readonly last: number;
}

/** Where each entry stands on the horizontal axis; none where its time is not known. */
export function positionsOf({ trace }: Run, axis: Count, duration: Duration | undefined): number[] {
  const { products } = trace;
  if (axis === 'products') return products;
  if (axis === 'iterations') return products.map((_, iteration) => iteration);
  return duration ? spread(products, duration) : [];
}

/** A run's time, spread over its products: each costs the same. */
function spread(products: readonly number[], { first, last }: Duration): number[] {
  const [start, end] = [products[0] ?? 0, products.at(-1) ?? 0];
  if (end === start) return products.map(() => last);
  return products.map((count) => first + ((last - first) * (count - start)) / (end - start));
}

/** Whether what the run's status says holds at iteration `k`: a diverging series diverges from the start. */
export function statusIsSeen({ status, status_iteration }: Run, k: number): boolean {
  return status === 'diverged' || status_iteration === null || status_iteration <= k;
}

/** Whether an eigenvalue lies past the edge of Neumann's interval, by more than rounding: so the core judges, too. */
export function isPastEdge(eigenvalue: number, scale: number, tolerance: number): boolean {
  return eigenvalue > 2 * scale + tolerance;
}

/** Whether it lies on that edge, where its part of the series neither grows nor fades. */
export function isOnEdge(eigenvalue: number, scale: number, tolerance: number): boolean {
  return Math.abs(eigenvalue - 2 * scale) <= tolerance;
}

export function isDefinite({ negative, zero }: Inertia): boolean {
  return negative === 0 && zero === 0;
}
