// Meta-learning: the gradient through an inner minimum by an inverse, against unrolling the steps that lead there.

import type { Experiment, Imaml, Method, Report } from '../../../pkg/hessian_lab';
import { fitDecades } from '../../charts/domain';
import { drawErrorCurves, type ErrorCurve, type ErrorCurvesView, errorCurvesMarkup } from '../../charts/error-curves';
import { drawTaskFit, type TaskCurve, taskFitMarkup } from '../../charts/task-fit';
import { counted, number, short } from '../../format';
import { methodStyle, SOLVERS } from '../../methods';
import type { Picture } from '../../picture';
import type { State } from '../../state';
import { box, keyOf } from '../box';
import type { LensHost, LensReading } from '../lens';
import { type Mark, Plot } from '../plot';
import type { ApplicationModule } from './application';
import { imamlSentence } from './imaml-words';
import { META_STEPS, MetaTraining } from './meta-training';
import { pick } from './pick';
import { Progress } from './progress';
import { solverChoice } from './solver';

export const application: ApplicationModule = {
  claim:
    'A gradient through a minimum needs the minimum and one inverse, (I + H/γ)⁻¹ at a proximal strength γ, and none of the steps that led there.',
  atMinimum: false,
  ask: (state) => ({ experiment: experimentOf(state) }),
  build,
};

/** Data of the shown task that the network adapts to. */
const SUPPORT = 5;

/** Few-shot sines have a network of their own; of the bench's state they take the seed. */
function experimentOf({ seed, proximal, cgSteps, innerSteps }: State): Experiment {
  return {
    network: { layers: [1, 10, 1], activation: 'tanh', seed },
    data: { generator: 'sine', samples: SUPPORT, seed },
    loss: 'mse',
    damping: proximal,
    methods: SOLVERS.map((name) => methodOf(name, cgSteps, seed)),
    applications: ['imaml'],
    imaml: { support: SUPPORT, seed, cg_steps: cgSteps, inner_steps: innerSteps, meta_steps: 0 },
  };
}

/** Every inverse may use as many products as CG does. */
function methodOf(name: string, iterations: number, seed: number): Method {
  if (name === 'cg') return { method: 'cg', iterations, start: 'zero' };
  if (name === 'neumann') return { method: 'neumann', iterations, scale: 'auto' };
  if (name === 'lissa') return { method: 'lissa', iterations, scale: 'auto', batch: 3, repeats: 4, seed };
  return { method: name } as Method;
}

function build(root: HTMLElement, host: LensHost) {
  const training = new MetaTraining(host.redraw);
  const { elements, progress, show } = controlsOf(host, training);
  const errors = new Plot('The meta-gradient’s error over its cost.', errorCurvesMarkup('imaml-clip'), host.redraw);
  const fits = new Plot('A new task, adapted to.', taskFitMarkup('task-clip'), host.redraw);
  const key = keyOf(KEY);
  root.append(...elements, box('imaml-row', errors.element, fits.element), key);

  const update = (report: Report, { state }: Picture): LensReading => {
    const imaml = report.applications?.imaml;
    if (!imaml) throw new Error('the report has no meta-gradient');
    training.follow(experimentOf(state));
    progress.show(training.work);
    key.classList.toggle('is-trained', training.result !== null);
    errors.show(drawErrors(errors, imaml, state));
    fits.show(drawFits(fits, imaml, training.result));
    return { sentence: sentenceOf(imaml, training, state), table: () => tableOf(imaml, training.result) };
  };
  return { control: show, update };
}

/** What is set about the problem, how to start meta-training, and whose answer is in words. */
function controlsOf(host: LensHost, training: MetaTraining) {
  let shown: State | null = null;
  const set = (patch: Partial<State>) => {
    host.set(patch);
    host.settle();
  };
  const solvers = solverChoice(host);
  const progress = new Progress(`Meta-train for ${META_STEPS} steps`, {
    onStart: () => shown && training.start(experimentOf(shown)),
    onCancel: () => training.cancel(),
  });
  const proximal = pick('Proximal strength γ', (value) => set({ proximal: value }));
  const cgSteps = pick('CG steps', (value) => set({ cgSteps: value }));
  const innerSteps = pick('Inner steps', (value) => set({ innerSteps: value }));
  const show = (state: State) => {
    shown = state;
    proximal.show(state.proximal, [0.03, 0.1, 0.3, 1, 3]);
    cgSteps.show(state.cgSteps, [1, 2, 3, 5, 10, 20]);
    innerSteps.show(state.innerSteps, [16, 64, 256]);
    solvers.show(state.solver);
  };
  const settings = box('lens-foot', proximal.element, cgSteps.element, innerSteps.element, progress.element);
  return { elements: [settings, solvers.element], progress, show };
}

function sentenceOf(imaml: Imaml, { result, failure }: MetaTraining, { cgSteps, solver }: State): string {
  const method = imaml.methods[SOLVERS.indexOf(solver)] ?? null;
  return imamlSentence({ imaml, cgSteps, method, style: methodStyle(solver), trained: result, failure });
}

