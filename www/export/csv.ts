// Numbers as CSV: the curves, one row an iterate of a method; and what a lens's table says.

import type { Report } from '../../pkg/hessian_lab';
import type { Cell, LensTable } from '../lenses/lens';

const HEAD = 'method,iteration,products,relative_error,cosine_similarity,residual,energy_error,slope';

export function curvesCsv(report: Report): string {
  const rows = report.methods.flatMap(({ method, trace }) =>
    trace.products.map((products, k) => {
      const measures = [trace.relative_error, trace.cosine_similarity, trace.residual, trace.energy_error, trace.slope];
      return [method, k, products, ...measures.map((series) => series[k] ?? '')].join(',');
    }),
  );
  return `${[HEAD, ...rows].join('\n')}\n`;
}

export function tableCsv({ columns, rows }: LensTable): string {
  return `${[columns, ...rows].map((row) => row.map(written).join(',')).join('\n')}\n`;
}

/** A number as it is; nothing where there is none. */
function written(cell: Cell): string {
  return typeof cell === 'string' ? quoted(cell) : `${cell ?? ''}`;
}

function quoted(cell: string): string {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
