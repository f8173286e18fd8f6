// By which method the inverse is got: the choice that the applications have in common.

import { methodStyle, SOLVERS } from '../../methods';
import type { LensHost } from '../lens';
import { type Choice, choice } from './choice';

export function solverChoice(host: LensHost): Choice {
  const options = SOLVERS.map(methodStyle);
  return choice('solver', 'The inverse by', options, (solver) => {
    host.set({ solver });
    host.settle();
  });
}
