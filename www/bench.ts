// Draws a picture on the bench: story, charts and table.

import { type ConvergenceView, drawConvergence } from './charts/convergence';
import type { Curve, Scales } from './charts/curve';
import { drawData } from './charts/data';
import { fitDecades } from './charts/domain';
import { EasedDecades } from './charts/eased-decades';
import { type Frame, frameOf } from './charts/frame';
import { drawNetwork } from './charts/network';
import { drawSpectrum } from './charts/spectrum';
import { element, write } from './dom';
import { TRACE_END } from './experiment';
import { count, short } from './format';
import { drawIfNew, Kept } from './kept';
import { undampedName } from './matrix-name';
import { METHODS } from './methods';
import type { Picture } from './picture';
import type { Pins } from './pins';
import { boundOf, findRun, hasAnswer, isAtRest, positionsOf, seriesOf } from './reading';
import type { Readout } from './readout';
import type { ScaleHandle } from './scale-handle';
import type { Measure, State } from './state';
import type { Durations, Stopwatch } from './stopwatch';
import type { Storyteller } from './storyteller';
import type { Table } from './table';
import { AT_REST, spectrumSummary, TOO_LARGE } from './words';

const Y_LABELS: Record<Measure, string> = {
  error: 'relative error ‖x − x*‖ / ‖x*‖, lower is better',
  residual: 'residual ‖b − Ax‖ / ‖b‖, lower is better',
  cosine: '1 − cosine of the angle to x*, lower is better',
  energy: 'energy error, ‖x − x*‖ / ‖x*‖ in the norm of A, lower is better',
};

const NO_ANSWER = 'There is no exact answer to compare with. The residual needs none.';
const NO_ENERGY = 'Only a positive definite matrix has an energy: raise Damping.';

export interface Parts {
  readonly table: Table;
  readonly readout: Readout;
  readonly scaleHandle: ScaleHandle;
  readonly storyteller: Storyteller;
  readonly stopwatch: Stopwatch;
  readonly pins: Pins;
}

export class Bench {
  readonly #convergence = element<SVGSVGElement>('#convergence-chart');
  readonly #spectrum = element<SVGSVGElement>('#spectrum-chart');
  readonly #network = element<SVGSVGElement>('#network-chart');
  readonly #data = element<SVGSVGElement>('#data-chart');
  readonly #decades = new EasedDecades();
  readonly #stillness = matchMedia('(prefers-reduced-motion: reduce)');
  readonly #parts: Parts;
  readonly #curves = new Kept<Curve[]>();
  readonly #ghosts = new Kept<Curve[]>();
  #scales: Scales | null = null;
  #reach: readonly number[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The convergence chart's, as last drawn. */
  get scales(): Scales | null {
    return this.#scales;
  }

  /** What the vertical axis must hold besides the curves. */
  set reach(values: readonly number[]) {
    this.#reach = values;
  }

  /** Draws everything that an open lens leaves in view; the vertical axis may move only when `settled`. True while it still moves. */
  draw(picture: Picture, twin: Picture | null, settled: boolean): boolean {
    this.#drawProblem(picture);
    if (picture.state.lens) return false;
    this.#parts.storyteller.show(picture, twin);
    if (picture.state.x === 'milliseconds') this.#parts.stopwatch.want(picture.state);
    this.#parts.table.show(picture, this.#parts.stopwatch.durations);
    this.#drawSpectrum(picture);
    this.#drawConvergence(picture, settled);
    return this.#decades.moving;
  }

