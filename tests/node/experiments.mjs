// Draws experiments and sketches of every kind that the contract allows, small enough to run by the thousand.

const ACTIVATIONS = ['sigmoid', 'tanh', 'relu', 'softplus', 'identity'];
const CURVATURES = ['hessian', 'ggn', 'fisher_mc', 'fisher_empirical'];
const ANALYSES = ['modes', 'polynomials', 'bounds', 'slice', 'budget', 'reduction', 'conventions'];
const RACERS = ['gradient_descent', 'momentum', 'line_search', 'newton', 'gauss_newton', 'cg', 'kfac'];
const PRECONDITIONERS = ['none', 'kfac', 'ekfac'];
const PRECISIONS = ['f64', 'f32'];

/** P: a weight for every pair of neighbouring units, and a bias for every unit but the inputs. */
export function parametersOf(layers) {
  return layers.slice(1).reduce((sum, out, index) => sum + out * (layers[index] + 1), 0);
}

export function samplesOf({ inputs, samples }) {
  return inputs?.length ?? samples;
}

/** Numbers of ordinary size; with `extreme`, up to the limits of every range. */
export function drawExperiment(draws, { extreme = false } = {}) {
  const loss = draws.pick(['mse', 'cross_entropy']);
  const layers = drawLayers(draws, loss);
  const data = drawData(draws, layers, loss, extreme);
  const count = parametersOf(layers);
  return {
    network: drawNetwork(draws, layers, extreme),
    data,
    loss,
    methods: draws.list(draws.whole(0, 5), () => drawMethod(draws, samplesOf(data), extreme)),
    ...maybe(draws, 0.3, () => ({
      validation: drawData(draws, layers, loss, extreme),
      applications: drawApplications(draws),
    })),
    ...maybe(draws, 0.1, () => ({ applications: ['race'], race: drawRace(draws, extreme) })),
    ...maybe(draws, 0.4, () => ({ weight_decay: drawPositive(draws, extreme) })),
    ...maybe(draws, 0.25, () => ({ training: drawTraining(draws, extreme) })),
    ...maybe(draws, 0.7, () => ({ curvature: draws.pick(CURVATURES) })),
    ...maybe(draws, 0.2, () => ({ fisher_samples: draws.whole(1, 3), fisher_seed: draws.seed() })),
    ...maybe(draws, 0.7, () => ({ damping: draws.chance(0.2) ? 0 : drawPositive(draws, extreme) })),
    ...maybe(draws, 0.3, () => ({ right_hand_side: drawRightHandSide(draws, count, extreme) })),
    ...maybe(draws, 0.7, () => ({ precision: draws.pick(PRECISIONS) })),
    ...maybe(draws, 0.3, () => ({ include: draws.pick([['matrices'], ['data'], ['matrices', 'data'], []]) })),
    ...maybe(draws, 0.3, () => ({ analysis: draws.list(draws.whole(0, 2), () => draws.pick(ANALYSES)) })),
    ...maybe(draws, 0.1, () => ({ glimpse: draws.whole(0, 50) })),
  };
}

function maybe(draws, probability, draw) {
  return draws.chance(probability) ? draw() : {};
}

function drawLayers(draws, loss) {
  const hidden = draws.list(draws.pick([0, 1, 1, 1, 2, 3]), () => draws.whole(1, 4));
  return [draws.whole(1, 3), ...hidden, loss === 'mse' ? draws.whole(1, 3) : draws.whole(2, 3)];
}

function drawNetwork(draws, layers, extreme) {
  const network = { layers, activation: draws.pick(ACTIVATIONS) };
  if (!draws.chance(0.5)) return { ...network, ...maybe(draws, 0.8, () => ({ seed: draws.seed() })) };
  return { ...network, parameters: draws.list(parametersOf(layers), () => drawNumber(draws, extreme)) };
}

function drawData(draws, layers, loss, extreme) {
  const [inputs, outputs] = [layers[0], layers.at(-1)];
  const samples = draws.whole(1, 8);
  if (draws.chance(0.5)) return drawLaw(draws, inputs, loss, samples);
  const rows = draws.list(samples, () => draws.list(inputs, () => drawNumber(draws, extreme)));
  return { inputs: rows, targets: drawTargets(draws, outputs, loss, samples, extreme) };
}

function drawTargets(draws, outputs, loss, samples, extreme) {
  if (loss === 'cross_entropy') return draws.list(samples, () => draws.whole(0, outputs - 1));
  const flat = outputs === 1 && draws.chance(0.5);
  return draws.list(samples, () =>
    flat ? drawNumber(draws, extreme) : draws.list(outputs, () => drawNumber(draws, extreme)),
  );
}

