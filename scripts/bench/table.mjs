// The results as Markdown: times in the wasm module, their share of the measured peak, and ratios to the peers.

/** Floating-point operations of the plain way to do a task, by P and N; a symmetric matrix is counted once. */
const FLOPS = {
  gradient: (p, n) => 6 * p * n,
  product: (p, n) => 12 * p * n,
  hessian: (p, n) => n * p * p,
  ggn: (p, n) => n * p * p,
  eigenvalues: (p) => (4 / 3) * p ** 3,
  eigenvectors: (p) => (10 / 3) * p ** 3,
};

/** `sizes`: networks by name; `results`: by place, one answer a size; `others`: by peer, its times and ours beside them. */
export function table(sizes, tasks, results, others) {
  const places = Object.keys(results);
  const peers = Object.keys(others);
  const head = ['task', 'size', ...places, 'of the peak', ...peers.map((peer) => `${peer} ÷ Node`)];
  const rows = tasks
    .filter((task) => task !== 'peak')
    .flatMap((task) =>
      Object.keys(sizes).map((size, index) => row(task, [size, sizes[size].samples], index, results, others)),
    );
  const peak = places.map((place) => `${place} ${gigaflops(results[place][0]).toFixed(1)}`).join(', ');
  const large = places.map((place) => [place, results[place].at(-1)]);
  const rates = large.map(([place, answer]) => `${place} ${(1000 / answer.times.product).toFixed(1)}`).join(', ');
  return [
    markdown(head, rows),
    `Measured multiply-add peak of one core, GFlop/s: ${peak}. The share is Node's.`,
    ...(peers.length > 0
      ? ['JAX and PyTorch compute in float64 as we do, jax-js in float32. Each was followed by our own times in Node.']
      : []),
    `Iterations of CG a second with ${large[0][1].parameters} parameters and 100 data: ${rates}.`,
  ].join('\n\n');
}

function row(task, [size, samples], index, results, others) {
  const { times, parameters } = results.Node[index];
  const flops = FLOPS[task]?.(parameters, samples);
  const share = flops ? `${Math.round(flops / times[task] / 1e4 / gigaflops(results.Node[index]))} %` : '';
  const ratios = Object.values(others).map(({ theirs, ours }) => {
    const other = theirs[size]?.[task];
    return other ? `${rounded(other / ours[index].times[task])}×` : '';
  });
  return [
    task.replace('_', ' '),
    size,
    ...Object.values(results).map((place) => duration(place[index].times[task])),
    share,
    ...ratios,
  ];
}

/** Of rows of cells. */
export function markdown(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** From milliseconds. */
export function duration(time) {
  if (time === null || time === undefined) return '';
  return time < 1 ? `${rounded(1000 * time, 3)} µs` : `${rounded(time, 3)} ms`;
}

/** With so many digits, and no power of ten. */
function rounded(number, digits = 2) {
  return `${Number(number.toPrecision(digits))}`;
}

function gigaflops({ peak_flops, times }) {
  return peak_flops / times.peak / 1e6;
}
