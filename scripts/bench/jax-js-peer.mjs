// Times jax-js in Node, by its WebAssembly backend in the float32 that is its own: gradient, product and Hessian, jitted.

// Its loader asks the browser for a graphics processor, and takes none for an answer.
globalThis.navigator ??= {};
const {
  blockUntilReady,
  defaultDevice,
  grad,
  hessian,
  init,
  jit,
  jvp,
  nn,
  numpy: np,
  random,
} = await import('@jax-js/jax');
await init('wasm');
defaultDevice('wasm');

const LEAST_SAMPLES = 5;
const MOST_SAMPLES = 200;
const MOST_MS = 2000;

async function median(work) {
  for (let warm = 0; warm < 2; warm++) await finish(work());
  const samples = [];
  const started = performance.now();
  while (samples.length < LEAST_SAMPLES || (samples.length < MOST_SAMPLES && performance.now() - started < MOST_MS)) {
    const start = performance.now();
    await finish(work());
    samples.push(performance.now() - start);
  }
  return samples.sort((a, b) => a - b)[samples.length >> 1];
}

/** Its arrays are counted references: a result is waited for, then let go. */
async function finish(result) {
  (await blockUntilReady(result)).dispose();
}

function problem(layers, samples) {
  const shapes = layers.slice(1).map((outputs, l) => [layers[l], outputs]);
  const count = shapes.reduce((sum, [inputs, outputs]) => sum + (inputs + 1) * outputs, 0);
  const normal = (seed, shape) => random.normal(random.key(seed), shape);
  const inputs = normal(1, [samples, layers[0]]);
  const targets = normal(2, [samples, layers.at(-1)]);

  const loss = (theta) => {
    let end = 0;
    const part = (length) => {
      end += length;
      return theta.ref.slice([end - length, end]);
    };
    let activations = inputs.ref;
    for (const [l, [before, after]] of shapes.entries()) {
      const weights = part(before * after).reshape([before, after]);
      const sums = np.matmul(activations, weights).add(part(after));
      activations = l < shapes.length - 1 ? nn.sigmoid(sums) : sums;
    }
    theta.dispose();
    return np.mean(np.square(activations.sub(targets.ref)));
  };
  return { loss, theta: normal(3, [count]).mul(0.3) };
}

async function times({ layers, samples }) {
  const { loss, theta } = problem(layers, samples);
  const vector = theta.ref.mul(2);
  const gradient = jit(grad(loss));
  const product = jit((at, along) => jvp(grad(loss), [at], [along])[1]);
  const matrix = jit(hessian(loss));
  return {
    gradient: await median(() => gradient(theta.ref)),
    product: await median(() => product(theta.ref, vector.ref)),
    hessian: await median(() => matrix(theta.ref)),
  };
}

const results = {};
for (const [name, size] of Object.entries(JSON.parse(process.argv[2]))) results[name] = await times(size);
console.log(JSON.stringify(results));
