// What every application in the lens is: it says what to ask the core, and draws the answer.

import type { Report } from '../../../pkg/hessian_lab';
import type { Picture } from '../../picture';
import type { State } from '../../state';
import type { Answer, Question } from '../../worker';
import type { LensHost, LensReading } from '../lens';

/** Draws an answer. The picture is the one that the question was asked of, in the reader's present view. */
export type ApplicationUpdate<A extends Answer = Report> = (
  answer: A,
  picture: Picture,
  settled: boolean,
) => LensReading;

export interface ApplicationFigure<A extends Answer = Report> {
  /** Shows what its controls are set to, whether or not there is an answer. */
  readonly control: (state: State) => void;
  readonly update: ApplicationUpdate<A>;
}

export interface ApplicationModule<A extends Answer = Report> {
  /** What it shows of every problem, in one sentence. */
  readonly claim: string;
  /** Whether it takes for granted that θ is a minimum, so that the reader is offered to train it to one. */
  readonly atMinimum: boolean;
  /** What to ask the core for; or why it can't be asked, in one sentence. Asked again only when it changes. */
  readonly ask: (state: State) => Question | string;
  /** Builds its figure once, in an element of its own. */
  readonly build: (root: HTMLElement, host: LensHost) => ApplicationFigure<A>;
}

/** An application before it is loaded. */
export interface ApplicationEntry {
  /** Its name in the address. */
  readonly name: string;
  readonly label: string;
  readonly load: () => Promise<{ readonly application: ApplicationModule }>;
}
