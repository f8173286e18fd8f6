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

export function byInverse({ name, label }: MethodStyle): string {
  return name === 'exact' ? 'by the exact inverse' : `by ${label}`;
}

export function whose({ name, label }: MethodStyle): string {
  return name === 'exact' ? 'the exact inverse’s' : possessive(label);
}
