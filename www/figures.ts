// The charts' numbers as tables, for whoever can't or won't read a picture.

import { type Kind, kindOf } from './charts/spectrum';
import { number, short } from './format';
import { parameterNames } from './parameter-names';
import type { Picture } from './picture';
import { isOnEdge } from './reading';

export interface Figures {
  readonly title: string;
  readonly table: HTMLTableElement;
}

export function figuresOf(chart: string, picture: Picture): Figures | null {
  return chart === 'spectrum' ? spectrumFigures(picture) : networkFigures(picture);
}

function spectrumFigures({ report, state }: Picture): Figures | null {
  if (!report.spectrum) return null;
  const tolerance = report.inertia?.tolerance ?? 0;
  const rows = report.spectrum.map((value, index) => {
    const damped = value + state.damping;
    return [`${index + 1}`, number(value), number(damped), placeOf(damped, state.scale, tolerance)];
  });
  return {
    title: 'Eigenvalues',
    table: makeTable(['no.', 'undamped', 'damped', 'for Neumann'], rows, 1),
  };
}

const PLACES: Record<Kind, string> = {
  negative: 'below 0: diverges',
  'zero-value': 'zero',
  inside: 'in (0, 2s): converges',
  outside: 'past 2s: diverges',
};

function placeOf(eigenvalue: number, scale: number, tolerance: number): string {
  if (isOnEdge(eigenvalue, scale, tolerance)) return 'on the edge 2s: never fades';
  return PLACES[kindOf(eigenvalue, { scale, tolerance })];
}

function networkFigures({ report, state }: Picture): Figures {
  const names = parameterNames(state.layers);
  const rows = names.map((name, index) => [name, short(report.theta[index] ?? 0), number(report.gradient[index])]);
  return { title: 'Weights and their gradient', table: makeTable(['parameter', 'θ', 'gradient'], rows, 0) };
}

/** A table whose first column names its rows; columns after `words` from the end are words. */
export function makeTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  words: number,
): HTMLTableElement {
  const table = document.createElement('table');
  table.className = 'figures';
  const isWords = (column: number) => column === 0 || column >= head.length - words;
  const cell = (tag: 'th' | 'td', text: string, column: number) =>
    Object.assign(document.createElement(tag), { textContent: text, className: isWords(column) ? 'words' : '' });
  const headings = head.map((text, column) => Object.assign(cell('th', text, column), { scope: 'col' }));
  table
    .createTHead()
    .insertRow()
    .append(...headings);
  const body = table.createTBody();
  for (const row of rows)
    body
      .insertRow()
      .append(
        ...row.map((text, column) =>
          column === 0 ? Object.assign(cell('th', text, 0), { scope: 'row' }) : cell('td', text, column),
        ),
      );
  return table;
}
