// A matrix as a heatmap on a canvas: a diverging scale about zero, the layers outlined, one cell marked.

export type Rgb = readonly [red: number, green: number, blue: number];

export interface Palette {
  readonly zero: Rgb;
  readonly positive: Rgb;
  readonly negative: Rgb;
  readonly line: string;
  readonly ink: string;
}

export interface HeatmapView {
  readonly size: number;
  /** The entry in row r and column c. */
  readonly entry: (row: number, column: number) => number;
  /** The magnitude that gets the full colour. */
  readonly largest: number;
  /** Where each block of the outline ends. */
  readonly blocks: readonly number[];
  readonly cell: readonly [row: number, column: number] | null;
}

/** How strongly an entry is coloured, −1 to 1: by the cube root of its size, so that small entries are seen beside large ones. */
export function strength(value: number, largest: number): number {
  return largest > 0 ? Math.sign(value) * Math.cbrt(Math.min(Math.abs(value) / largest, 1)) : 0;
}

export function colourOf(value: number, largest: number, { zero, positive, negative }: Palette): Rgb {
  const amount = strength(value, largest);
  const end = amount < 0 ? negative : positive;
  const mix = (channel: 0 | 1 | 2) => Math.round(zero[channel] + (end[channel] - zero[channel]) * Math.abs(amount));
  return [mix(0), mix(1), mix(2)];
}

export function drawHeatmap(canvas: HTMLCanvasElement, view: HeatmapView, palette: Palette): void {
  const { size, blocks, cell } = view;
  const side = Math.round(canvas.clientWidth * devicePixelRatio);
  if (side === 0) return;
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.imageSmoothingEnabled = false;
  context.drawImage(pixelsOf(view, palette), 0, 0, side, side);
  const at = (index: number) => (index * side) / size;
  context.lineWidth = devicePixelRatio;
  context.strokeStyle = palette.line;
  for (const [index, end] of blocks.entries()) {
    const start = index === 0 ? 0 : (blocks[index - 1] as number);
    context.strokeRect(at(start), at(start), at(end - start), at(end - start));
  }
  context.strokeRect(0, 0, side, side);
  if (cell) markCell(context, cell, at, side, palette.ink);
}

/** One pixel an entry. */
function pixelsOf({ size, entry, largest }: HeatmapView, palette: Palette): HTMLCanvasElement {
  const small = Object.assign(document.createElement('canvas'), { width: size, height: size });
  const image = new ImageData(size, size);
  for (let place = 0; place < size * size; place++) {
    const colour = colourOf(entry(Math.floor(place / size), place % size), largest, palette);
    image.data.set([...colour, 255], 4 * place);
  }
  small.getContext('2d')?.putImageData(image, 0, 0);
  return small;
}

/** Hairlines along the cell's row and column, and a box about it that is never too small to see. */
function markCell(
  context: CanvasRenderingContext2D,
  [row, column]: readonly [number, number],
  at: (index: number) => number,
  side: number,
  ink: string,
): void {
  const [x, y] = [(at(column) + at(column + 1)) / 2, (at(row) + at(row + 1)) / 2];
  context.strokeStyle = ink;
  context.globalAlpha = 0.45;
  context.beginPath();
  context.moveTo(0, y);
  context.lineTo(side, y);
  context.moveTo(x, 0);
  context.lineTo(x, side);
  context.stroke();
  context.globalAlpha = 1;
  context.lineWidth = 2 * devicePixelRatio;
  const half = Math.max(at(1) / 2, 4 * devicePixelRatio);
  context.strokeRect(x - half, y - half, 2 * half, 2 * half);
}
