// The spectrum: one row an eigenvalue, from where it was without damping to where it is now, over Neumann's interval.

import { type ScaleSymLog, scaleSymlog } from 'd3-scale';
import { select } from 'd3-selection';
import { element, writeAttribute } from '../dom';
import { short } from '../format';
import { drawIfNew, keptFor } from '../kept';
import { isPastEdge } from '../reading';
import { round } from './curve';
import type { Frame } from './frame';
import { number, pair, write, written } from './pen';
import { ticksByPowers } from './powers';
import { drawTicksBelow } from './ticks';

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

const KINDS = ['negative', 'zero-value', 'inside', 'outside'] as const;
export type Kind = (typeof KINDS)[number];

/** What damping has done to an eigenvalue; one is cured that is negative without it, and positive with it. */
const SHIFTS = ['kept', 'cured'] as const;

/** Below zero, zero to rounding, within Neumann's interval (0, 2s), or beyond it. */
export function kindOf(eigenvalue: number, { scale, tolerance }: Pick<SpectrumView, 'scale' | 'tolerance'>): Kind {
  if (Math.abs(eigenvalue) <= tolerance) return 'zero-value';
  if (eigenvalue < 0) return 'negative';
  return isPastEdge(eigenvalue, scale, tolerance) ? 'outside' : 'inside';
}

export function drawSpectrum(svg: SVGSVGElement, view: SpectrumView, frame: Frame): X {
  const [low, high] = [view.eigenvalues[0], view.eigenvalues.at(-1)];
  const x = keptFor(element('.zero', svg), [low, high, frame], () => spectrumScale(view.eigenvalues, frame));
  const { height, em } = frame;
  const top = 2.6 * em;
  const bottom = height - 2 * em;
  drawIfNew(element('.x-axis', svg), [...x.domain(), x.constant(), frame], () => drawAxis(svg, x, bottom, em));
  drawIfNew(element('.interval', svg), [...x.domain(), view.scale, frame], () =>
    drawInterval(svg, view, x, top, bottom, em),
  );
  drawRows(svg, view, x, top, bottom);
  return x;
}

function drawAxis(svg: SVGSVGElement, x: X, bottom: number, em: number): void {
  drawTicksBelow(element('.x-axis', svg), bottom, {
    scale: x,
    values: ticksByPowers(x, 2.6 * em),
    words: (value) => short(value, 2),
    size: 0.3 * em,
    padding: 0.3 * em,
  });
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
  root.select('.edge-handle').attr('aria-valuenow', 2 * scale);
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
  readonly shift: (typeof SHIFTS)[number];
}

function drawRows(svg: SVGSVGElement, view: SpectrumView, x: X, top: number, bottom: number): void {
  const pitch = (bottom - top) / (view.eigenvalues.length + 1);
  const radius = round(Math.max(1.2, Math.min(4, 0.42 * pitch)));
  const rows = view.eigenvalues.map((value, index) => rowOf(value, bottom - (index + 1) * pitch, view, x));
  drawTogether(element('.shifts', svg), SHIFTS, (look) => {
    for (const row of rows) if (row.shift === look) line(row);
  });
  drawTogether(element('.eigenvalues', svg), KINDS, (look) => {
    for (const row of rows) if (row.kind === look) marker(row, radius);
  });
}

function rowOf(value: number, y: number, view: SpectrumView, x: X): Row {
  const [, end] = x.range() as [number, number];
  const damped = value + view.damping;
  return {
    from: round(x(value)),
    to: round(Math.min(x(damped), end)),
    y: round(y),
    kind: kindOf(damped, view),
    shift: value < -view.tolerance && damped > view.tolerance ? 'cured' : 'kept',
  };
}

/** One path for all that look alike: a browser styles, lays out and paints each path by itself. */
function drawTogether<L extends string>(place: Element, looks: readonly L[], draw: (look: L) => void): void {
  drawIfNew(place, looks, () => select(place).selectAll('path').data(looks).join('path').attr('class', String));
  for (const [index, look] of looks.entries())
    writeAttribute(
      place.children[index] as Element,
      'd',
      written(() => draw(look)),
    );
}

function line({ from, to, y }: Row): void {
  pair('M', from, y);
  write('H');
  number(to);
}

function marker({ to, y, kind }: Row, radius: number): void {
  if (kind === 'negative') diamond(to, y, 1.25 * radius);
  else disc(to, y, radius);
}

function disc(x: number, y: number, r: number): void {
  pair('M', x - r, y);
  pair('a', r, r);
  pair(' 0 1,0 ', 2 * r, 0);
  pair('a', r, r);
  pair(' 0 1,0 ', -2 * r, 0);
  write('Z');
}

function diamond(x: number, y: number, r: number): void {
  pair('M', x, y - r);
  pair('l', r, r);
  pair('l', -r, r);
  pair('l', -r, -r);
  write('Z');
}
