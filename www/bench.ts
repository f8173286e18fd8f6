// Draws a picture on the bench: story, charts and table.

import { type ConvergenceView, drawConvergence } from './charts/convergence';
import type { Curve, Scales } from './charts/curve';
import { fitDecades } from './charts/domain';
import { EasedDecades } from './charts/eased-decades';
import { frameOf } from './charts/frame';
import { drawNetwork } from './charts/network';
import { drawSpectrum } from './charts/spectrum';
import { element } from './dom';
import { TRACE_END } from './experiment';
import { count } from './format';
import { METHODS } from './methods';
import type { Picture } from './picture';
import { findRun, positionsOf, seriesOf } from './reading';
import type { Readout } from './readout';
import type { ScaleHandle } from './scale-handle';
import type { Measure } from './state';
import type { Storyteller } from './storyteller';
import type { Table } from './table';
import { spectrumSummary } from './words';

const Y_LABELS: Record<Measure, string> = {
  error: 'relative error ‖x − x*‖ / ‖x*‖, lower is better',
  residual: 'residual ‖b − Ax‖ / ‖b‖, lower is better',
  cosine: '1 − cosine of the angle to x*, lower is better',
  energy: 'energy error, ‖x − x*‖ / ‖x*‖ in the norm of A, lower is better',
};

const EMPTY: Record<Measure, string> = {
  error: 'There is no exact answer to compare with. The residual needs none.',
  residual: 'The gradient is zero: there is nothing to solve.',
  cosine: 'There is no exact answer to compare with. The residual needs none.',
  energy: 'Only a positive definite matrix has an energy: raise Damping.',
};

export interface Parts {
  readonly table: Table;
  readonly readout: Readout;
  readonly scaleHandle: ScaleHandle;
  readonly storyteller: Storyteller;
}

export class Bench {
  readonly #convergence = element<SVGSVGElement>('#convergence-chart');
  readonly #spectrum = element<SVGSVGElement>('#spectrum-chart');
  readonly #network = element<SVGSVGElement>('#network-chart');
  readonly #decades = new EasedDecades();
  readonly #stillness = matchMedia('(prefers-reduced-motion: reduce)');
  readonly #parts: Parts;
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
    this.#parts.table.show(picture);
    this.#drawSpectrum(picture);
    this.#drawConvergence(picture, settled);
    return this.#decades.moving;
  }

  #drawConvergence({ report, state }: Picture, settled: boolean): void {
    const curves = curvesOf({ report, state });
    const { readout } = this.#parts;
    if (settled) this.#decades.aim(fitDecades([...curves.map(({ ys }) => ys), this.#reach]), this.#stillness.matches);
    const view: ConvergenceView = {
      curves,
      cursor: state.iterations,
      probe: readout.place,
      xEnd: Math.max(TRACE_END, ...curves.map(({ xs }) => (xs.length > 1 ? (xs.at(-1) ?? 0) : 0))),
      decades: this.#decades.step(),
      xLabel: state.x,
      yLabel: Y_LABELS[state.y],
      empty: EMPTY[state.y],
    };
    this.#scales = drawConvergence(this.#convergence, view, frameOf(this.#convergence));
    readout.show(view, this.#scales);
  }

  #drawSpectrum({ report, state, ends }: Picture): void {
    const [signs, range] = ends ? spectrumSummary(ends) : ['The matrix is too large to form.', ''];
    element('#spectrum-signs').textContent = signs;
    element('#spectrum-range').textContent = range;
    this.#spectrum.toggleAttribute('hidden', !ends);
    if (!ends || !report.spectrum) return;
    const view = {
      eigenvalues: report.spectrum,
      damping: state.damping,
      scale: state.scale,
      tolerance: ends.tolerance,
    };
    this.#parts.scaleHandle.show(drawSpectrum(this.#spectrum, view, frameOf(this.#spectrum)));
  }

  #drawProblem({ report, state }: Picture): void {
    element('#problem-summary').textContent =
      `P = ${count(report.parameters)} parameters, loss ${report.loss.toPrecision(3)}`;
    drawNetwork(this.#network, { layers: state.layers, theta: report.theta }, frameOf(this.#network));
  }
}

/** The curves to draw. The exact answer's error is zero, and has no place on a log axis; its residual has. */
function curvesOf({ report, state }: Pick<Picture, 'report' | 'state'>): Curve[] {
  return METHODS.flatMap((style): Curve[] => {
    const run = findRun(report, style.name);
    const absent = style.name === 'exact' && state.y !== 'residual';
    if (!run || absent || state.hidden.includes(style.name)) return [];
    return [{ ...style, xs: positionsOf(run, state.x), ys: seriesOf(run, state.y) }];
  });
}
