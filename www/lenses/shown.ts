// The methods that a lens shows: those of the report that the reader has not hidden, with their places in it.

import type { Analysis, AnalysisKind } from '../../pkg/hessian_lab';
import { METHODS, type MethodStyle } from '../methods';
import type { Picture } from '../picture';
import type { Run } from '../reading';

export interface Shown {
  readonly style: MethodStyle;
  readonly run: Run;
  /** Its place among the report's methods, and so among an analysis's. */
  readonly place: number;
}

export function shownMethods({ report, state }: Picture): Shown[] {
  return METHODS.flatMap((style): Shown[] => {
    const place = report.methods.findIndex(({ method }) => method === style.name);
    const run = report.methods[place];
    return run && !state.hidden.includes(style.name) ? [{ style, run, place }] : [];
  });
}

/** The eigenvalues of A; what counts as zero is 0. */
export function eigenvaluesOf({ report, state }: Picture): number[] {
  const tolerance = report.inertia?.tolerance ?? 0;
  const damped = (report.spectrum ?? []).map((value) => value + state.damping);
  return damped.map((value) => (Math.abs(value) <= tolerance ? 0 : value));
}

/** CG’s, Blocks’. */
export function whose(label: string): string {
  return `${label}${label.endsWith('s') ? '’' : '’s'}`;
}

/** The entry at iteration `k`; a run that ended early holds its last. */
export function at<T>(entries: readonly T[], k: number): T | undefined {
  return entries[Math.min(k, entries.length - 1)];
}

/** An analysis that the lens asked for; it is drawn only once it is there. */
export function analysisOf<K extends AnalysisKind>({ report }: Picture, kind: K): NonNullable<Analysis[K]> {
  const analysis = report.analysis?.[kind];
  if (!analysis) throw new Error(`the report has no ${kind}`);
  return analysis;
}
