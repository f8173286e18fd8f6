// Keeps labels from lying on one another.

/** Moves positions as little as possible so that neighbours are at least `gap` apart and all lie within [low, high]. */
export function spread(positions: readonly number[], gap: number, low: number, high: number): number[] {
  const order = positions.map((_, index) => index).sort((a, b) => at(positions, a) - at(positions, b));
  const placed = [...positions];
  let floor = low;
  for (const index of order) {
    placed[index] = Math.max(at(placed, index), floor);
    floor = at(placed, index) + gap;
  }
  let ceiling = high;
  for (const index of order.reverse()) {
    placed[index] = Math.min(at(placed, index), ceiling);
    ceiling = at(placed, index) - gap;
  }
  return placed;
}

function at(values: readonly number[], index: number): number {
  return values[index] as number;
}
