// The spectrum: one row an eigenvalue, from where it was without damping to where it is now, over Neumann's interval.

import { axisBottom } from 'd3-axis';
import { type ScaleSymLog, scaleSymlog } from 'd3-scale';
import { select } from 'd3-selection';
import { element } from '../dom';
import { short } from '../format';
import { drawIfNew } from '../kept';
import type { Frame } from './frame';
import { ticksByPowers } from './powers';

export interface SpectrumView {
  /** Eigenvalues without damping, ascending. */
  readonly eigenvalues: readonly number[];
  readonly damping: number;
  readonly scale: number;
  /** What lies this close to zero counts as zero. */
  readonly tolerance: number;
}

type X = ScaleSymLog<number, number>;

/** Depends on the undamped spectrum alone, so that it holds still while a slider moves. */
export function spectrumScale(eigenvalues: readonly number[], { width, em }: Frame): X {
  const low = Math.min(0, eigenvalues[0] ?? 0);
  const high = eigenvalues[eigenvalues.length - 1] ?? 0;
  const size = Math.max(-low, high) || 1;
  const knee = 10 ** Math.round(Math.log10(size) - 3);
  const left = Math.min(1.6 * low, -3 * knee);
  return scaleSymlog([left, 6 * size], [1.4 * em, width - 1.4 * em]).constant(knee);
}

export type Kind = 'negative' | 'zero-value' | 'inside' | 'outside';

/** Below zero, zero to rounding, within Neumann's interval (0, 2s), or beyond it. */
export function kindOf(eigenvalue: number, { scale, tolerance }: Pick<SpectrumView, 'scale' | 'tolerance'>): Kind {
  if (Math.abs(eigenvalue) <= tolerance) return 'zero-value';
  if (eigenvalue < 0) return 'negative';
  return eigenvalue < 2 * scale ? 'inside' : 'outside';
}

export function drawSpectrum(svg: SVGSVGElement, view: SpectrumView, frame: Frame): X {
  const x = spectrumScale(view.eigenvalues, frame);
  const { height, em } = frame;
  const top = 2.6 * em;
  const bottom = height - 2 * em;
  drawIfNew(element('.x-axis', svg), [...x.domain(), x.constant(), frame], () => drawAxis(svg, x, bottom, em));
  drawInterval(svg, view, x, top, bottom, em);
  drawRows(svg, view, x, top, bottom);
  return x;
}

function drawAxis(svg: SVGSVGElement, x: X, bottom: number, em: number): void {
  select(svg)
    .select<SVGGElement>('.x-axis')
    .attr('transform', `translate(0,${bottom})`)
    .call(
      axisBottom(x)
        .tickValues(ticksByPowers(x, 2.6 * em))
        .tickFormat((value) => short(Number(value), 2))
        .tickSize(0.3 * em)
        .tickPadding(0.3 * em),
    );
}

function drawInterval(
  svg: SVGSVGElement,
  { scale }: SpectrumView,
  x: X,
  top: number,
  bottom: number,
  em: number,
): void {
  const [, end] = x.range() as [number, number];
  const zero = x(0);
  const edge = Math.min(x(2 * scale), end);
  const root = select(svg);
  root
    .select('.interval')
    .attr('x', zero)
    .attr('y', top)
    .attr('width', Math.max(edge - zero, 0))
    .attr('height', bottom - top);
  root.select('.zero').attr('x1', zero).attr('x2', zero).attr('y1', top).attr('y2', bottom);
  root.selectAll('.edge, .edge-handle').attr('x1', edge).attr('x2', edge).attr('y1', top).attr('y2', bottom);
  root
    .select('.zero-label')
    .attr('x', zero)
    .attr('y', top - 0.5 * em)
    .text('0');
  const off = x(2 * scale) > end;
  root
    .select('.edge-label')
    .attr('x', edge)
    .attr('y', top - 0.5 * em)
    .attr('text-anchor', edge > end - 3 * em ? 'end' : 'middle')
    .text(`2s = ${short(2 * scale)}${off ? ' →' : ''}`);
}

interface Row {
  readonly from: number;
  readonly to: number;
  readonly y: number;
  readonly kind: Kind;
  /** Negative without damping, and positive with it. */
  readonly cured: boolean;
}

function drawRows(svg: SVGSVGElement, view: SpectrumView, x: X, top: number, bottom: number): void {
  const [, end] = x.range() as [number, number];
  const pitch = (bottom - top) / (view.eigenvalues.length + 1);
  const radius = Math.max(1.2, Math.min(4, 0.42 * pitch));
  const rows = view.eigenvalues.map(
    (value, index): Row => ({
      from: x(value),
      to: Math.min(x(value + view.damping), end),
      y: bottom - (index + 1) * pitch,
      kind: kindOf(value + view.damping, view),
      cured: value < -view.tolerance && value + view.damping > view.tolerance,
    }),
  );
  select(svg)
    .select('.shifts')
    .selectAll<SVGLineElement, Row>('line')
    .data(rows)
    .join('line')
    .attr('class', (row) => (row.cured ? 'cured' : null))
    .attr('x1', (row) => row.from)
    .attr('x2', (row) => row.to)
    .attr('y1', (row) => row.y)
    .attr('y2', (row) => row.y);
  select(svg)
    .select('.eigenvalues')
    .selectAll<SVGPathElement, Row>('path')
    .data(rows)
    .join('path')
    .attr('class', (row) => row.kind)
    .attr('transform', (row) => `translate(${row.to.toFixed(1)},${row.y.toFixed(1)})`)
    .attr('d', (row) => (row.kind === 'negative' ? diamond(1.25 * radius) : disc(radius)));
}

function disc(r: number): string {
  return `M${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`;
}

function diamond(r: number): string {
  return `M0,${-r}L${r},0L0,${r}L${-r},0Z`;
}
