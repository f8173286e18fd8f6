// What is on screen: a report, with the state it was asked for and the view it is seen in.

import type { Report } from '../pkg/hessian_lab';
import { type Ends, endsOf } from './reading';
import type { State } from './state';

export interface Picture {
  readonly state: State;
  readonly report: Report;
  readonly ends: Ends | null;
}

export function toPicture(asked: State, report: Report): Picture {
  return { state: asked, report, ends: endsOf(report, asked.damping) };
}

/** The same report in a newer view: those of the state's fields that need no new run. */
export function inView(picture: Picture, { iterations, x, y, hidden, lens, pair, drawn }: State): Picture {
  return { ...picture, state: { ...picture.state, iterations, x, y, hidden, lens, pair, drawn } };
}

/** Whether two pictures differ in the arithmetic alone. */
export function onlyPrecisionDiffers(a: State, b: State): boolean {
  const rest = ({ layers, activation, samples, seed, curvature, start, scale, damping }: State) =>
    JSON.stringify([layers, activation, samples, seed, curvature, start, scale, damping]);
  return a.precision !== b.precision && rest(a) === rest(b);
}
