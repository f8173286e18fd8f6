// The network itself: a node a unit, an edge a weight, its sign as colour and its size as width.

import { select } from 'd3-selection';
import { short } from '../format';
import type { Frame } from './frame';

export interface NetworkView {
  readonly layers: readonly number[];
  readonly theta: readonly number[];
}

interface Node {
  /** The place of its bias in θ. */
  readonly parameter: number | null;
  readonly x: number;
  readonly y: number;
  readonly title: string;
}

interface Edge {
  /** The place of its weight in θ. */
  readonly parameter: number;
  readonly from: Node;
  readonly to: Node;
  readonly weight: number;
  readonly title: string;
}

/** Wider layers are drawn by their first units only. */
const SHOWN = 12;

/** Where weight (i, j) of each layer stands in θ: PyTorch's order, W row-major and then b. */
function offsets(layers: readonly number[]): number[] {
  let next = 0;
  return layers.slice(1).map((out, layer) => {
    const start = next;
    next += out * ((layers[layer] as number) + 1);
    return start;
  });
}

export function networkLayout(
  { layers, theta }: NetworkView,
  { width, height, em }: Frame,
): { nodes: Node[][]; edges: Edge[] } {
  const starts = offsets(layers);
  const step = (width - 2.4 * em) / Math.max(layers.length - 1, 1);
  const nodes = layers.map((units, layer) => {
    const shown = Math.min(units, SHOWN);
    const pitch = Math.min((height - em) / shown, 2.6 * em);
    return Array.from({ length: shown }, (_, unit): Node => {
      const parameter =
        layer === 0 ? null : (starts[layer - 1] as number) + units * (layers[layer - 1] as number) + unit;
      const bias = parameter === null ? undefined : theta[parameter];
      return {
        parameter,
        x: 1.2 * em + layer * step,
        y: height / 2 + (unit - (shown - 1) / 2) * pitch,
        title: bias === undefined ? `input ${unit + 1}` : `layer ${layer}, unit ${unit + 1}: bias ${short(bias)}`,
      };
    });
  });
  const edges = nodes.slice(1).flatMap((column, layer) =>
    column.flatMap((to, i) =>
      (nodes[layer] as Node[]).map((from, j): Edge => {
        const parameter = (starts[layer] as number) + i * (layers[layer] as number) + j;
        const weight = theta[parameter] ?? 0;
        return {
          parameter,
          from,
          to,
          weight,
          title: `layer ${layer + 1}, weight from ${j + 1} to ${i + 1}: ${short(weight)}`,
        };
      }),
    ),
  );
  return { nodes, edges };
}

export function drawNetwork(svg: SVGSVGElement, view: NetworkView, frame: Frame): void {
  const { nodes, edges } = networkLayout(view, frame);
  const largest = Math.max(...edges.map((edge) => Math.abs(edge.weight)), Number.MIN_VALUE);
  const radius = Math.min(0.55 * frame.em, (0.32 * frame.height) / Math.max(...nodes.map((column) => column.length)));
  select(svg)
    .select('.edges')
    .selectAll<SVGPathElement, Edge>('path')
    .data(edges)
    .join((enter) => enter.append('path').call((path) => path.append('title')))
    .classed('minus', (edge) => edge.weight < 0)
    .classed('plus', (edge) => edge.weight >= 0)
    .attr('data-parameter', (edge) => edge.parameter)
    .attr('d', ({ from, to }) => curve(from, to))
    .attr('stroke-width', (edge) => 0.4 + 3 * (Math.abs(edge.weight) / largest))
    .select('title')
    .text((edge) => edge.title);
  select(svg)
    .select('.nodes')
    .selectAll<SVGCircleElement, Node>('circle')
    .data(nodes.flat())
    .join((enter) => enter.append('circle').call((circle) => circle.append('title')))
    .attr('data-parameter', (node) => node.parameter)
    .attr('cx', (node) => node.x)
    .attr('cy', (node) => node.y)
    .attr('r', radius)
    .select('title')
    .text((node) => node.title);
}

function curve(from: Node, to: Node): string {
  const middle = (from.x + to.x) / 2;
  const [x0, y0, xm, x1, y1] = [from.x, from.y, middle, to.x, to.y].map((value) => value.toFixed(1));
  return `M${x0},${y0}C${xm},${y0} ${xm},${y1} ${x1},${y1}`;
}

/** Lights the weights and biases at these places of θ, and no others. */
export function light(parameters: readonly number[]): void {
  for (const mark of document.querySelectorAll('#network-chart [data-parameter]'))
    mark.classList.toggle('lit', parameters.includes(Number(mark.getAttribute('data-parameter'))));
}
