// Numbers as CSV: the curves, one row an iterate of a method; and what a lens's table says.

import type { Report } from '../../pkg/hessian_lab';
import type { LensTable } from '../lenses/lens';

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
  return `${[columns, ...rows].map((row) => row.map((cell) => quoted(plain(cell))).join(',')).join('\n')}\n`;
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A number as programs write it: −9×10⁻⁴ is -9e-4, and a dash is nothing. */
export function plain(cell: string): string {
  if (cell === '–') return '';
  const [, mantissa, sign, digits] = /^(−?[\d.]+)×10(⁻?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/.exec(cell) ?? [cell, cell, '', ''];
  const exponent = [...(digits ?? '')].map((digit) => SUPERSCRIPTS.indexOf(digit)).join('');
  const number = exponent === '' ? mantissa : `${mantissa}e${sign === '' ? '' : '-'}${exponent}`;
  return (number ?? '').replace(/^−(?=[\d.])/, '-');
}

function quoted(cell: string): string {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