const KEY = `<span>five data of a sine, a network of its own, 1–10–1 with tanh: of the bench, only the seed counts here</span>
  <span><i class="dashes"></i>the sine</span><span><i class="line before-key"></i>adapted to the data</span>
  <span class="after-key"><i class="line"></i>adapted after meta-training</span>`;

function curvesOf({ steps }: Imaml, cgSteps: number): ErrorCurve[] {
  const cg = methodStyle('cg');
  return [
    {
      name: 'unrolled',
      label: 'unrolled',
      colour: 'var(--ink)',
      dash: '6 3',
      points: steps.map(({ unrolled_products, unrolled }) => [unrolled_products, unrolled] as const),
    },
    {
      ...cg,
      name: 'implicit',
      label: `CG, ${counted(cgSteps, 'step')}`,
      points: steps.map(({ implicit_products, implicit }) => [implicit_products, implicit] as const),
    },
  ];
}

/** What each inverse leaves at the inner minimum; the exact one leaves nothing. */
function levelsOf({ methods }: Imaml, solver: string) {
  return SOLVERS.flatMap((name, index) => {
    const value = methods[index]?.trace.relative_error.at(-1) ?? null;
    return name === 'exact' ? [] : [{ ...methodStyle(name), value, chosen: name === solver }];
  }).map((level) => ({ ...level, label: `${level.label} at φ*` }));
}

function drawErrors(plot: Plot, imaml: Imaml, state: State): Mark[] {
  const step = plot.index === null ? undefined : imaml.steps[plot.index];
  const { frame } = plot;
  const isWide = frame.width >= WIDE * frame.em;
  const place = drawErrorCurves(plot.svg, errorsOf(imaml, state, step?.implicit_products ?? null, isWide), frame);
  return imaml.steps.map((at) => ({
    x: place(at.implicit_products),
    heading: counted(at.steps, 'inner step'),
    lines: [
      { label: 'unrolled', value: number(at.unrolled), colour: 'var(--ink)' },
      { label: '…products', value: short(at.unrolled_products), colour: 'var(--quiet)' },
      { label: 'CG', value: number(at.implicit), colour: 'var(--cg)' },
      { label: '…products', value: short(at.implicit_products), colour: 'var(--quiet)' },
    ],
  }));
}

/** In the chart's type size: from there on the axis says what a product is. */
const WIDE = 32;

function errorsOf(imaml: Imaml, { cgSteps, solver }: State, probe: number | null, isWide: boolean): ErrorCurvesView {
  const [curves, levels] = [curvesOf(imaml, cgSteps), levelsOf(imaml, solver)];
  const heights = curves.map(({ points }) => points.map(([, error]) => error));
  const far = Math.max(...imaml.steps.flatMap((at) => [at.unrolled_products, at.implicit_products]));
  return {
    curves,
    levels,
    band: [],
    bandColour: '',
    place: null,
    placeLabel: '',
    probe,
    domain: [0.5, far],
    logarithmic: true,
    decades: fitDecades([...heights, levels.map(({ value }) => value)]),
    xLabel: isWide ? 'products, a gradient being half of one →' : 'products →',
    yLabel: '↑ relative error of the meta-gradient',
  };
}

function drawFits(plot: Plot, imaml: Imaml, trained: Imaml | null): Mark[] {
  const { task, support_targets, inputs, truth, before } = imaml;
  const curves: TaskCurve[] = [
    { name: 'truth', outputs: truth },
    { name: 'before', outputs: before.adapted },
  ];
  if (trained) curves.push({ name: 'after', outputs: trained.after.adapted });
  const data = task.support.map((x, index) => [x, support_targets[index] ?? 0] as const);
  const probe = plot.index === null ? null : (inputs[plot.index] ?? null);
  const places = drawTaskFit(plot.svg, { inputs, curves, data, probe }, plot.frame);
  return places.map((x, index) => ({
    x,
    heading: `input ${short(inputs[index] ?? 0, 2)}`,
    lines: [
      { label: 'sine', value: number(truth[index]), colour: 'var(--ink)' },
      { label: 'adapted', value: number(before.adapted[index]), colour: 'var(--quiet)' },
      { label: 'meta-trained', value: number(trained?.after.adapted[index]), colour: 'var(--cg)' },
    ],
  }));
}

function tableOf(imaml: Imaml, trained: Imaml | null) {
  const steps = imaml.steps.map((at) => [
    counted(at.steps, 'inner step'),
    at.unrolled,
    at.unrolled_products,
    at.implicit,
    at.implicit_products,
  ]);
  const inverses = SOLVERS.map((name, index) => {
    const trace = imaml.methods[index]?.trace;
    return [`${methodStyle(name).label} at φ*`, '', '', trace?.relative_error.at(-1), trace?.products.at(-1)];
  });
  const losses = trained ? [['test loss on unseen tasks: before, after', ...trained.unseen_losses, '', '']] : [];
  return {
    columns: ['after', 'unrolled: error', 'unrolled: products', 'inverse: error', 'inverse: products'],
    rows: [...steps, ...inverses, ...losses],
  };
}
