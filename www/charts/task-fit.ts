// A function of one input and what a network makes of it, as curves, over the few data that the network adapted to.

import { scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { short } from '../format';
import { AXES_MARKUP, drawAxes } from './axes';
import { round } from './curve';
import type { Frame } from './frame';
import { pathThrough } from './path';

export interface TaskCurve {
  readonly name: 'truth' | 'before' | 'after';
  readonly outputs: readonly number[];
}

export interface TaskFitView {
  readonly inputs: readonly number[];
  readonly curves: readonly TaskCurve[];
  readonly data: readonly (readonly [x: number, y: number])[];
  /** The input that is read out. */
  readonly probe: number | null;
}

export const taskFitMarkup = (clip: string) =>
  `${AXES_MARKUP(clip)}<line class="probe" /><g class="task-curves" clip-path="url(#${clip})"></g><g class="task-data"></g>`;

/** Draws, and says where each input stands. The heights that are shown are those of the sines, so that they hold still. */
export function drawTaskFit(svg: SVGSVGElement, view: TaskFitView, { width, height, em }: Frame): number[] {
  const x = scaleLinear([view.inputs[0] ?? 0, view.inputs.at(-1) ?? 1], [3 * em, width - em]);
  const y = scaleLinear([-2.4, 2.4], [height - 3 * em, 1.8 * em]);
  const tickText = (value: number) => short(value, 2);
  drawAxes(
    svg,
    { scale: x, ticks: x.ticks(6), tickText, label: 'input →' },
    { scale: y, ticks: [-2, -1, 0, 1, 2], tickText, label: '↑ output' },
    em,
  );
  const place = (output: number, index: number) => [round(x(view.inputs[index] ?? 0)), round(y(output))] as const;
  const root = select(svg);
  root
    .select('.task-curves')
    .selectAll<SVGPathElement, TaskCurve>('path')
    .data(view.curves, ({ name }) => name)
    .join('path')
    .attr('class', ({ name }) => name)
    .attr('d', ({ outputs }) => pathThrough(outputs.map(place)));
  root
    .select('.task-data')
    .selectAll('circle')
    .data(view.data)
    .join('circle')
    .attr('r', 4)
    .attr('cx', ([input]) => round(x(input)))
    .attr('cy', ([, output]) => round(y(output)));
  const probe = round(x(view.probe ?? 0));
  const rule = root.select('.probe').attr('visibility', view.probe === null ? 'hidden' : 'visible');
  rule
    .attr('x1', probe)
    .attr('x2', probe)
    .attr('y1', y.range()[1] as number)
    .attr('y2', y.range()[0] as number);
  return view.inputs.map((input) => round(x(input)));
}
