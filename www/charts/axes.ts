// Two axes with their ticks and words, and the room that they enclose.

import type { ScaleContinuousNumeric } from 'd3-scale';
import { select } from 'd3-selection';
import { element } from '../dom';
import { drawIfNew } from '../kept';
import { drawTicksBelow, drawTicksBeside } from './ticks';

type Scale = ScaleContinuousNumeric<number, number>;

export interface Axis {
  readonly scale: Scale;
  readonly ticks: readonly number[];
  readonly tickText: (value: number) => string;
  readonly label: string;
}

export const AXES_MARKUP = (clip: string) => `
  <defs><clipPath id="${clip}"><rect /></clipPath></defs><g class="axis y-axis"></g><g class="axis x-axis"></g>
  <text class="axis-label x-label" text-anchor="end"></text><text class="axis-label y-label"></text>`;

export function drawAxes(svg: SVGSVGElement, across: Axis, up: Axis, em: number): void {
  // The ticks' words follow from the ticks, one way in a chart.
  const shown = [across, up].flatMap(({ scale, ticks, label }) => [
    ...[...scale.domain(), ...scale.range(), ...ticks].map(Number),
    label,
  ]);
  drawIfNew(element('.y-axis', svg), [...shown, em], () => drawBoth(svg, across, up, em));
}

function drawBoth(svg: SVGSVGElement, across: Axis, up: Axis, em: number): void {
  const [left, right] = across.scale.range() as [number, number];
  const [bottom, top] = up.scale.range() as [number, number];
  const root = select(svg);
  const ticksOf = ({ scale, ticks, tickText }: Axis) => ({ scale, values: ticks, words: tickText });
  drawTicksBelow(element('.x-axis', svg), bottom, { ...ticksOf(across), size: 0.3 * em });
  drawTicksBeside(element('.y-axis', svg), left, { ...ticksOf(up), size: left - right, padding: 0.4 * em });
  const box = root.select('clipPath rect').attr('x', left).attr('y', top);
  box.attr('width', Math.max(right - left, 0)).attr('height', Math.max(bottom - top, 0));
  root
    .select('.x-label')
    .attr('x', right)
    .attr('y', bottom + 2.6 * em)
    .text(across.label);
  root
    .select('.y-label')
    .attr('x', 0)
    .attr('y', 0.9 * em)
    .text(up.label);
}
