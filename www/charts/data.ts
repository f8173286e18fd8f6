// The data, small: points on a plane or a line where the inputs have one or two numbers, else a strip of cells.

import { scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import type { ExplicitData } from '../../pkg/hessian_lab';
import { short } from '../format';
import type { Frame } from './frame';

export interface DataView extends ExplicitData {
  /** Whether targets are classes, and no values. */
  readonly classes: boolean;
}

interface Mark {
  readonly x: number;
  readonly y: number;
  /** The class or the sign that colour and shape tell. */
  readonly kind: string;
  readonly title: string;
}

interface Cell extends Mark {
  readonly width: number;
  readonly height: number;
  readonly strength: number;
}

const KINDS = ['plus', 'minus', 'third', 'fourth'];
/** A strip shows the first so many data. */
const STRIP = 60;

export function drawData(svg: SVGSVGElement, data: DataView, frame: Frame): void {
  const inputs = data.inputs[0]?.length ?? 0;
  const points = inputs <= 2 ? pointsOf(data, inputs, frame) : [];
  const cells = inputs > 2 ? cellsOf(data, frame) : [];
  select(svg)
    .select('.points')
    .selectAll<SVGPathElement, Mark>('path')
    .data(points)
    .join((enter) => enter.append('path').call((path) => path.append('title')))
    .attr('class', (mark) => mark.kind)
    .attr('transform', (mark) => `translate(${mark.x.toFixed(1)},${mark.y.toFixed(1)})`)
    .attr('d', (mark) => shapeOf(mark.kind))
    .select('title')
    .text((mark) => mark.title);
  select(svg)
    .select('.cells')
    .selectAll<SVGRectElement, Cell>('rect')
    .data(cells)
    .join((enter) => enter.append('rect').call((rect) => rect.append('title')))
    .attr('class', (cell) => cell.kind)
    .attr('x', (cell) => cell.x)
    .attr('y', (cell) => cell.y)
    .attr('width', (cell) => cell.width)
    .attr('height', (cell) => cell.height)
    .attr('fill-opacity', (cell) => cell.strength.toFixed(2))
    .select('title')
    .text((cell) => cell.title);
}

function targetsOf(data: ExplicitData, index: number): number[] {
  const target = data.targets[index];
  return Array.isArray(target) ? target : [target ?? 0];
}

function kindOf(data: DataView, index: number): string {
  const target = targetsOf(data, index);
  if (data.classes) return KINDS[(target[0] ?? 0) % KINDS.length] as string;
  if (target.length > 1) return KINDS[target.indexOf(Math.max(...target)) % KINDS.length] as string;
  return (target[0] ?? 0) < 0 ? 'minus' : 'plus';
}

/** One input and a real target: target over input. Two inputs: the plane of the inputs. */
function pointsOf(data: DataView, inputs: number, { width, height, em }: Frame): Mark[] {
  const across = (row: readonly number[]) => row[0] ?? 0;
  const up = (row: readonly number[], index: number) =>
    inputs === 2 ? (row[1] ?? 0) : (targetsOf(data, index)[0] ?? 0);
  const edge = 0.6 * em;
  const xs = data.inputs.map(across);
  const ys = data.inputs.map(up);
  const x = scaleLinear(extent(xs), [edge, width - edge]);
  const y = scaleLinear(extent(ys), [height - edge, edge]);
  return data.inputs.map((row, index) => ({
    x: x(xs[index] as number),
    y: y(ys[index] as number),
    kind: inputs === 1 && !data.classes ? 'plus' : kindOf(data, index),
    title: titleOf(row, targetsOf(data, index)),
  }));
}

function extent(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low < high ? [low, high] : [low - 1, high + 1];
}

/** A column a datum: a cell an input, and below a gap a cell a target. */
function cellsOf(data: ExplicitData, { width, height, em }: Frame): Cell[] {
  const shown = data.inputs.slice(0, STRIP);
  const targets = targetsOf(data, 0).length;
  const rows = (shown[0]?.length ?? 0) + targets;
  const gap = 0.3 * em;
  const [w, h] = [width / shown.length, (height - gap) / rows];
  return shown.flatMap((inputs, column) => {
    const values = [...inputs, ...targetsOf(data, column)];
    return values.map((value, row) => ({
      x: column * w,
      y: row * h + (row >= inputs.length ? gap : 0),
      width: Math.max(w - 1, 0.5),
      height: Math.max(h - 1, 0.5),
      kind: value < 0 ? 'minus' : 'plus',
      strength: 0.08 + 0.92 * Math.min(Math.abs(value) / 2, 1),
      title: `datum ${column + 1}, ${row < inputs.length ? `input ${row + 1}` : 'target'}: ${short(value)}`,
    }));
  });
}

function titleOf(inputs: readonly number[], targets: readonly number[]): string {
  const list = (values: readonly number[]) => values.map((value) => short(value)).join(', ');
  return `${list(inputs)} → ${list(targets)}`;
}

/** A disc, a square, a triangle or a cross: told apart without colour too. */
function shapeOf(kind: string): string {
  if (kind === 'minus') return 'M-2.6,-2.6H2.6V2.6H-2.6Z';
  if (kind === 'third') return 'M0,-3.6L3.4,2.6H-3.4Z';
  if (kind === 'fourth') return 'M-1,-3.4H1V-1H3.4V1H1V3.4H-1V1H-3.4V-1H-1Z';
  return 'M-3,0a3,3 0 1,0 6,0a3,3 0 1,0 -6,0Z';
}
