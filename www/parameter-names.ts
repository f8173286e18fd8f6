// What each parameter is called, in θ's order: for each layer the weights, row by row, then the biases.

export function parameterNames(layers: readonly number[]): string[] {
  return layers.slice(1).flatMap((outputs, index) => {
    const inputs = layers[index] as number;
    const layer = `layer ${index + 1}`;
    const weights = range(outputs).flatMap((to) => range(inputs).map((from) => `${layer}, weight ${from} → ${to}`));
    return [...weights, ...range(outputs).map((to) => `${layer}, bias ${to}`)];
  });
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
