// An axis: a line along a scale, with ticks and their words beside it. A tick that has moved stays the element that it was:
// to a browser another in its place costs several times as much, and a held slider may move them every frame.

import { write, writeAttribute } from '../dom';

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
  const [from, to] = ends(ticks.scale);
  writeAttribute(group, 'transform', `translate(0,${bottom})`);
  writeAttribute(lineOf(group, 'middle'), 'd', `M${from},${ticks.size}V${HALF}H${to}V${ticks.size}`);
  drawEach(group, ticks, { axis: 'y', lower: '0.71em', sign: 1, at: (place) => `translate(${place},0)` });
}

/** The axis on the left of a picture that starts at `left`. */
export function drawTicksBeside(group: Element, left: number, ticks: Ticks): void {
  const [from, to] = ends(ticks.scale);
  writeAttribute(group, 'transform', `translate(${left},0)`);
  writeAttribute(lineOf(group, 'end'), 'd', `M${-ticks.size},${from}H${HALF}V${to}H${-ticks.size}`);
  drawEach(group, ticks, { axis: 'x', lower: '0.32em', sign: -1, at: (place) => `translate(0,${place})` });
}

/** Where a line one pixel wide is sharp. */
const HALF = globalThis.devicePixelRatio > 1 ? 0 : 0.5;

function ends(scale: Scale): [from: number, to: number] {
  const range = scale.range();
  return [(range[0] ?? 0) + HALF, (range.at(-1) ?? 0) + HALF];
}

/** The axis's line, which comes before its ticks. */
function lineOf(group: Element, anchor: string): Element {
  if (!group.firstElementChild) {
    writeAttribute(group, 'fill', 'none');
    writeAttribute(group, 'text-anchor', anchor);
    group.append(created('path', { class: 'domain', stroke: 'currentColor' }));
  }
  return group.firstElementChild as Element;
}

/** What tells the two axes apart: the axis that ticks lie along, how far down their words are set, and where outside is. */
interface Side {
  readonly axis: 'x' | 'y';
  readonly lower: string;
  readonly sign: 1 | -1;
  readonly at: (place: number) => string;
}

function drawEach(group: Element, { scale, values, words, size, padding = 3 }: Ticks, side: Side): void {
  const away = `${side.sign * (Math.max(size, 0) + padding)}`;
  while (group.children.length > values.length + 1) group.lastElementChild?.remove();
  while (group.children.length < values.length + 1) group.append(tick(side));
  for (const [index, value] of values.entries()) {
    const mark = group.children[index + 1] as Element;
    const [line, word] = mark.children as unknown as [Element, Element];
    writeAttribute(mark, 'transform', side.at(scale(value) + HALF));
    writeAttribute(line, `${side.axis}2`, `${side.sign * size}`);
    writeAttribute(word, side.axis, away);
    write(word, words(value));
  }
}

function tick({ lower }: Side): Element {
  const mark = created('g', { class: 'tick' });
  mark.append(created('line', { stroke: 'currentColor' }), created('text', { fill: 'currentColor', dy: lower }));
  return mark;
}

function created(name: string, attributes: Readonly<Record<string, string>>): Element {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  return made;
}
