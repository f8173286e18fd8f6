// A parameter's place in the network, out of its place in θ: PyTorch's order, W row-major and then b, layer by layer.

export interface Parameter {
  /** From 0. */
  readonly layer: number;
  /** The row and column of W̄ = [W b]; the bias's column comes last. */
  readonly row: number;
  readonly column: number;
  readonly inputs: number;
  readonly outputs: number;
}

export function parameterAt(layers: readonly number[], index: number): Parameter {
  let start = 0;
  for (let layer = 0; layer + 1 < layers.length; layer++) {
    const [inputs, outputs] = [layers[layer] as number, layers[layer + 1] as number];
    const place = index - start;
    const weights = inputs * outputs;
    if (place < weights) return { layer, row: Math.floor(place / inputs), column: place % inputs, inputs, outputs };
    if (place < weights + outputs) return { layer, row: place - weights, column: inputs, inputs, outputs };
    start += weights + outputs;
  }
  throw new Error(`θ has no entry ${index}`);
}

/** Parameters in each layer. */
export function layerSizes(layers: readonly number[]): number[] {
  return layers.slice(1).map((outputs, layer) => outputs * ((layers[layer] as number) + 1));
}

/** W₁[2, 3], to unit 2 from unit 3; b₁[2]. */
export function nameOf({ layer, row, column, inputs }: Parameter): string {
  return column === inputs
    ? `b${subscript(layer + 1)}[${row + 1}]`
    : `W${subscript(layer + 1)}[${row + 1}, ${column + 1}]`;
}

export function subscript(value: number): string {
  return [...`${value}`].map((digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]).join('');
}