  #drawConvergence({ report, state }: Picture, settled: boolean): void {
    const { readout, stopwatch, pins } = this.#parts;
    const { durations } = stopwatch;
    const { x, y, hidden } = state;
    const curves = this.#curves.get([report, x, y, hidden, durations], () => curvesOf({ report, state }, durations));
    const times = pins.all.map((pin) => (x === 'milliseconds' ? stopwatch.ofPinned(pin) : undefined));
    const ghosts = this.#ghosts.get([...pins.all, ...times, x, y], () =>
      pins.all.flatMap((pin, index) => curvesOf({ ...pin, state: { ...pin.state, x, y } }, times[index])),
    );
    const shown = [...curves, ...ghosts].map(({ ys }) => ys);
    if (settled) this.#decades.aim(fitDecades([...shown, this.#reach]), this.#stillness.matches);
    const view: ConvergenceView = {
      curves,
      ghosts,
      cursor: state.iterations,
      probe: readout.place,
      xEnd: endOf([...curves, ...ghosts], state),
      decades: this.#decades.step(),
      xLabel: state.x,
      yLabel: Y_LABELS[state.y],
      yNote: curves.some(({ bound }) => bound?.length) ? '; shaded: within theory’s bound' : '',
      empty: emptyWords({ report, state }, curves.length, stopwatch),
    };
    inFrame(this.#convergence, (frame) => {
      this.#scales = drawConvergence(this.#convergence, view, frame);
      readout.show(view, this.#scales);
    });
  }

  #drawSpectrum({ report, state }: Picture): void {
    const { inertia } = report;
    const [signs, range] = inertia ? spectrumSummary(inertia) : [TOO_LARGE, ''];
    write(element('#spectrum-matrix'), undampedName(state));
    write(element('#spectrum-signs'), signs);
    write(element('#spectrum-range'), range);
    this.#spectrum.parentElement?.classList.toggle('unformed', !inertia);
    if (!inertia || !report.spectrum) return;
    const { damping, scale } = state;
    const { tolerance } = inertia;
    const view = { eigenvalues: report.spectrum, damping, scale, tolerance };
    // What is zero without damping stays in the key, which holds still while damping is moved.
    const zero = inertia.zero > 0 || report.spectrum.some((value) => Math.abs(value) <= tolerance);
    element('#zero-key').toggleAttribute('hidden', !zero);
    inFrame(this.#spectrum, (frame) =>
      drawIfNew(this.#spectrum, [report, damping, scale, frame], () =>
        this.#parts.scaleHandle.show(drawSpectrum(this.#spectrum, view, frame), scale),
      ),
    );
  }

  #drawProblem({ report, state }: Picture): void {
    const loss = `${state.training > 0 ? 'trained to' : 'loss'} ${short(report.loss)}`;
    write(element('#problem-summary'), `P = ${count(report.parameters)} parameters, ${loss}`);
    const data = report.data ?? state.own?.data;
    this.#data.toggleAttribute('hidden', !data);
    const classes = state.loss === 'cross_entropy';
    if (data) {
      const numbers = [Number(classes), data.inputs.length, data.inputs, data.targets].flat(2);
      drawProblemChart(this.#data, numbers, { ...data, classes }, drawData);
    }
    const network = { layers: state.layers, theta: report.theta };
    drawProblemChart(this.#network, [...network.layers, ...network.theta], network, drawNetwork);
  }
}

function timeless({ failed }: Stopwatch): string {
  return failed
    ? 'The times could not be measured. Change any setting to try again.'
    : 'Measuring how long each method takes…';
}

/** Draws a chart that has room; a link may have hidden it. */
function inFrame(chart: SVGSVGElement, draw: (frame: Frame) => void): void {
  const frame = frameOf(chart);
  if (frame.width > 0) draw(frame);
}

/** No slider moves the problem's numbers, though every report brings them. */
function drawProblemChart<V>(
  chart: SVGSVGElement,
  numbers: readonly number[],
  view: V,
  draw: (chart: SVGSVGElement, view: V, frame: Frame) => void,
): void {
  inFrame(chart, (frame) => drawIfNew(chart, [...numbers, frame], () => draw(chart, view, frame)));
}

/** The curves to draw. The exact answer's error is zero, and has no place on a log axis; its residual has. */
function curvesOf({ report, state }: Pick<Picture, 'report' | 'state'>, durations?: Durations): Curve[] {
  return METHODS.flatMap((style): Curve[] => {
    const run = findRun(report, style.name);
    const absent = style.name === 'exact' && state.y !== 'residual';
    if (!run || !hasAnswer(run) || absent || state.hidden.includes(style.name)) return [];
    const xs = positionsOf(run, state.x, durations?.get(style.name));
    if (xs.length === 0) return [];
    const bounds = report.analysis?.bounds?.[report.methods.indexOf(run)];
    return [{ ...style, xs, ys: seriesOf(run, state.y), bound: bounds ? boundOf(bounds, state.y) : [] }];
  });
}

/** Where the horizontal axis ends: at the end of the slider, or of the longest run. */
function endOf(curves: readonly Curve[], { x }: State): number {
  const ends = curves.map(({ xs }) => (x === 'milliseconds' || xs.length > 1 ? (xs.at(-1) ?? 0) : 0));
  if (x !== 'milliseconds') return Math.max(TRACE_END, ...ends);
  return curves.length === 0 ? 1 : Math.max(1e-6, ...ends.map((end) => end * 1.02));
}

/** What an empty chart says; a lesson that hides the curves has its own question. */
function emptyWords(
  { report, state }: Pick<Picture, 'report' | 'state'>,
  curves: number,
  stopwatch: Stopwatch,
): string {
  const { x, y, lesson, hidden } = state;
  if (isAtRest(report)) return AT_REST;
  if (curves > 0) return y === 'energy' && report.inertia ? NO_ENERGY : NO_ANSWER;
  if (x === 'milliseconds' && report.methods.some(({ method }) => !hidden.includes(method))) return timeless(stopwatch);
  return lesson ? '' : 'Every curve is hidden. Press a method’s name in the table to show it.';
}
