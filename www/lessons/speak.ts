// Words that several lessons use of what is on the bench.

import { short } from '../format';
import { findRun, type Run, type Series } from '../reading';
import type { View } from './lesson';

/** The first entry of a series at or below a level. */
export function firstBelow(series: Series | readonly (number | null | undefined)[], level: number): number | null {
  const index = series.findIndex((value) => typeof value === 'number' && value <= level);
  return index < 0 ? null : index;
}

export function runOf({ picture }: View, method: string): Run | undefined {
  return findRun(picture.report, method);
}

/** A method's error at the present iteration; an en dash where there is none. */
export function errorOf(view: View, method: string): string {
  const trace = runOf(view, method)?.trace;
  const at = Math.min(view.picture.state.iterations, (trace?.products.length ?? 1) - 1);
  return figure(trace?.relative_error[at]);
}

export function figure(value: number | null | undefined, digits = 3): string {
  return typeof value === 'number' ? short(value, digits) : '–';
}