function drawLaw(draws, inputs, loss, samples) {
  const regression = loss === 'mse';
  const fitting = [
    'notebook',
    'blobs',
    ...(inputs === 2 ? ['moons', 'spirals'] : []),
    ...(regression && inputs === 1 ? ['sine'] : []),
    ...(regression && samples > inputs ? ['ill_conditioned'] : []),
  ];
  return {
    generator: draws.pick(fitting),
    samples,
    ...maybe(draws, 0.5, () => ({ noise: draws.unit() })),
    ...maybe(draws, 0.8, () => ({ seed: draws.seed() })),
    ...maybe(draws, 0.2, () => ({ condition: draws.magnitude(1, 1e8) })),
  };
}

function drawTraining(draws, extreme) {
  return {
    optimizer: draws.pick(['gradient_descent', 'newton']),
    steps: draws.whole(0, 5),
    ...maybe(draws, 0.5, () => ({ learning_rate: extreme ? draws.magnitude(1e-9, 1e3) : draws.magnitude(1e-3, 0.1) })),
  };
}

function drawRightHandSide(draws, count, extreme) {
  if (draws.chance(0.2)) return 'gradient';
  if (draws.chance(0.2)) return draws.list(count, () => 0);
  return draws.list(count, () => drawNumber(draws, extreme));
}

function drawApplications(draws) {
  return draws.pick([['influence'], ['hypergradient'], ['influence', 'hypergradient'], []]);
}

function drawRace(draws, extreme) {
  return {
    steps: draws.whole(1, 6),
    ...maybe(draws, 0.7, () => ({ optimizers: draws.list(draws.whole(0, 3), () => draws.pick(RACERS)) })),
    ...maybe(draws, 0.3, () => ({ learning_rate: extreme ? draws.magnitude(1e-9, 1e3) : draws.magnitude(1e-3, 1) })),
    ...maybe(draws, 0.3, () => ({ momentum: draws.unit() * 0.999 })),
  };
}

function drawMethod(draws, samples, extreme) {
  const iterations = draws.whole(0, draws.chance(0.1) ? 120 : 12);
  const scale = draws.chance(0.3) ? 'auto' : extreme ? draws.magnitude(1e-9, 1e9) : draws.magnitude(0.1, 10);
  const preconditioner = () => maybe(draws, 0.3, () => ({ preconditioner: draws.pick(PRECONDITIONERS) }));
  return draws.pick([
    () => ({ method: 'exact' }),
    () => ({
      method: 'cg',
      iterations,
      ...preconditioner(),
      ...maybe(draws, 0.5, () => ({ start: draws.pick(['zero', 'right_hand_side']) })),
      ...maybe(draws, 0.3, () => ({ on_negative_curvature: draws.pick(['continue', 'stop']) })),
    }),
    () => ({ method: 'minres', iterations }),
    () => ({ method: 'neumann', iterations, scale, ...preconditioner() }),
    () => ({
      method: 'lissa',
      iterations,
      scale,
      batch: draws.whole(1, samples),
      repeats: draws.whole(1, 3),
      seed: draws.seed(),
    }),
    () => ({
      method: 'kfac',
      ...maybe(draws, 0.5, () => ({ fisher: draws.pick(['type2', 'mc', 'empirical']) })),
      ...maybe(draws, 0.5, () => ({ damping_convention: draws.pick(['exact', 'pi', 'sqrt', 'per_factor']) })),
    }),
    () => ({ method: draws.pick(['ekfac', 'block_diagonal', 'diagonal']) }),
  ])();
}

export function drawSketch(draws) {
  const eigenvalues = draws.list(draws.whole(1, 12), () =>
    draws.pick([0, draws.bell(), draws.magnitude(1e-12, 1e6), -draws.magnitude(1e-12, 1e6), 2]),
  );
  const methods = draws.list(draws.whole(0, 3), () => {
    const iterations = draws.whole(0, 20);
    const scale = draws.chance(0.3) ? 'auto' : draws.magnitude(1e-9, 1e9);
    return draws.pick([
      { method: 'cg', iterations, start: draws.pick(['zero', 'right_hand_side']) },
      { method: 'minres', iterations },
      { method: 'neumann', iterations, scale },
    ]);
  });
  return { eigenvalues, methods, ...maybe(draws, 0.7, () => ({ precision: draws.pick(PRECISIONS) })) };
}

function drawNumber(draws, extreme) {
  if (!extreme) return draws.bell();
  const sign = draws.chance(0.5) ? 1 : -1;
  return draws.chance(0.1) ? 0 : sign * draws.magnitude(1e-300, 1e6);
}

function drawPositive(draws, extreme) {
  return extreme ? draws.magnitude(1e-300, 1e6) : draws.magnitude(1e-3, 3);
}
