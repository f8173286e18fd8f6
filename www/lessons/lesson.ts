// What a lesson is: something to predict, what the bench shows of it, why, and something to try.

import type { Experiment, Report } from '../../pkg/hessian_lab';
import type { Picture } from '../picture';
import type { State } from '../state';

/** What a lesson may speak of: what is on the bench, and the answer to the experiment of its own, once it is there. */
export interface View {
  readonly picture: Picture;
  readonly own: Report | null;
}

/** An answer to pick. */
export interface Choice {
  readonly kind: 'choice';
  readonly question: string;
  readonly options: readonly string[];
  /** The right one's index. */
  readonly answer: number;
}

/** A marker to drag along one axis of the convergence chart. */
export interface Marker {
  readonly kind: 'marker';
  readonly axis: 'x' | 'y';
  readonly question: string;
  /** Of the control, which moves in `step`s of the place, or of its decimal logarithm on the log axis y. */
  readonly low: number;
  readonly high: number;
  readonly step: number;
  readonly start: number;
  readonly answer: number;
  /** A place, in words. */
  readonly words: (place: number) => string;
  /** How near is right: an interval around the answer. */
  readonly right: readonly [low: number, high: number];
}

export type Prediction = Choice | Marker;

/** Something to try, that one press does. */
export interface Try {
  readonly label: string;
  readonly patch: (view: View) => Partial<State>;
}

/** Texts are HTML; those with formulas are raw strings with TeX, which the build turns into MathML. */
export interface Lesson {
  /** The bench that it starts from, where that differs from the page's default. */
  readonly start: Partial<State>;
  readonly setup: string;
  readonly prediction: Prediction;
  /** What a committed prediction changes on the bench. */
  readonly reveal: Partial<State>;
  /** One sentence, which a test holds to the shipped module. */
  readonly claim: string;
  readonly explanation: string;
  /** What the notebook says of it, and what holds. */
  readonly notebook?: string;
  readonly task: string;
  readonly tries: readonly Try[];
  /** One sentence on the bench as it is now. */
  readonly now: (view: View) => string;
  /** Current numbers, for the elements of the text that have a `data-number` of that name. */
  readonly numbers?: (view: View) => Readonly<Record<string, string>>;
  /** Runs that the bench does not show. */
  readonly experiment?: (state: State) => Experiment;
}
