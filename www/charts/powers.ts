// The ticks of an axis that goes by powers of ten on both sides of zero.

/** An axis, from values to pixels. */
interface Scale {
  (value: number): number;
  readonly domain: () => number[];
}

/** Powers of ten on either side of zero, no closer than `gap` to one another. */
export function ticksByPowers(x: Scale, gap: number): number[] {
  const [left, right] = x.domain() as [number, number];
  const powers = Array.from({ length: 40 }, (_, index) => 10 ** (20 - index));
  const chosen = [0];
  for (const value of [...powers, ...powers.map((power) => -power)]) {
    const clear = chosen.every((other) => Math.abs(x(other) - x(value)) >= gap);
    if (value >= left && value <= right && clear) chosen.push(value);
  }
  return chosen.sort((a, b) => a - b);
}
