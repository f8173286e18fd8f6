// Error by eigenvector: which directions has each method not solved?

import type { Modes } from '../../pkg/hessian_lab';
import { type Decades, fitDecades, keepDecades } from '../charts/domain';
import { drawModeBars, MODE_BARS_MARKUP, modePlaces } from '../charts/mode-bars';
import { listed, number, short } from '../format';
import type { Picture } from '../picture';
import { isAtRest, readAt } from '../reading';
import { AT_REST, iterations } from '../words';
import { keyOf } from './box';
import { Held } from './held';
import type { LensHost, LensReading } from './lens';
import { type Mark, Plot } from './plot';
import { analysisOf, at, eigenvaluesOf, type Shown, shownMethods } from './shown';

export const claim = 'An error is a sum over eigenvectors: a method can have solved one of them and not another.';

/** Below this relative error a method counts as done. */
const SOLVED = 1e-6;

/** In rem: a row has a label, and room for two ticks of its axis; the key, eigenvalues and the axes' labels are around all rows. */
const [LOWEST_ROW, AROUND_ROWS] = [4.2, 5.4];

interface Row extends Shown {
  readonly left: readonly number[];
}

export function build(figure: HTMLElement, host: LensHost) {
  const plot = new Plot('Bars of the error left along each eigenvector, by method.', MODE_BARS_MARKUP, host.redraw);
  figure.append(plot.element, keyOf(KEY));
  const axis = new Held<Decades>(keepDecades);

  return (picture: Picture, settled: boolean): LensReading => {
    const modes = analysisOf(picture, 'modes');
    const drawn = rowsOf(picture, modes).filter(({ style }) => style.name !== 'exact');
    const eigenvalues = eigenvaluesOf(picture);
    const toFind = modes.exact.map(Math.abs);
    const decades = axis.show(() => decadesOf(modes, drawn), settled);
    const rows = drawn.map(({ style, left }) => ({ ...style, left }));
    figure.style.minHeight = `${AROUND_ROWS + LOWEST_ROW * rows.length}rem`;
    drawModeBars(plot.svg, { eigenvalues, toFind, rows, decades, chosen: plot.index }, plot.frame);
    plot.show(marksOf(modePlaces(eigenvalues, plot.frame), eigenvalues, toFind, drawn));
    return {
      sentence: sentence(picture, drawn, eigenvalues, toFind),
      table: () => ({
        columns: ['eigenvalue', 'to find', ...drawn.map(({ style }) => `left by ${style.label}`)],
        rows: eigenvalues.map((value, index) => [value, toFind[index], ...drawn.map(({ left }) => left[index])]),
      }),
    };
  };
}

const KEY =
  '<i class="bar"></i>what is left &ensp; <i class="tick"></i>what there was to find, |<var>q</var>ᵀ<var>x</var>*|: a bar that reaches it has solved nothing';

/** Of all iterates that came, so that the axis need not follow their number. */
function decadesOf({ methods, exact }: Modes, rows: readonly Row[]): Decades {
  const sizes = (errors: number[][] = []) => errors.flat().map(Math.abs);
  return fitDecades([...rows.map(({ place }) => sizes(methods[place]?.error)), exact.map(Math.abs)]);
}

function marksOf(
  places: readonly number[],
  eigenvalues: readonly number[],
  toFind: readonly number[],
  rows: readonly Row[],
): Mark[] {
  return places.map((x, index) => ({
    x,
    heading: `eigenvalue ${short(eigenvalues[index] as number)}`,
    lines: [
      ...rows.map(({ style, left }) => ({ label: style.label, value: number(left[index]), colour: style.colour })),
      { label: 'to find', value: number(toFind[index]), colour: 'var(--quiet)' },
    ],
  }));
}

function rowsOf(picture: Picture, { methods }: Modes): Row[] {
  return shownMethods(picture).map((shown) => ({
    ...shown,
    left: (at(methods[shown.place]?.error ?? [], picture.state.iterations) ?? []).map(Math.abs),
  }));
}

function sentence({ state, report }: Picture, rows: Row[], eigenvalues: number[], toFind: number[]): string {
  if (isAtRest(report)) return AT_REST;
  if (rows.length === 0) return 'Every method is hidden: show one in the table of the first tab.';
  const isSolved = ({ run }: Row) => (readAt(run, state.iterations).error ?? Number.POSITIVE_INFINITY) < SOLVED;
  const solved = rows.filter(isSolved).map(({ style }) => style.label);
  const parts = [...byWorst(rows.filter((row) => !isSolved(row)))].map(([place, there]) => {
    const left = there.map(({ style, left }) => `${style.label} (${short(left[place] ?? 0, 2)} left)`);
    const where = `at the eigenvalue ${short(eigenvalues[place] ?? 0)}`;
    return `${where}, with ${short(toFind[place] ?? 0, 2)} to find, for ${listed(left)}`;
  });
  const unsolved = parts.length > 0 ? [`the error is largest ${parts.join('; ')}`] : [];
  const done = solved.length > 0 ? [`${listed(solved)} ${solved.length === 1 ? 'has' : 'have'} solved them all`] : [];
  return `After ${iterations(state)} ${[...unsolved, ...done].join('; ')}.`;
}

/** The methods by the eigenvector that each has the most error left along. */
function byWorst(rows: readonly Row[]): Map<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const place = row.left.indexOf(Math.max(...row.left));
    groups.set(place, [...(groups.get(place) ?? []), row]);
  }
  return groups;
}
