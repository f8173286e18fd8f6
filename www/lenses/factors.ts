// KFAC's two factors of each layer as small heatmaps, with the entries marked that a cell of the whole matrix is made of.

import type { Matrices } from '../../pkg/hessian_lab';
import { frameOf } from '../charts/frame';
import { drawHeatmap, type Palette } from '../charts/heatmap';
import { drawIfNew } from '../kept';
import { parameterAt, subscript } from './parameter';

type Cell = readonly [row: number, column: number];

export interface FactorsView {
  readonly layers: readonly number[];
  readonly factors: Matrices['kfac_factors'];
  /** Of the whole matrix. */
  readonly cell: Cell | null;
}

export function drawFactors(place: HTMLElement, { layers, factors, cell }: FactorsView, palette: Palette): void {
  drawIfNew(place, layers, () => place.replaceChildren(intro(), ...factors.map((_, layer) => pairOf(layers, layer))));
  const canvases = place.querySelectorAll('canvas');
  for (const [layer, { a, b }] of factors.entries()) {
    const [inB, inA] = cellsIn(layers, layer, cell);
    drawFactor(canvases[2 * layer], b, inB, palette);
    drawFactor(canvases[2 * layer + 1], a, inA, palette);
  }
}

function intro(): HTMLElement {
  return Object.assign(document.createElement('p'), {
    textContent: 'KFAC’s two factors of each layer, each coloured up to its own largest entry',
  });
}

/** The sizes, and what they save. */
export function factorWords(layers: readonly number[], layer: number): string {
  const [inputs, outputs] = [(layers[layer] as number) + 1, layers[layer + 1] as number];
  const index = subscript(layer + 1);
  const [few, many] = [outputs ** 2 + inputs ** 2, (outputs * inputs) ** 2];
  return `B${index} (${outputs} × ${outputs}) ⊗ A${index} (${inputs} × ${inputs}): ${few} numbers for ${many}`;
}

function pairOf(layers: readonly number[], layer: number): HTMLElement {
  const pair = document.createElement('div');
  pair.className = 'factor-pair';
  const words = Object.assign(document.createElement('p'), { textContent: factorWords(layers, layer) });
  pair.append(words, document.createElement('canvas'), '⊗', document.createElement('canvas'));
  return pair;
}

/** Where a cell's entry comes from: nowhere, if it is of another layer or between two. */
export function cellsIn(layers: readonly number[], layer: number, cell: Cell | null): [b: Cell | null, a: Cell | null] {
  const [one, two] = (cell ?? []).map((index) => parameterAt(layers, index));
  if (!one || !two || one.layer !== layer || two.layer !== layer) return [null, null];
  return [
    [one.row, two.row],
    [one.column, two.column],
  ];
}

function drawFactor(
  canvas: HTMLCanvasElement | undefined,
  values: readonly number[],
  cell: Cell | null,
  palette: Palette,
): void {
  if (!canvas) return;
  const size = Math.sqrt(values.length);
  const entry = (row: number, column: number) => values[row * size + column] as number;
  drawIfNew(canvas, [values, ...(cell ?? []), palette, frameOf(canvas)], () =>
    drawHeatmap(canvas, { size, entry, largest: Math.max(...values.map(Math.abs)), blocks: [], cell }, palette),
  );
}
