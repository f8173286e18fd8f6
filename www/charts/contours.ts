// A function of two variables as filled contours, its model's as dashed curves, and the methods' steps as arrows over them.

import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { type Attributes, element, writeAttributes } from '../dom';
import { short } from '../format';
import { drawIfNew } from '../kept';
import { round } from './curve';
import type { Frame } from './frame';
import { pair, tenths, write, written } from './pen';
import { drawTicksBelow, drawTicksBeside } from './ticks';

export interface Step {
  readonly name: string;
  readonly label: string;
  readonly colour: string;
  readonly dash: string;
  /** The iterates' places; a direct method has one. */
  readonly path: readonly (readonly [x: number, y: number])[];
}

export interface ContoursView {
  /** The grid's columns and rows, ascending. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Where the function is at or above each level, from the lowest on: outlines, of x, y corner by corner. */
  readonly regions: readonly (readonly (readonly number[])[])[];
  /** The model's contours by level: paths of x, y at the start, then x, y of two controls and an end, piece by piece. */
  readonly contours: readonly (readonly (readonly number[])[])[];
  /** What the picture holds beside the origin, with some room about both; the rest of the grid is seen where it has room. */
  readonly end: readonly [x: number, y: number];
  readonly steps: readonly Step[];
}

/**
 * What leaves the picture is covered by a mat, as a picture's in its frame: the picture's shape follows its plane, and a clip that
 * changes has the page's layers put together anew.
 */
export const contoursMarkup = (clip: string) => `
  <defs><clipPath id="${clip}"><rect width="100%" height="100%" /></clipPath></defs>
  <g clip-path="url(#${clip})"><rect class="room" /><rect class="ground" width="100%" height="100%" /><g class="fills"></g><g class="model"><path /></g><g class="paths"></g><g class="arrows"></g></g>
  <path class="mat" fill-rule="evenodd" /><rect class="room" /><rect class="border" /><g class="axis y-axis"></g><g class="axis x-axis"></g><g class="heads"></g><circle class="here" r="4" /><text class="here-label">θ</text><g class="labels"></g>
  <text class="axis-label x-label" text-anchor="middle"></text><text class="axis-label y-label"></text>`;

type Axis = ScaleLinear<number, number>;

/** The longer side of the picture lies along the longer side of its room. */
interface Axes {
  readonly across: Axis;
  readonly up: Axis;
  /** Where a point of the plane is drawn. */
  readonly place: (x: number, y: number) => readonly [across: number, up: number];
  readonly words: readonly [across: string, up: string];
}

export function drawContours(svg: SVGSVGElement, view: ContoursView, frame: Frame): void {
  const axes = axesOf(view, frame);
  drawIfNew(element('.fills', svg), [view.regions, view.contours, frame], () => {
    drawFrame(svg, axes, frame);
    drawFills(svg, view, axes);
    drawModel(svg, view, axes);
  });
  drawSteps(svg, view.steps, axes, frame);
}

/** One length on both axes, so that angles are true. */
function axesOf({ x, y, end }: ContoursView, { width, height, em }: Frame): Axes {
  const room = [3.2 * em, width - 5.2 * em, 1.6 * em, height - 3.2 * em] as const;
  const [along, aside] = [
    { grid: x, kept: kept(x, end[0]) },
    { grid: y, kept: kept(y, end[1]) },
  ];
  const turned = room[1] - room[0] > room[3] - room[2] === span(aside.kept) > span(along.kept);
  const [across, up] = turned ? fit(aside, along, room) : fit(along, aside, room);
  return {
    across,
    up,
    place: turned ? (a, b) => [across(b), up(a)] : (a, b) => [across(a), up(b)],
    words: turned ? ['the rest of the exact step →', '↑ along −g'] : ['along −g →', '↑ the rest of the exact step'],
  };
}

type Room = readonly [left: number, right: number, top: number, bottom: number];

/** A side of the grid, and the part of it that is kept in sight. */
interface Side {
  readonly grid: readonly number[];
  readonly kept: readonly [low: number, high: number];
}

/** How much of the grid's margin is kept, where the other side of the picture needs the room. */
const MARGIN_KEPT = 0.4;

function kept(grid: readonly number[], end: number): [low: number, high: number] {
  const [low, high] = [Math.min(end, 0), Math.max(end, 0)];
  return [low + MARGIN_KEPT * ((grid[0] ?? low) - low), high + MARGIN_KEPT * ((grid.at(-1) ?? high) - high)];
}

/** As large as both sides' kept parts allow, and as much of the grid as the room then holds. */
function fit(x: Side, y: Side, [left, right, top, bottom]: Room): [Axis, Axis] {
  const unit = Math.max(Math.min((right - left) / span(x.kept), (bottom - top) / span(y.kept)), 0);
  return [axisIn(x, unit, left, right), axisIn(y, unit, bottom, top)];
}

