// Bars on a log axis, one an eigenvector, in a row for each method; a tick over each bar shows what there was to find.

import { type ScaleLogarithmic, scaleLog } from 'd3-scale';
import { select } from 'd3-selection';
import { element } from '../dom';
import { short } from '../format';
import { drawIfNew } from '../kept';
import { round } from './curve';
import { decadeText, decadeTicks } from './decade-ticks';
import type { Decades } from './domain';
import type { Frame } from './frame';
import { drawTicksBeside } from './ticks';

export interface ModeRow {
  readonly name: string;
  readonly label: string;
  readonly colour: string;
  /** |qᵢᵀ(x − x*)|. */
  readonly left: readonly number[];
}

export interface ModeBarsView {
  /** Ascending. */
  readonly eigenvalues: readonly number[];
  /** |qᵢᵀx*|. */
  readonly toFind: readonly number[];
  readonly rows: readonly ModeRow[];
  readonly decades: Decades;
  /** The eigenvector that is read out. */
  readonly chosen: number | null;
}

export const MODE_BARS_MARKUP = `<rect class="chosen-mode" /><g class="rows"></g><g class="values"></g>
  <text class="axis-label x-label" text-anchor="end"></text><text class="axis-label y-label"></text>`;

/** Where each eigenvector stands, from left to right. */
export function modePlaces(eigenvalues: readonly number[], { width, em }: Frame): number[] {
  const left = 3.2 * em;
  const pitch = (width - left - 0.5 * em) / Math.max(eigenvalues.length, 1);
  return eigenvalues.map((_, index) => left + (index + 0.5) * pitch);
}

export function drawModeBars(svg: SVGSVGElement, view: ModeBarsView, frame: Frame): void {
  const { width, height, em } = frame;
  const places = modePlaces(view.eigenvalues, frame);
  const pitch = (width - 3.7 * em) / Math.max(places.length, 1);
  const top = 1.4 * em;
  const bottom = height - 2.9 * em;
  const step = (bottom - top) / Math.max(view.rows.length, 1);
  const root = select(svg);
  root
    .select('.chosen-mode')
    .attr('visibility', view.chosen === null ? 'hidden' : 'visible')
    .attr('x', round((places[view.chosen ?? 0] ?? 0) - pitch / 2))
    .attr('width', round(pitch))
    .attr('y', top)
    .attr('height', Math.max(bottom - top, 0));
  root
    .select('.rows')
    .selectAll<SVGGElement, ModeRow>('g.mode-row')
    .data(view.rows, (row) => row.name)
    .join((enter) => enter.append('g').attr('class', 'mode-row').html(ROW_MARKUP))
    .order()
    .attr('data-method', (row) => row.name)
    .style('--method', (row) => row.colour)
    .each(function (row, index) {
      const y = scaleLog(
        [10 ** view.decades[0], 10 ** view.decades[1]],
        [top + (index + 1) * step, top + index * step + 1.3 * em],
      );
      drawRow(this, row, view, { y, places, pitch, em, width });
    });
  drawValues(svg, view, places, bottom, em);
  root
    .select('.x-label')
    .attr('x', width - 0.5 * em)
    .attr('y', height - 0.2 * em)
    .text('eigenvalue of A, one bar an eigenvector →');
  root
    .select('.y-label')
    .attr('x', 0)
    .attr('y', 0.7 * em)
    .text('error left along each eigenvector, |qᵀ(x − x*)|');
}

const ROW_MARKUP =
  '<g class="axis y-axis"></g><path class="bars" /><path class="to-find" /><text class="row-label" text-anchor="end"></text>';

interface RowFrame {
  readonly y: ScaleLogarithmic<number, number>;
  readonly places: readonly number[];
  readonly pitch: number;
  readonly em: number;
  readonly width: number;
}

function drawRow(
  group: SVGGElement,
  row: ModeRow,
  view: ModeBarsView,
  { y, places, pitch, em, width }: RowFrame,
): void {
  const [bottom, top] = y.range() as [number, number];
  const [floor, ceiling] = y.domain() as [number, number];
  const height = (value: number) => round(y(Math.min(Math.max(value, floor), ceiling)));
  const half = Math.max(0.36 * pitch, 0.5);
  const bars = row.left.map((value, index) => {
    const x = places[index] as number;
    return value > floor ? `M${round(x - half)},${bottom}V${height(value)}H${round(x + half)}V${bottom}Z` : '';
  });
  const ticks = view.toFind.map((value, index) => {
    const x = places[index] as number;
    return value > floor && value <= ceiling
      ? `M${round(x - 1.25 * half)},${height(value)}H${round(x + 1.25 * half)}`
      : '';
  });
  const root = select(group);
  root.select('.bars').attr('d', bars.join(''));
  root.select('.to-find').attr('d', ticks.join(''));
  root
    .select('.row-label')
    .attr('x', width - 0.5 * em)
    .attr('y', round(top - 0.25 * em))
    .text(row.label);
  drawIfNew(element('.y-axis', group), [...y.domain(), ...y.range(), width, em], () =>
    drawTicksBeside(element('.y-axis', group), 3.2 * em, {
      scale: y,
      values: decadeTicks(view.decades, (bottom - top) / (1.9 * em)),
      words: decadeText,
      size: 3.7 * em - width,
      padding: 0.5 * em,
    }),
  );
}

/** Eigenvalues under the bars, as many as there is room for. */
function drawValues(
  svg: SVGSVGElement,
  { eigenvalues }: ModeBarsView,
  places: readonly number[],
  bottom: number,
  em: number,
): void {
  const pitch = (places[1] ?? Number.POSITIVE_INFINITY) - (places[0] ?? 0);
  const texts = eigenvalues.map((value) => short(value, 2));
  const widest = Math.max(...texts.map((text) => 0.52 * text.length + 0.8)) * em;
  const every = Math.max(Math.ceil(widest / pitch), 1);
  const shown = texts.map((text, index) => ({ text, index })).filter(({ index }) => index % every === 0);
  select(svg)
    .select('.values')
    .selectAll<SVGTextElement, (typeof shown)[number]>('text')
    .data(shown)
    .join('text')
    .attr('text-anchor', 'middle')
    .attr('x', ({ index }) => round(places[index] as number))
    .attr('y', bottom + 1.2 * em)
    .text(({ text }) => text);
}
