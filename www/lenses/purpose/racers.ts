// How each optimizer of the race is named and drawn.

import type { Racer } from '../../../pkg/hessian_lab';
import type { MethodStyle } from '../../methods';

export interface RacerStyle extends MethodStyle {
  readonly name: Racer;
}

/** In the order of the core's list; those that use a method's inverse have its colour. */
export const RACERS: readonly RacerStyle[] = [
  {
    name: 'gradient_descent',
    label: 'Descent',
    summary: 'gradient descent with the learning rate η',
    colour: 'var(--neumann)',
    dash: '7 3',
  },
  {
    name: 'momentum',
    label: 'Momentum',
    summary: 'the same with momentum β',
    colour: 'var(--lissa)',
    dash: '4 2',
  },
  {
    name: 'line_search',
    label: 'Line search',
    summary: 'steepest descent, its rate searched for at every step',
    colour: 'var(--diagonal)',
    dash: '1 3',
  },
  {
    name: 'newton',
    label: 'Newton',
    summary:
      'the Hessian, damped by Levenberg and Marquardt’s rule, by CG to the end; off a saddle point along negative curvature',
    colour: 'var(--exact)',
    dash: '',
  },
  {
    name: 'gauss_newton',
    label: 'Gauss–Newton',
    summary: 'the Gauss–Newton matrix, likewise',
    colour: 'var(--minres)',
    dash: '9 3 2 3',
  },
  {
    name: 'cg',
    label: 'Martens’ CG',
    summary: 'the Gauss–Newton matrix, by CG that Martens’ rule stops early',
    colour: 'var(--cg)',
    dash: '12 3',
  },
  {
    name: 'kfac',
    label: 'KFAC',
    summary: 'KFAC’s steps, rescaled by the Gauss–Newton model and damped by the same rule',
    colour: 'var(--kfac)',
    dash: '2 3',
  },
];

export function racerStyle(name: Racer): RacerStyle {
  const style = RACERS.find((racer) => racer.name === name);
  if (!style) throw new Error(`${name} is not an optimizer this page can draw`);
  return style;
}
