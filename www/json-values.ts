// What JSON holds: records, and numbers in lists within lists.

/** Lists within lists are no deeper than an array of a tensor's may be. */
const DEEPEST = 32;

export type Json = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All of a value's numbers, in its order; `what` names it where it holds anything else. */
export function flatten(value: unknown, what: string, depth = 0): number[] {
  if (typeof value === 'number' && Number.isFinite(value)) return [value];
  if (depth > DEEPEST) throw new Error(`the JSON is nested more than ${DEEPEST} levels deep`);
  if (Array.isArray(value)) return value.flatMap((item, index) => flatten(item, `${what}[${index}]`, depth + 1));
  if (isRecord(value))
    return Object.entries(value).flatMap(([key, item]) => flatten(item, key.slice(0, 30), depth + 1));
  throw new Error(`${what} is not a number or a list of numbers`);
}
