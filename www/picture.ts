// What is on screen: a report, with the state it was asked for and the view it is seen in.

import type { Report } from '../pkg/hessian_lab';
import { toExperiment } from './experiment';
import { findRun } from './reading';
import { OF_VIEWS, pick, type State } from './state';

export interface Picture {
  readonly state: State;
  readonly report: Report;
}

export function toPicture(asked: State, report: Report): Picture {
  const state = { ...asked, scale: scaleUsed(report, asked) };
  return { state, report };
}

/** The same report in a newer view. */
export function inView(picture: Picture, state: State): Picture {
  return { ...picture, state: { ...picture.state, ...pick(state, OF_VIEWS) } };
}

/** The scale that Neumann ran with, where the core chose it. */
export function scaleUsed(report: Report, asked: State): number {
  const chosen = asked.autoScale ? findRun(report, 'neumann')?.scale : undefined;
  return chosen === undefined ? asked.scale : roundedUp(chosen);
}

/** To four digits, and upwards, so that what lies within (0, 2s) stays there. */
function roundedUp(scale: number): number {
  const rounded = Number(scale.toPrecision(4));
  const unit = 10 ** (Math.floor(Math.log10(scale)) - 3);
  return rounded < scale ? Number((rounded + unit).toPrecision(4)) : rounded;
}

/** Whether two pictures differ in the arithmetic alone. */
export function onlyPrecisionDiffers(a: State, b: State): boolean {
  const rest = (state: State) => JSON.stringify(toExperiment({ ...state, precision: 'f64', also: [] }));
  return a.precision !== b.precision && rest(a) === rest(b);
}
