// What the methods need at a size that no browser holds, from the widths of the layers alone.

/** Bytes of a float32. */
const BYTES = 4;

export interface Costs {
  readonly parameters: number;
  /** Bytes of H, of the four vectors that CG keeps, and of KFAC's factors. */
  readonly hessian: number;
  readonly vectors: number;
  readonly factors: number;
  /** Multiplications of a Cholesky factorisation of H, and of all of KFAC's factors. */
  readonly factoring: number;
  readonly factoringFactors: number;
}

export function costsOf(widths: readonly number[]): Costs {
  const layers = widths.slice(1).map((out, index) => ({ a: (widths[index] as number) + 1, b: out }));
  const sum = (of: (layer: { a: number; b: number }) => number) =>
    layers.reduce((total, layer) => total + of(layer), 0);
  const parameters = sum(({ a, b }) => a * b);
  return {
    parameters,
    hessian: BYTES * parameters ** 2,
    vectors: BYTES * 4 * parameters,
    factors: BYTES * sum(({ a, b }) => a ** 2 + b ** 2),
    factoring: parameters ** 3 / 6,
    factoringFactors: sum(({ a, b }) => a ** 3 + b ** 3) / 6,
  };
}

const PREFIXES = ['', 'k', 'M', 'G', 'T'];

/** Bytes as a person says them: 4 TB. */
export function bytes(count: number): string {
  const step = Math.min(Math.floor(Math.log10(count) / 3), PREFIXES.length - 1);
  return `${Number((count / 1000 ** step).toPrecision(2))} ${PREFIXES[step]}B`;
}