function axisIn({ grid, kept: [low, high] }: Side, unit: number, from: number, to: number): Axis {
  const seen = unit > 0 ? Math.min(Math.abs(to - from) / unit, span(grid)) : span(grid);
  const [middle, centre] = [(low + high) / 2, (from + to) / 2];
  const half = (Math.sign(to - from) * unit * seen) / 2;
  return scaleLinear([middle - seen / 2, middle + seen / 2], [centre - half, centre + half]);
}

function span(grid: readonly number[]): number {
  return (grid.at(-1) ?? 1) - (grid[0] ?? 0);
}

function drawFrame(svg: SVGSVGElement, { across: x, up: y, words }: Axes, { width, height, em }: Frame): void {
  const [left, right] = x.range() as [number, number];
  const [bottom, top] = y.range() as [number, number];
  const root = select(svg);
  root
    .select('.border')
    .attr('x', left)
    .attr('y', top)
    .attr('width', right - left)
    .attr('height', bottom - top);
  root.select('.mat').attr('d', `M-1,-1H${width + 1}V${height + 1}H-1ZM${left},${top}H${right}V${bottom}H${left}Z`);
  drawTicksBelow(element('.x-axis', svg), bottom, {
    scale: x,
    values: x.ticks((right - left) / (6 * em)),
    words: (value) => short(value),
    size: 0.3 * em,
  });
  drawTicksBeside(element('.y-axis', svg), left, {
    scale: y,
    values: y.ticks((bottom - top) / (5 * em)),
    words: (value) => short(value),
    size: 0.3 * em,
  });
  root
    .select('.x-label')
    .attr('x', (left + right) / 2)
    .attr('y', bottom + 2.6 * em)
    .text(words[0]);
  root
    .select('.y-label')
    .attr('x', left)
    .attr('y', top - 0.5 * em)
    .text(words[1]);
}

function drawFills(svg: SVGSVGElement, view: ContoursView, axes: Axes): void {
  const { regions } = view;
  const ring = ringIn(axes, view);
  select(svg)
    .select('.fills')
    .selectAll('path')
    .data(regions)
    .join('path')
    .style('--level', (_, index) => `${(index + 1) / regions.length}`)
    .each(function (rings) {
      // It is another one than before: to read that costs as much as to write it.
      (this as SVGPathElement).setAttribute(
        'd',
        written(() => rings.forEach(ring)),
      );
    });
}

/** All of the model's curves are alike, and so one path. */
function drawModel(svg: SVGSVGElement, { contours }: ContoursView, { place }: Axes): void {
  const draw = (path: readonly number[]) => {
    for (let index = 0; index < path.length; index += 2)
      pair(index === 0 ? 'M' : index === 2 ? 'C' : ' ', ...place(path[index] ?? 0, path[index + 1] ?? 0));
  };
  element('.model path', svg).setAttribute(
    'd',
    written(() => contours.flat().forEach(draw)),
  );
}

/**
 * Draws an outline: there are thousands of corners, so each costs two sums, and is told from the one before, in fewer digits. What a
 * unit is on the picture follows from all of the grid: where steps are long, it is less than the rounding of a place.
 */
function ringIn({ place }: Axes, { x, y }: ContoursView): (corners: readonly number[]) => void {
  const inTenths = (a: number, b: number) => place(a, b).map((pixels) => 10 * pixels) as [number, number];
  const [farX, farY] = [x.at(-1) ?? 1, y.at(-1) ?? 1];
  const [[left, bottom], byX, byY] = [inTenths(0, 0), inTenths(farX, 0), inTenths(0, farY)] as const;
  const [xx, xy] = [(byX[0] - left) / farX, (byX[1] - bottom) / farX];
  const [yx, yy] = [(byY[0] - left) / farY, (byY[1] - bottom) / farY];
  return (corners) => {
    let [lastAcross, lastDown] = [0, 0];
    for (let index = 0; index < corners.length; index += 2) {
      const [a, b] = [corners[index] as number, corners[index + 1] as number];
      const [across, down] = [Math.round(left + a * xx + b * yx), Math.round(bottom + a * xy + b * yy)];
      write(index === 0 ? 'M' : index === 2 ? 'l' : ' ');
      tenths(across - lastAcross);
      write(',');
      tenths(down - lastDown);
      [lastAcross, lastDown] = [across, down];
    }
    write('Z');
  };
}

/** Where a step's arrow ends: at the step, or where it leaves the picture. */
interface Head {
  readonly step: Step;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly leaves: boolean;
}

function headOf(step: Step, { across, up, place }: Axes): Head[] {
  const end = step.path.at(-1);
  if (!end) return [];
  const from = place(0, 0);
  const to = place(...end);
  const way = [to[0] - from[0], to[1] - from[1]] as const;
  const [left, right] = across.range() as [number, number];
  const [bottom, top] = up.range() as [number, number];
  const room = (part: number, start: number, low: number, high: number) =>
    part === 0 ? Number.POSITIVE_INFINITY : ((part > 0 ? high : low) - start) / part;
  const part = Math.min(1, room(way[0], from[0], left, right), room(way[1], from[1], top, bottom));
  return [{ step, from, to: [from[0] + part * way[0], from[1] + part * way[1]], leaves: part < 1 }];
}

