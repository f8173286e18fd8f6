// What every lens is: it builds its figure once, and returns the update that draws a picture and says what is seen.

import type { AnalysisKind, Experiment, Include, Report } from '../../pkg/hessian_lab';
import type { Picture } from '../picture';
import type { State } from '../state';

/** The most parameters of the lenses that need all eigenvectors. */
export const MOST_WITH_EIGENVECTORS = 600;

/** What a lens may ask of the page. */
export interface LensHost {
  /** Changes the state; the page holds its axes still until `settle`. */
  readonly set: (patch: Partial<State>) => void;
  readonly settle: () => void;
  /** Asks for another drawing of the same picture. */
  readonly redraw: () => void;
  /** The answer at once, where a slider is held and the question is small; else it is a worker's. */
  readonly near: (experiment: Experiment) => Report | null;
  /** Lights these parameters of θ in the network, and no others. */
  readonly light: (parameters: readonly number[]) => void;
}

/** Words; or a number, which the page writes in a few digits and a file in all of them. */
export type Cell = string | number | null | undefined;

/** A table that says the same as a figure; the first cell of each row is its heading. */
export interface LensTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** What a drawn picture says. */
export interface LensReading {
  /** In place of the lens's own claim, where it shows something else. */
  readonly claim?: string;
  /** One sentence, true of this picture. */
  readonly sentence: string;
  /** What a held slider may add to it: the room for that is kept, so that the figure stays where it is. */
  readonly room?: string;
  /** Made only when the reader opens it. */
  readonly table: () => LensTable;
  /** For the file, where the table has only some of the curves' numbers. */
  readonly curves?: () => LensTable;
}

/** Axes may move only when `settled`: while a slider is held they stay where they are. */
export type LensUpdate = (picture: Picture, settled: boolean) => LensReading;

export interface LensModule {
  /** What the lens shows of every problem, in one sentence. */
  readonly claim: string;
  readonly build: (figure: HTMLElement, host: LensHost) => LensUpdate;
}

/** A lens before it is loaded. */
export interface LensEntry {
  /** Its name in the address. */
  readonly name: string;
  readonly label: string;
  /** What its picture is drawn from, asked for only while it is open. */
  readonly analysis?: readonly AnalysisKind[];
  readonly include?: readonly Include[];
  /** Whether it shows what the runs do, and not only what they run on. */
  readonly showsRuns: boolean;
  /** Above so many parameters its picture would be too slow, or too fine to see. */
  readonly most: number;
  /** Whether it has something to show beyond that, too, and says itself what it lacks. */
  readonly drawsAnyway?: boolean;
  readonly load: () => Promise<LensModule>;
}
