// The error budget: two columns of bars, a matrix's distance and its step's angle; a bar is one step, a tick the way from H.

import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { element } from '../dom';
import { short } from '../format';
import { round } from './curve';
import type { Frame } from './frame';
import { drawTicksBelow } from './ticks';

export interface BudgetRow {
  readonly name: string;
  readonly label: string;
  readonly colour: string;
  /** Rows of one group stand together, under its heading. */
  readonly group: number;
  /** From the row before, and from H; null where there is no angle. */
  readonly distance: readonly [step: number, total: number];
  readonly angle: readonly [step: number | null, total: number | null];
}

export interface BudgetView {
  readonly rows: readonly BudgetRow[];
  /** Each in a few words too, for where the others find no room. */
  readonly headings: readonly (readonly [words: string, few: string])[];
  /** What distances are parts of. */
  readonly matrix: string;
  /** The end of the distance axis. */
  readonly reach: number;
}

export const BUDGET_MARKUP = `<g class="axis distance-axis"></g><g class="axis angle-axis"></g>
  <g class="headings"></g><g class="budget-rows"></g><g class="titles"></g><rect class="room" />`;

const RIGHT_ANGLES = [0, 45, 90, 135, 180];
/** What the longest label of a row takes up, and the longest heading, in the chart's type size. */
const LABELS = 10;
const HEADINGS = 29;
/** What rounding leaves of a distance, and of an angle, that is zero. */
const NO_DISTANCE = 1e-9;
const NO_ANGLE = 1e-5;

function distanceWords(value: number): string {
  return value < NO_DISTANCE ? '0' : short(value, 2);
}

/** Whole degrees where there are many. */
export function angleWords(degrees: number): string {
  if (degrees < NO_ANGLE) return '0°';
  return degrees >= 10 ? `${degrees.toFixed(0)}°` : `${short(degrees, 2)}°`;
}

export function drawBudget(svg: SVGSVGElement, { rows, headings, matrix, reach }: BudgetView, frame: Frame): void {
  const { width, height, em } = frame;
  const narrow = width < 40 * em;
  const tight = width < HEADINGS * em;
  const label = Math.min(12 * em, Math.max(0.36 * width, LABELS * em));
  const middle = label + (width - label) / 2;
  const distance = scaleLinear([0, reach], [label, middle - 3.5 * em]);
  const angle = scaleLinear([0, 180], [middle + em, width - 3 * em]);
  const top = 1.6 * em;
  const bottom = height - 1.8 * em;
  const pitch = (bottom - top) / (rows.length + 1.1 * headings.length);
  const places = rows.map((row, index) => top + (index + 1.1 * (row.group + 1) + 0.5) * pitch);
  drawAxis(svg, '.distance-axis', distance, distance.ticks(narrow ? 2 : 4), top, bottom, em);
  drawAxis(svg, '.angle-axis', angle, tight ? [0, 180] : narrow ? [0, 90, 180] : RIGHT_ANGLES, top, bottom, em);
  drawTexts(svg, '.titles', [
    { x: label, y: 0.8 * em, text: narrow ? 'distance' : `distance, as a part of ${matrix}` },
    { x: middle + em, y: 0.8 * em, text: narrow ? 'angle' : 'angle of the step, in degrees' },
  ]);
  drawTexts(
    svg,
    '.headings',
    headings.map(([words, few], group) => {
      const text = tight ? few : words;
      const first = places[rows.findIndex((row) => row.group === group)] ?? top;
      return { x: 0, y: first - 0.75 * pitch, text };
    }),
  );
  select(svg)
    .select('.budget-rows')
    .selectAll<SVGGElement, BudgetRow>('g')
    .data(rows, (row) => row.name)
    .join((enter) => enter.append('g').html(ROW_MARKUP))
    .attr('data-stage', (row) => row.name)
    .style('--method', (row) => row.colour)
    .each(function (row, index) {
      const y = places[index] as number;
      const thick = Math.min(0.62 * pitch, 1.5 * em);
      const group = select(this);
      group
        .select('.stage')
        .attr('x', label - 0.8 * em)
        .attr('y', round(y + 0.35 * em))
        .text(row.label);
      drawBar(this, 'distance', distance, row.distance, y, thick, em, distanceWords);
      drawBar(this, 'angle', angle, row.angle, y, thick, em, angleWords);
    });
}

const ROW_MARKUP = `<text class="stage" text-anchor="end"></text>${['distance', 'angle']
  .map((kind) => `<path class="${kind} bar" /><path class="${kind} total" /><text class="${kind} value"></text>`)
  .join('')}`;

function drawBar(
  group: SVGGElement,
  kind: string,
  x: ScaleLinear<number, number>,
  [step, total]: readonly [number | null, number | null],
  y: number,
  thick: number,
  em: number,
  words: (value: number) => string,
): void {
  const [start, end] = x.range() as [number, number];
  const place = (value: number) => round(Math.min(x(value), end));
  const [low, high] = [round(y - thick / 2), round(y + thick / 2)];
  const root = select(group);
  root
    .select(`.${kind}.bar`)
    .attr('d', step === null ? '' : `M${round(start)},${low}H${place(step)}V${high}H${round(start)}Z`);
  root
    .select(`.${kind}.total`)
    .attr('d', total === null ? '' : `M${place(total)},${round(low - 0.2 * thick)}V${round(high + 0.2 * thick)}`);
  const past = Math.max(place(step ?? 0), place(total ?? 0));
  const beside = step !== null && total !== null && x(total) - x(step) > 3 * em;
  root
    .select(`.${kind}.value`)
    .attr('x', round((beside ? place(step) : past) + 0.5 * em))
    .attr('y', round(y + 0.35 * em))
    .text(step === null ? 'none' : `${words(step)}${x(step) > end ? ' →' : ''}`);
}

interface Text {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

function drawTexts(svg: SVGSVGElement, selector: string, texts: Text[]): void {
  select(svg)
    .select(selector)
    .selectAll<SVGTextElement, Text>('text')
    .data(texts)
    .join('text')
    .attr('x', ({ x }) => round(x))
    .attr('y', ({ y }) => round(y))
    .text(({ text }) => text);
}

function drawAxis(
  svg: SVGSVGElement,
  selector: string,
  x: ScaleLinear<number, number>,
  ticks: number[],
  top: number,
  bottom: number,
  em: number,
): void {
  drawTicksBelow(element(selector, svg), bottom, {
    scale: x,
    values: ticks,
    words: (value) => short(value),
    size: top - bottom,
    padding: 0.5 * em,
  });
}
