// By which method the inverse is got: the choice that the applications have in common, and how it is spoken of.

import { type MethodStyle, methodStyle, SOLVERS } from '../../methods';
import type { LensHost } from '../lens';
import { whose as possessive } from '../shown';
import { type Choice, choice } from './choice';

export function solverChoice(host: LensHost): Choice {
  const options = SOLVERS.map(methodStyle);
  return choice('solver', 'The inverse by', options, (solver) => {
    host.set({ solver });
    host.settle();
  });
}

/** `matrix` is what is inverted: H, or what stands for it. */
export function byInverse(style: MethodStyle, matrix: string): string {
  return `by ${inverseOf(style, matrix)}`;
}

export function whose(style: MethodStyle, matrix: string): string {
  return possessive(inverseOf(style, matrix));
}

function inverseOf({ name, label }: MethodStyle, matrix: string): string {
  if (name !== 'exact') return label;
  return matrix === 'H' ? EXACT : `${EXACT} of ${matrix}`;
}

const EXACT = 'the exact inverse';

/** What all are held against, whatever is inverted: the definition has the Hessian. */
export function reference(matrix: string): string {
  return matrix === 'H' ? EXACT : 'the Hessian’s inverse';
}

/** Whether a method is what all are held against. */
export function isReference({ name }: MethodStyle, matrix: string): boolean {
  return name === 'exact' && matrix === 'H';
}
