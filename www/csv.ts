// A table of numbers out of text: comma, semicolon or tab between columns, with or without a header.

import { counted } from './format';

export interface Numbers {
  readonly header: string[] | null;
  readonly rows: number[][];
}

export const MOST_ROWS = 1_000;
/** What the core takes. */
const LARGEST = 1e6;

/** Throws a message that names the row and column it can't take. */
export function readCsv(text: string): Numbers {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ line, row: index + 1 }))
    .filter(({ line }) => line.trim() !== '');
  const first = lines[0];
  if (!first) throw new Error('there are no rows');
  const separator = [';', '\t', ','].find((mark) => first.line.includes(mark)) ?? ',';
  const cells = (line: string) => line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  const names = cells(first.line);
  const words = names.filter((cell) => cell !== '' && Number.isNaN(toNumber(cell, separator)));
  const isHeader = words.length > 0;
  if (isHeader && names.some((cell) => cell !== '' && !words.includes(cell)))
    throw new Error(
      `row ${first.row}: “${clip(words[0] ?? '')}” is not a number, and a header has words in every column`,
    );
  const body = isHeader ? lines.slice(1) : lines;
  if (body.length === 0) throw new Error('there is a header and no rows');
  if (body.length > MOST_ROWS)
    throw new Error(`there are ${body.length.toLocaleString('en-US')} rows, and 1,000 at most are taken`);
  const rows = body.map(({ line, row }) => readRow(cells(line), row, names, isHeader, separator));
  return { header: isHeader ? names : null, rows };
}

function readRow(cells: string[], row: number, names: string[], isHeader: boolean, separator: string): number[] {
  if (cells.length !== names.length)
    throw new Error(
      `row ${row} has ${counted(cells.length, 'column')}, and ${isHeader ? 'the header' : 'the first row'} ${names.length}`,
    );
  return cells.map((cell, column) => {
    const value = toNumber(cell, separator);
    const place = `row ${row}, column ${column + 1}${isHeader ? ` (${clip(names[column] ?? '')})` : ''}`;
    if (cell === '') throw new Error(`${place} is empty`);
    if (!Number.isFinite(value)) throw new Error(`${place}: “${clip(cell)}” is not a number`);
    if (Math.abs(value) > LARGEST) throw new Error(`${place}: ${clip(cell)} is larger than a million`);
    return value;
  });
}

/** Where columns are not separated by commas, a comma may stand for the decimal point. */
function toNumber(cell: string, separator: string): number {
  const text = separator === ',' ? cell : cell.replace(',', '.');
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

function clip(text: string): string {
  return text.length > 30 ? `${text.slice(0, 30)}…` : text;
}
