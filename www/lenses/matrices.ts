// Matrices side by side: any two of H and what stands in for it, and their difference, cell by cell.

import type { Matrices } from '../../pkg/hessian_lab';
import { frameOf } from '../charts/frame';
import { drawHeatmap, type HeatmapView, type Palette, type Rgb } from '../charts/heatmap';
import { element, write } from '../dom';
import { apart, capital, short } from '../format';
import { drawIfNew, Kept } from '../kept';
import type { Picture } from '../picture';
import type { MatrixName, State } from '../state';
import { drawFactors } from './factors';
import type { LensHost, LensReading } from './lens';
import { layerSizes, nameOf, parameterAt, subscript } from './parameter';

export const claim = 'KFAC keeps a product of two small factors for each layer, and zeros between layers.';

const LABELS: Record<MatrixName, string> = {
  hessian: 'Hessian',
  ggn: 'Gauss–Newton',
  fisher_empirical: 'empirical Fisher',
  block_diagonal: 'layer blocks of Gauss–Newton',
  kfac: 'KFAC',
  ekfac: 'EKFAC',
};
const SHORT: Record<MatrixName, string> = { ...LABELS, hessian: 'H', ggn: 'G', block_diagonal: 'blocks' };

/** Rows of the table: the cells where the two differ most. */
const TABLE_ROWS = 100;
/** A layer's share of the matrix, below which there is no room for “layer 3” above it. */
const NARROW = 0.16;

type Cell = readonly [row: number, column: number];

export function build(figure: HTMLElement, host: LensHost) {
  const drawn = new MatricesFigure(figure, host);
  return (picture: Picture): LensReading => drawn.show(picture);
}

class MatricesFigure {
  readonly #figure: HTMLElement;
  readonly #host: LensHost;
  readonly #choices: readonly HTMLSelectElement[];
  readonly #canvases: readonly HTMLCanvasElement[];
  readonly #reading = new Kept<Read>();
  #picture: Picture | null = null;
  #matrices: Matrices | null = null;
  #palette: Palette | null = null;
  #cell: Cell | null = null;

  constructor(figure: HTMLElement, host: LensHost) {
    figure.classList.add('matrices');
    figure.innerHTML = MARKUP;
    this.#figure = figure;
    this.#host = host;
    this.#choices = [...figure.querySelectorAll('select')];
    this.#canvases = [...figure.querySelectorAll('canvas')];
    this.#bindChoices();
    this.#bindCells();
    watchTheme((onPaper) => this.#repaint(onPaper));
  }

  show(picture: Picture): LensReading {
    const { state, report } = picture;
    this.#picture = picture;
    this.#matrices = steady(this.#matrices, report.matrices as Matrices, state);
    if (this.#cell && Math.max(...this.#cell) >= report.parameters) this.#cell = null;
    const read = this.#paint(picture, this.#matrices);
    this.#label(state, read.largest);
    this.#host.light(this.#cell ?? []);
    const words = this.#cell ? cellWords(picture, this.#matrices, this.#cell) : HOW_TO_POINT;
    write(this.#part('.cell-words'), words);
    return { sentence: read.sentence, table: () => tableOf(state, report.parameters, read.shown) };
  }

  #bindChoices(): void {
    for (const choice of this.#choices) {
      choice.append(...Object.entries(LABELS).map(([name, label]) => new Option(label, name)));
      choice.addEventListener('change', () => {
        // What both choices show, since the last picture drawn may be older than the other one's change.
        this.#host.set({ pair: this.#choices.map(({ value }) => value) as [MatrixName, MatrixName] });
        this.#host.settle();
      });
    }
  }

  #bindCells(): void {
    for (const canvas of this.#canvases)
      for (const kind of ['pointermove', 'pointerdown'] as const)
        canvas.addEventListener(kind, (event) => {
          if (this.#picture) this.#moveTo(cellUnder(event, canvas, this.#picture.report.parameters));
        });
    this.#part<HTMLElement>('.matrix-row').addEventListener('keydown', (event) => {
      const next = this.#picture && cellByKey(event, this.#cell, this.#picture.report.parameters);
      if (next === null) return;
      event.preventDefault();
      this.#moveTo(next === 'none' ? null : next);
    });
  }

  #moveTo(cell: Cell | null): void {
    this.#cell = cell;
    this.#host.redraw();
  }

