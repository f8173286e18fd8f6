// How one setting is written in an address, and how its text is read: with a message where it can't be.

/** One setting's part of an address; `read` throws a message for text it can't take. */
export interface Field<T> {
  readonly key: string;
  readonly read: (text: string) => T;
  readonly write: (value: T) => string;
}

/** One of some words, each for a value. */
export function choice<W extends string, T extends string>(key: string, words: Readonly<Record<W, T>>): Field<T> {
  const entries = Object.entries(words) as [string, T][];
  return {
    key,
    read: (text) => {
      const found = entries.find(([word]) => word === text);
      if (!found) throw refusal(key, text, `one of ${entries.flatMap(([word]) => word || []).join(', ')}`);
      return found[1];
    },
    write: (value) => entries.find(([, known]) => known === value)?.[0] ?? value,
  };
}

/** Words that are their own values. */
export function sameWords<T extends string>(words: readonly T[]): Record<T, T> {
  return Object.fromEntries(words.map((word) => [word, word])) as Record<T, T>;
}

/** A whole number in a range. */
export function whole(key: string, low: number, high: number): Field<number> {
  const read = (text: string) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= low && value <= high)) throw refusal(key, text, `a whole number from ${low} to ${high}`);
    return value;
  };
  return { key, read, write: String };
}

/** A finite number that is allowed; `wanted` says which are. */
export function real(key: string, allowed: (value: number) => boolean, wanted: string): Field<number> {
  const read = (text: string) => {
    const value = /^[\d.]+(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    if (!Number.isFinite(value) || !allowed(value)) throw refusal(key, text, wanted);
    return value;
  };
  return { key, read, write: String };
}

/** A number in a range. */
export function between(key: string, [low, high]: readonly [number, number]): Field<number> {
  return real(key, (value) => value >= low && value <= high, `a number from ${low} to ${high}`);
}

/** Yes or no. */
export function flag(key: string): Field<boolean> {
  const { read } = choice(key, { no: 'no', yes: 'yes' });
  return { key, read: (text) => read(text) === 'yes', write: (value) => (value ? 'yes' : 'no') };
}

/** Some of the known names, joined by hyphens. */
export function names(key: string, known: readonly string[]): Field<string[]> {
  const read = (text: string) => {
    const list = text.split('-');
    const unknown = list.find((name) => !known.includes(name));
    if (unknown !== undefined) throw refusal(key, unknown, `one of ${known.join(', ')}; several are joined by -`);
    return list;
  };
  return { key, read, write: (list) => list.join('-') };
}

export function refusal(key: string, text: string, wanted: string): Error {
  return new Error(`${key}: ${quote(text)} is not ${wanted}`);
}

export function quote(text: string): string {
  return `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;
}
