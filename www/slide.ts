// Where a key moves a slider, by ARIA's pattern of one.

/** Arrows go one step, with Shift ten of them, as Page Up and Page Down do; null for any other key. */
export function slide(
  { key, shiftKey }: KeyboardEvent,
  from: number,
  step: number,
  [low, high]: readonly [number, number],
): number | null {
  const ten = 10 * step;
  const arrow = shiftKey ? ten : step;
  const places: Record<string, number> = {
    ArrowLeft: from - arrow,
    ArrowDown: from - arrow,
    ArrowRight: from + arrow,
    ArrowUp: from + arrow,
    PageDown: from - ten,
    PageUp: from + ten,
    Home: low,
    End: high,
  };
  const place = places[key];
  return place === undefined ? null : Math.min(Math.max(place, low), high);
}