  /** On paper at once: a frame later it is printed. */
  #repaint(onPaper: boolean): void {
    this.#palette = null;
    if (onPaper && this.#picture && this.#matrices) this.#paint(this.#picture, this.#matrices);
    else this.#host.redraw();
  }

  #paint({ state, report }: Picture, matrices: Matrices): Read {
    const size = report.parameters;
    const cell = this.#cell;
    const read = this.#reading.get([matrices, ...state.pair], () => readOf(state, size, matrices));
    this.#palette ??= paletteOf(this.#figure);
    const palette = this.#palette;
    for (const [index, entries] of read.shown.entries()) {
      const canvas = this.#canvases[index] as HTMLCanvasElement;
      const entry = (row: number, column: number) => entries[row * size + column] as number;
      const view = (): HeatmapView => ({
        size,
        entry,
        largest: read.largest,
        blocks: ends(layerSizes(state.layers)),
        cell,
      });
      drawIfNew(canvas, [entries, read.largest, cell, palette, frameOf(canvas)], () =>
        drawHeatmap(canvas, view(), palette),
      );
    }
    drawFactors(this.#part('.factors'), { layers: state.layers, factors: matrices.kfac_factors, cell }, palette);
    return read;
  }

  /** What stands around the heatmaps. */
  #label({ pair, layers }: State, largest: number): void {
    for (const [side, choice] of this.#choices.entries()) writeChoice(choice, pair[side] as string);
    write(this.#part('.difference-name'), `${SHORT[pair[0]]} − ${SHORT[pair[1]]}`);
    for (const row of this.#figure.querySelectorAll<HTMLElement>('.matrix-layers')) labelLayers(row, layers);
    for (const [index, label] of this.#figure.querySelectorAll('.scale-labels span').entries())
      write(label, short((SCALE_PARTS[index] as number) * largest, 2));
  }

  #part<T extends Element>(selector: string): T {
    return element<T>(selector, this.#figure);
  }
}

/** What the colour scale's labels stand at, as parts of the largest entry. */
const SCALE_PARTS = [-1, -0.125, 0, 0.125, 1];

function tableOf({ pair: [left, right], layers }: State, size: number, [first, second, difference]: Read['shown']) {
  return {
    columns: ['row, column', LABELS[left], LABELS[right], 'difference'],
    rows: largestPlaces(difference).map((place) => [
      pairName(layers, [Math.floor(place / size), place % size]),
      first[place],
      second[place],
      difference[place],
    ]),
  };
}

const panel = (heading: string) =>
  `<div class="matrix"><div class="matrix-head">${heading}</div><div class="matrix-layers" aria-hidden="true"></div><canvas></canvas></div>`;

const MARKUP = `
  <div class="matrix-row" role="application" tabindex="0" aria-label="Three heatmaps: arrow keys move from cell to cell">
    ${panel('<label>Left <select></select></label>')}
    ${panel('<label>Right <select></select></label>')}
    ${panel('<b class="difference-name"></b>')}
  </div>
  <div class="matrix-foot">
    <p class="cell-words" role="status"></p>
    <div class="colour-scale" aria-hidden="true">
      <div class="scale-bar"><i class="is-minus"></i><i class="is-zero"></i><i class="is-plus"></i><i class="is-line"></i><i class="is-ink"></i></div>
      <div class="scale-labels">${'<span></span>'.repeat(5)}</div>
    </div>
  </div>
  <div class="factors"></div>`;

const HOW_TO_POINT = 'Point at a cell, or press arrow keys here: its two weights light up in the network.';

/** What follows from the matrices and the choice of two. */
interface Read {
  readonly shown: ReturnType<typeof shownOf>;
  readonly largest: number;
  readonly sentence: string;
}

function readOf(state: State, size: number, matrices: Matrices): Read {
  const shown = shownOf(state, matrices);
  const largest = Math.max(...shown.map(largestOf));
  return { shown, largest, sentence: sentence(state, size, shown[2], largest, matrices) };
}

/** The two that are chosen, and their difference. */
function shownOf({ pair: [left, right] }: Pick<State, 'pair'>, matrices: Matrices) {
  return [matrices[left], matrices[right], matrices.difference as number[]] as const;
}

/** The present ones, where the next are the same: no slider moves them, though every report brings them. */
function steady(present: Matrices | null, next: Matrices, state: State): Matrices {
  const drawn = (matrices: Matrices) => [
    ...shownOf(state, matrices),
    matrices.kfac,
    ...matrices.kfac_factors.flatMap(({ a, b }) => [a, b]),
  ];
  const numbers = present && drawn(present);
  return numbers && drawn(next).every((row, index) => areSame(row, numbers[index])) ? present : next;
}

function areSame(row: readonly number[], other: readonly number[] | undefined): boolean {
  return row.length === other?.length && row.every((value, index) => value === other[index]);
}

function writeChoice(choice: HTMLSelectElement, value: string): void {
  if (choice.value !== value) choice.value = value;
}

function largestOf(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** Where each block ends. */
function ends(sizes: readonly number[]): number[] {
  return sizes.map((_, index) => sizes.slice(0, index + 1).reduce((sum, size) => sum + size, 0));
}

function labelLayers(row: HTMLElement, layers: readonly number[]): void {
  drawIfNew(row, layers, () => row.replaceChildren(...layerSizes(layers).map(layerLabel)));
}

/** Where a word finds no room its number does. */
function layerLabel(size: number, layer: number, sizes: readonly number[]): HTMLElement {
  const isNarrow = size < NARROW * sizes.reduce((sum, one) => sum + one);
  const textContent = isNarrow ? `${layer + 1}` : `layer ${layer + 1}`;
  const label = Object.assign(document.createElement('span'), { textContent });
  label.style.flexGrow = `${size}`;
  return label;
}

function cellUnder(event: PointerEvent, canvas: HTMLCanvasElement, size: number): Cell {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const place = (offset: number, room: number) => Math.min(Math.max(Math.floor((offset / room) * size), 0), size - 1);
  return [place(event.clientY - top, height), place(event.clientX - left, width)];
}

/** The cell that a key moves to; Escape leaves it. */
function cellByKey(
  { key, target, currentTarget }: KeyboardEvent,
  cell: Cell | null,
  size: number,
): Cell | 'none' | null {
  if (target !== currentTarget) return null;
  if (key === 'Escape') return 'none';
  const steps: Record<string, Cell> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const step = steps[key];
  if (!step) return null;
  if (!cell) return [0, 0];
  const within = (place: number) => Math.min(Math.max(place, 0), size - 1);
  return [within(cell[0] + step[0]), within(cell[1] + step[1])];
}

/** What a cell's two weights are, and what each of the two matrices and KFAC's factors say of them. */
function cellWords({ state, report }: Picture, matrices: Matrices, [row, column]: Cell): string {
  const place = row * report.parameters + column;
  const shown = state.pair.filter((name, index) => name !== 'kfac' && state.pair.indexOf(name) === index);
  const values = shown.map((name) => `${SHORT[name]} = ${short(matrices[name][place] as number)}`);
  return `${pairName(state.layers, [row, column])}: ${[...values, kfacWords(state, matrices, [row, column], place)].join(', ')}`;
}

/** KFAC's entry as the product it is; on the diagonal, weight decay is added to it. */
function kfacWords(
  { layers, weightDecay }: State,
  { kfac, kfac_factors }: Matrices,
  [row, column]: Cell,
  place: number,
): string {
  const [one, two] = [parameterAt(layers, row), parameterAt(layers, column)];
  const factors = kfac_factors[one.layer];
  if (one.layer !== two.layer || !factors) return 'KFAC = 0, since the two are in different layers';
  const index = subscript(one.layer + 1);
  const b = factors.b[one.row * one.outputs + two.row] as number;
  const a = factors.a[one.column * (one.inputs + 1) + two.column] as number;
  const names = `B${index}[${one.row + 1}, ${two.row + 1}] × A${index}[${one.column + 1}, ${two.column + 1}]`;
  const [decayName, decay] = row === column && weightDecay > 0 ? [' + μ', ` + ${short(weightDecay)}`] : ['', ''];
  return `KFAC = ${names}${decayName} = ${signed(b)} × ${signed(a)}${decay} = ${short(kfac[place] as number, DIGITS)}`;
}

/** So many that a product comes out as it is written. */
const DIGITS = 4;

function signed(value: number): string {
  return value < 0 ? `(${short(value, DIGITS)})` : short(value, DIGITS);
}

function pairName(layers: readonly number[], [row, column]: Cell): string {
  if (row === column) return nameOf(parameterAt(layers, row));
  return `${nameOf(parameterAt(layers, row))} and ${nameOf(parameterAt(layers, column))}`;
}

/** Places on and above the diagonal, the largest entries first: the matrices are symmetric. */
function largestPlaces(values: readonly number[]): number[] {
  const size = Math.sqrt(values.length);
  const upper = [...values.keys()].filter((place) => Math.floor(place / size) <= place % size);
  return upper.sort((a, b) => Math.abs(values[b] as number) - Math.abs(values[a] as number)).slice(0, TABLE_ROWS);
}

function sentence(state: State, size: number, difference: number[], largest: number, matrices: Matrices): string {
  const [left, right] = state.pair;
  if (left === right) return `${capital(LABELS[left])} is shown twice: choose another to compare it with.`;
  const most = largestOf(difference);
  if (most <= 1e-12 * largest)
    return `${capital(LABELS[left])} and ${LABELS[right]} are the same matrix here, to rounding.`;
  const place = difference.findIndex((value) => Math.abs(value) === most);
  const cell: Cell = [Math.floor(place / size), place % size];
  const [one, two] = cell.map((index) => parameterAt(state.layers, index).layer + 1);
  const where = one === two ? `within layer ${one}` : `between layers ${one} and ${two}`;
  const values = apart(matrices[left][place] as number, matrices[right][place] as number).join(' against ');
  return `${capital(LABELS[left])} and ${LABELS[right]} differ most ${where}, at ${pairName(state.layers, cell)}: ${values}.`;
}

/** The theme's colours, read where the scale shows them. */
function paletteOf(figure: HTMLElement): Palette {
  const css = (name: string) => getComputedStyle(figure.querySelector(`.scale-bar .${name}`) as Element).color;
  const rgb = (name: string) => (css(name).match(/[\d.]+/g) ?? []).slice(0, 3).map(Number) as unknown as Rgb;
  return {
    zero: rgb('is-zero'),
    positive: rgb('is-plus'),
    negative: rgb('is-minus'),
    line: css('is-line'),
    ink: css('is-ink'),
  };
}

/** A canvas does not follow the theme by itself. */
function watchTheme(onChange: (onPaper: boolean) => void): void {
  matchMedia('print').addEventListener('change', () => onChange(true));
  for (const colours of ['(prefers-color-scheme: dark)', '(forced-colors: active)'])
    matchMedia(colours).addEventListener('change', () => onChange(false));
  new MutationObserver(() => onChange(false)).observe(document.documentElement, { attributeFilter: ['data-theme'] });
}
