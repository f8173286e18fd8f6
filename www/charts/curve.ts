// A curve's geometry: which of its entries stand where, and the path through them.

import type { ScaleContinuousNumeric } from 'd3-scale';
import { step } from './path';
import { written } from './pen';

/** A method's entries; one that has a single entry is direct, and drawn as a level line. */
export interface Curve {
  readonly name: string;
  readonly label: string;
  readonly colour: string;
  readonly dash: string;
  readonly xs: readonly number[];
  readonly ys: readonly (number | null)[];
  /** What theory says the entries cannot exceed; empty where it says nothing. */
  readonly bound?: readonly number[];
}

export interface Scales {
  readonly x: ScaleContinuousNumeric<number, number>;
  readonly y: ScaleContinuousNumeric<number, number>;
}

export type Point = readonly [x: number, y: number | null];

/** The curve's points up to the cursor's entry, and from it on; a level line starts at its cost and is cut at `place`. */
export function splitAt(curve: Curve, cursor: number, place: number, xEnd: number): [before: Point[], after: Point[]] {
  const points = curve.xs.map((x, entry): Point => [x, curve.ys[entry] ?? null]);
  if (points.length > 1) return [points.slice(0, cursor + 1), points.slice(cursor)];
  const start = curve.xs[0] ?? 0;
  const cut = Math.max(start, place);
  return [level(curve, start, cut), level(curve, cut, xEnd)];
}

function level({ ys }: Curve, from: number, to: number): Point[] {
  return from < to ? [from, to].map((x) => [x, ys[0] ?? null]) : [];
}

/** The path through the points. What lies below the axis, an exact zero too, runs along its floor. */
export function pathOf(points: readonly Point[], { x, y }: Scales): string {
  const [floor] = y.domain() as [number, number];
  const isThere = (index: number) => typeof points[index]?.[1] === 'number';
  return written(() => {
    for (let index = 0; index < points.length; index++) {
      const [position, value] = points[index] as Point;
      if (value !== null) step(x(position), y(Math.max(value, floor)), isThere(index - 1), isThere(index + 1));
    }
  });
}

/** The last entry at or before a place on the horizontal axis. */
export function entryAt({ xs }: Curve, place: number): number {
  return Math.max(
    xs.findLastIndex((x) => x <= place),
    0,
  );
}

/** Where the cursor stands on the horizontal axis: where the method that is furthest on has its entry. */
export function cursorPlace(curves: readonly Curve[], cursor: number): number {
  const iterative = curves.filter(({ xs }) => xs.length > 1);
  const places = iterative.map(({ xs }) => xs[Math.min(cursor, xs.length - 1)] as number);
  return places.length > 0 ? Math.max(...places) : cursor;
}

/** To a tenth of a pixel. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
