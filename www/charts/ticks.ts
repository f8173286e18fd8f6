// An axis: a line along a scale, with ticks and their words beside it. A held slider may move them every frame, so the ticks are one
// path, and a word stays the element that it was and is moved by its coordinates: to a browser another in its place costs several
// times as much, and a transform that has changed has the page's layers put together anew.

import { type Attributes, write, writeAttribute, writeAttributes } from '../dom';
import { round } from './curve';

interface Scale {
  (value: number): number;
  range(): number[];
}

export interface Ticks {
  readonly scale: Scale;
  readonly values: readonly number[];
  readonly words: (value: number) => string;
  /** How far a tick reaches out of the picture, or into it where this is negative. */
  readonly size: number;
  /** From a tick to its word. */
  readonly padding?: number;
}

/** The axis under a picture that ends at `bottom`. */
export function drawTicksBelow(group: Element, bottom: number, ticks: Ticks): void {
  draw(group, ticks, { along: 'x', away: 'y', level: bottom, sign: 1, anchor: 'middle', lower: '0.71em' });
}

/** The axis on the left of a picture that starts at `left`. */
export function drawTicksBeside(group: Element, left: number, ticks: Ticks): void {
  draw(group, ticks, { along: 'y', away: 'x', level: left, sign: -1, anchor: 'end', lower: '0.32em' });
}

/** What tells the two axes apart: where ticks stand and where they point to, where the line is and outside, and how words are set. */
interface Side {
  readonly along: 'x' | 'y';
  readonly away: 'x' | 'y';
  readonly level: number;
  readonly sign: 1 | -1;
  readonly anchor: string;
  readonly lower: string;
}

/** Where a line one pixel wide is sharp. */
const HALF = globalThis.devicePixelRatio > 1 ? 0 : 0.5;

function draw(group: Element, { scale, values, words, size, padding = 3 }: Ticks, side: Side): void {
  const [line, marks] = linesOf(group, side);
  const { level, sign } = side;
  const places = values.map((value) => round(scale(value) + HALF));
  const range = scale.range();
  const [from, to] = [range[0] ?? 0, range.at(-1) ?? 0].map((end) => round(end + HALF)) as [number, number];
  const [start, middle, end] = [level, level + HALF, level + sign * size].map(round) as [number, number, number];
  const isBelow = side.along === 'x';
  writeAttribute(
    line,
    'd',
    isBelow ? `M${from},${end}V${middle}H${to}V${end}` : `M${end},${from}H${middle}V${to}H${end}`,
  );
  const mark = isBelow ? (at: number) => `M${at},${start}V${end}` : (at: number) => `M${start},${at}H${end}`;
  writeAttribute(marks, 'd', places.map(mark).join(''));
  const away = round(level + sign * (Math.max(size, 0) + padding));
  for (const [index, word] of wordsOf(group, values.length, side).entries()) {
    writeAttributes(word, { [side.along]: places[index] ?? 0, [side.away]: away });
    write(word, words(values[index] ?? 0));
  }
}

/** The axis's line and, as one path, its ticks. */
function linesOf(group: Element, { anchor }: Side): [line: Element, marks: Element] {
  if (!group.firstElementChild) {
    writeAttributes(group, { fill: 'none', 'text-anchor': anchor });
    group.append(created('path', { class: 'domain' }), created('path', { class: 'ticks' }));
  }
  return [group.children[0] as Element, group.children[1] as Element];
}

/** The ticks' words, as many as there are to be. */
function wordsOf(group: Element, count: number, { lower }: Side): Element[] {
  while (group.children.length > count + 2) group.lastElementChild?.remove();
  while (group.children.length < count + 2) group.append(created('text', { dy: lower }));
  return [...group.children].slice(2);
}

function created(name: string, attributes: Attributes): Element {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  writeAttributes(made, attributes);
  return made;
}