function drawSteps(svg: SVGSVGElement, steps: readonly Step[], axes: Axes, { em }: Frame): void {
  const here = axes.place(0, 0);
  const heads = [...steps].reverse().flatMap((step) => headOf(step, axes));
  const shaft = ({ name, colour, dash }: Step) => ({ 'data-method': name, stroke: colour, 'stroke-dasharray': dash });
  drawPaths(
    element('.paths', svg),
    heads,
    ({ colour }) => ({ stroke: colour }),
    (head) => wayOf(head, axes),
  );
  drawPaths(element('.arrows', svg), heads, shaft, shaftOf);
  drawPaths(element('.heads', svg), heads.filter(isLong), ({ colour }) => ({ fill: colour }), tipOf);
  writeAttributes(element('.here', svg), { cx: round(here[0]), cy: round(here[1]) });
  writeAttributes(element('.here-label', svg), { x: round(here[0] - 0.9 * em), y: round(here[1] + 1.1 * em) });
  drawLabels(svg, heads, axes, em);
}

/** A path for each step, which looks the same wherever it leads. */
function drawPaths(
  group: Element,
  heads: readonly Head[],
  look: (step: Step) => Attributes,
  path: (head: Head) => string,
): void {
  select(group)
    .selectAll<SVGPathElement, Head>('path')
    .data(heads, ({ step }) => step.name)
    .join((entering) =>
      entering.append('path').each(function ({ step }) {
        writeAttributes(this, look(step));
      }),
    )
    .order()
    .attr('d', path);
}

/** The way of the iterates. Where it leaves the picture a thousandfold, it is cut where no browser loses its way. */
function wayOf({ step: { path } }: Head, { place }: Axes): string {
  const held = (value: number) => Math.min(Math.max(value, -1e5), 1e5);
  return written(() => {
    if (path.length > 1)
      for (const [index, point] of path.entries()) {
        const [x, y] = place(...point);
        pair(index > 0 ? 'L' : 'M', held(x), held(y));
      }
  });
}

function shaftOf({ from, to }: Head): string {
  return written(() => {
    pair('M', ...from);
    pair('L', ...to);
  });
}

/** The arrow's tip, by its coordinates: a transform that has changed has the page's layers put together anew. */
function tipOf({ from, to }: Head): string {
  const [along, aside] = [to[0] - from[0], to[1] - from[1]].map(
    (part) => part / Math.hypot(to[0] - from[0], to[1] - from[1]),
  ) as [number, number];
  const corner = (side: number) =>
    `${round(to[0] - 10 * along - side * aside)},${round(to[1] - 10 * aside + side * along)}`;
  return `M${round(to[0])},${round(to[1])}L${corner(4.5)}L${corner(-4.5)}Z`;
}

function isLong({ from, to }: Head): boolean {
  return Math.hypot(to[0] - from[0], to[1] - from[1]) > 6;
}

function drawLabels(svg: SVGSVGElement, heads: Head[], { across }: Axes, em: number): void {
  const [, right] = across.range() as [number, number];
  const places: { x: number; y: number }[] = [];
  for (const { from, to, leaves } of heads) {
    // At the left edge it stands inside, past the arrow's tip.
    const gap = leaves && to[0] < from[0] ? 1.5 * em : 0.6 * em;
    const place = { x: Math.min(to[0], right) + gap, y: to[1] + 0.35 * em };
    const lies = (other: typeof place) =>
      Math.abs(other.x - place.x) < 5 * em && Math.abs(other.y - place.y) < 1.15 * em;
    while (places.some(lies)) place.y += 0.3 * em;
    places.push(place);
  }
  select(svg)
    .select('.labels')
    .selectAll<SVGTextElement, Head>('text')
    .data(heads, ({ step }) => step.name)
    .join((entering) => entering.append('text').style('fill', ({ step }) => step.colour))
    .attr('x', (_, index) => round(places[index]?.x ?? 0))
    .attr('y', (_, index) => round(places[index]?.y ?? 0))
    .text(({ step, from, to, leaves }) =>
      leaves ? labelBeyond(step.label, [to[0] - from[0], to[1] - from[1]]) : step.label,
    );
}

/** By eighths of a turn, clockwise from the right: pixels count downwards. */
const WAYS = ['→', '↘', '↓', '↙', '←', '↖', '↑', '↗'];

/** The label of an arrow that leaves the picture, with the way that it goes, on the side that it goes to. */
export function labelBeyond(label: string, [across, down]: readonly [across: number, down: number]): string {
  const eighths = Math.round(Math.atan2(down, across) / (Math.PI / 4));
  const way = WAYS.at(eighths % 8);
  return across < 0 ? `${way} ${label}` : `${label} ${way}`;
}
