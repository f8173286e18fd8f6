// The text of an SVG path through points, or around the region between two rows of them.

/** Where it is null, the path is interrupted. */
export type Place = readonly [x: number, y: number] | null;

/** A path through the places, its text null where there is none. A point that stands alone is closed, so that a round cap shows it. */
export function pathThrough(places: readonly Place[]): string | null {
  let path = '';
  for (let index = 0; index < places.length; index++) {
    const place = places[index];
    if (!place) continue;
    const [before, after] = [places[index - 1], places[index + 1]];
    path += `${before ? 'L' : 'M'}${place[0]},${place[1]}${before || after ? '' : 'Z'}`;
  }
  return path || null;
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
