// What the targets of the reader's own data are to a loss: numbers to the squared error, classes to cross-entropy.

import type { ExplicitData } from '../pkg/hessian_lab';
import type { Loss } from './state';

/** The widest layer the core takes, and so the most classes. */
export const WIDEST = 128;

/** The data as a loss takes them: to cross-entropy, a datum's only target is its class. */
export function dataFor(loss: Loss, data: ExplicitData): ExplicitData {
  return loss === 'mse' ? data : { ...data, targets: flat(data) };
}

/** The outputs that a network needs for them: one a target, or one a class and two at least. */
export function outputsFor(loss: Loss, data: ExplicitData): number {
  if (loss === 'mse') return widthOf(data);
  return 1 + flat(data).reduce((last, value) => Math.max(last, value), 1);
}

/** Why a loss can't take them; null where it can. */
export function misfitOf(loss: Loss, data: ExplicitData): string | null {
  if (loss === 'mse') return null;
  const width = widthOf(data);
  if (width !== 1) return `there are ${width} columns of targets, and cross-entropy takes one, the class`;
  const targets = flat(data);
  const wrong = targets.findIndex((value) => !isClass(value));
  if (wrong < 0) return null;
  const column = 1 + (data.inputs[0]?.length ?? 0);
  return `datum ${wrong + 1}, column ${column}: ${targets[wrong]} is not a class, a whole number from 0 to ${WIDEST - 1}`;
}

function isClass(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < WIDEST;
}

function widthOf({ targets: [first] }: ExplicitData): number {
  return Array.isArray(first) ? first.length : 1;
}

function flat({ targets }: ExplicitData): number[] {
  return (targets as (number | number[])[]).flat();
}
