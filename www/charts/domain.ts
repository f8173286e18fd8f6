// The vertical axis of a log chart: which decades it shows, and when it may move.

/** Exponents of ten, lowest and highest. */
export type Decades = readonly [low: number, high: number];

/** Every chart shows at least this, so that small changes look small. */
const LEAST: Decades = [-3, 1];
const MOST: Decades = [-16, 4];
/** The part of a curve, its highest entries, that may leave the chart: spikes do. */
const SPIKES = 0.05;

/** The decades that hold the curves but for their spikes: at least LEAST and at most MOST. */
export function fitDecades(curves: readonly (readonly (number | null)[])[]): Decades {
  let [low, high] = LEAST;
  for (const curve of curves) {
    const exponents = curve.flatMap((value) => (value !== null && value > 0 ? [Math.log10(value)] : []));
    if (exponents.length === 0) continue;
    exponents.sort((a, b) => a - b);
    low = Math.min(low, Math.floor(exponents[0] as number));
    high = Math.max(high, Math.ceil(exponents[Math.floor((exponents.length - 1) * (1 - SPIKES))] as number));
  }
  return [Math.max(low, MOST[0]), Math.min(high, MOST[1])];
}

/** The present axis, if it holds the wanted one without wasting most of its height; else the wanted one. */
export function keepDecades(present: Decades, wanted: Decades): Decades {
  const holds = present[0] <= wanted[0] && present[1] >= wanted[1];
  const wasteful = present[1] - present[0] > 1.8 * (wanted[1] - wanted[0]);
  return holds && !wasteful ? present : wanted;
}

export function between(from: Decades, to: Decades, progress: number): Decades {
  const mix = (a: number, b: number) => a + (b - a) * progress;
  return [mix(from[0], to[0]), mix(from[1], to[1])];
}
