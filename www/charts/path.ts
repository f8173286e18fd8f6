// The text of an SVG path through points, or around the region between two rows of them.

import { pair, write, written } from './pen';

/** Where it is null, the path is interrupted. */
export type Place = readonly [x: number, y: number] | null;

/** A path through the places, its text null where there is none. A point that stands alone is closed, so that a round cap shows it. */
export function pathThrough(places: readonly Place[]): string | null {
  const path = written(() => {
    for (let index = 0; index < places.length; index++) {
      const place = places[index];
      if (place) step(place[0], place[1], Boolean(places[index - 1]), Boolean(places[index + 1]));
    }
  });
  return path || null;
}

/** A place of a path, told whether one comes before and after it. */
export function step(x: number, y: number, before: boolean, after: boolean): void {
  pair(before ? 'L' : 'M', x, y);
  if (!before && !after) write('Z');
}

/** The outline of what lies between two rows of places, along the first and back along the second. */
export function regionBetween(there: readonly Place[], back: readonly Place[]): string | null {
  const outline = pathThrough([...there, ...back.toReversed()]);
  return outline && `${outline}Z`;
}

/** The outline of what lies between the places and a height below them. */
export function regionAbove(floor: number, places: readonly (readonly [x: number, y: number])[]): string | null {
  return regionBetween(
    places,
    places.map(([x]) => [x, floor] as const),
  );
}
