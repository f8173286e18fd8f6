// Numbers as text, with the digits that mean something.

/** A measured quantity: 0.6924, 12.3, 1.2e-7; an en dash where there is none. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e4) return value.toExponential(1);
  if (size < 0.99995) return value.toFixed(4);
  return value.toPrecision(4);
}

/** Two or three digits for running text and labels, as a person writes them: −0.282, 3×10⁻¹⁵. */
export function short(value: number, digits = 3): string {
  const rounded = round(value, digits);
  const size = Math.abs(rounded);
  const plain = size === 0 || (size >= 1e-3 && size < 1e6);
  const [mantissa, exponent] = value.toExponential(digits - 2).split('e');
  const text = plain ? `${rounded}` : `${mantissa}×${powerOfTen(Number(exponent))}`;
  return text.replace('-', '−');
}

/** The same of what a held slider moves, which keeps its width: 2.30 after 2.29. A browser puts the page's layers together anew where it does not. */
export function threeDigits(value: number): string {
  const size = Math.abs(value);
  return size >= 1e-3 && size < 999.5 ? value.toPrecision(3).replace('-', '−') : short(value);
}

/** Two numbers in two or three digits, or in as many more as tell them apart. */
export function apart(one: number, other: number, least = 3): [one: string, other: string] {
  let digits = least;
  while (one !== other && digits < MOST_DIGITS && short(one, digits) === short(other, digits)) digits++;
  return [short(one, digits), short(other, digits)];
}

/** So many significant digits tell any two numbers apart. */
const MOST_DIGITS = 17;

/** What an axis says at a tick: no two ticks of one axis say the same. */
export function tickText(value: number): string {
  return short(value).replace('.0×', '×');
}

/** To so many significant digits, as a number. */
function round(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

/** Four decimals, as the notebook prints a cosine. */
export function cosine(value: number | null): string {
  return value === null ? '–' : value.toFixed(4);
}

/** A cosine or a correlation, with two digits of what is missing to 1: 0.9991 and not 1. */
export function alignment(value: number): string {
  const gap = 1 - Math.abs(value);
  if (gap < 1e-6) return value < 0 ? '−1' : '1';
  const digits = Math.min(Math.max(1 - Math.floor(Math.log10(gap)), 2), 6);
  return value
    .toFixed(digits)
    .replace(/^-(?=[0.]*$)/, '')
    .replace('-', '−');
}

/** A time, in no more digits than a clock deserves. */
export function milliseconds(value: number | undefined): string {
  return value === undefined ? '–' : `${Number(value.toPrecision(2))}`;
}

/** 1 step, 2 steps. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** There is 1 step, there are 2 steps. */
export function thereAre(count: number, what: string): string {
  return `there ${count === 1 ? 'is' : 'are'} ${counted(count, what)}`;
}

export function count(value: number): string {
  return value >= 10_000 ? value.toLocaleString('en-US') : `${value}`;
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A sentence's first letter. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** CG, Neumann and KFAC. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** A power of ten for an axis: 10⁻³. */
export function powerOfTen(exponent: number): string {
  if (exponent === 0) return '1';
  const digits = [...`${Math.abs(exponent)}`].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');
  return `10${exponent < 0 ? '⁻' : ''}${digits}`;
}
