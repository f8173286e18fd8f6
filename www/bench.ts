// Draws a picture on the bench: sentence, charts, table and the sliders' marks.

import { type ConvergenceView, type Curve, drawConvergence } from './charts/convergence';
import { between, type Decades, fitDecades, keepDecades } from './charts/domain';
import { frameOf } from './charts/frame';
import { drawNetwork } from './charts/network';
import { drawSpectrum } from './charts/spectrum';
import { element } from './dom';
import { TRACE_END } from './experiment';
import { METHODS } from './methods';
import type { Picture } from './picture';
import { findRun, positionsOf, seriesOf } from './reading';
import type { Readout } from './readout';
import type { Measure } from './state';
import type { Table } from './table';
import { type Story, type Suggestion, spectrumSummary, tell } from './words';

const EASE_MS = 250;
const ANNOUNCE_AFTER_MS = 800;

const Y_LABELS: Record<Measure, string> = {
  error: 'relative error ‖x − x*‖ / ‖x*‖, lower is better',
  residual: 'residual ‖b − Ax‖ / ‖b‖, lower is better',
  cosine: '1 − cosine of the angle to x*, lower is better',
  energy: 'energy error ‖x − x*‖_A / ‖x*‖_A, lower is better',
};

const EMPTY: Record<Measure, string> = {
  error: 'There is no exact answer to compare with.',
  residual: 'The gradient is zero: there is nothing to solve.',
  cosine: 'There is no exact answer to compare with.',
  energy: 'It needs a positive definite matrix: more damping.',
};

export class Bench {
  readonly #convergence = element<SVGSVGElement>('#convergence-chart');
  readonly #spectrum = element<SVGSVGElement>('#spectrum-chart');
  readonly #network = element<SVGSVGElement>('#network-chart');
  readonly #table: Table;
  readonly #onSuggestion: (suggestion: Suggestion) => void;
  #decades: Decades | null = null;
  #easing: { from: Decades; to: Decades; start: number } | null = null;
  #announcement: ReturnType<typeof setTimeout> | undefined;

  constructor(table: Table, onSuggestion: (suggestion: Suggestion) => void) {
    this.#table = table;
    this.#onSuggestion = onSuggestion;
  }

  /** Draws everything; the vertical axis may move only when `settled`. True while it still moves. */
  draw(picture: Picture, twin: Picture | null, readout: Readout, settled: boolean): boolean {
    this.#say(tell(picture, twin));
    this.#table.show(picture);
    this.#drawSpectrum(picture);
    drawNetwork(this.#network, { layers: picture.state.layers, theta: picture.report.theta }, frameOf(this.#network));
    return this.#drawConvergence(picture, readout, settled);
  }

  #drawConvergence(picture: Picture, readout: Readout, settled: boolean): boolean {
    const curves = curvesOf(picture);
    const wanted = fitDecades(curves.flatMap((curve) => curve.ys));
    if (settled || !this.#decades) this.#aim(wanted);
    const view: ConvergenceView = {
      curves,
      cursor: picture.state.iterations,
      probe: readout.place,
      xEnd: xEndOf(curves),
      decades: this.#step(),
      xLabel: picture.state.x,
      yLabel: Y_LABELS[picture.state.y],
      empty: EMPTY[picture.state.y],
    };
    readout.show(view, drawConvergence(this.#convergence, view, frameOf(this.#convergence)));
    return this.#easing !== null;
  }

  /** Sets the decades that the axis is to show, now or by easing there. */
  #aim(wanted: Decades): void {
    const target = this.#easing?.to ?? this.#decades;
    if (!target || !this.#decades) {
      this.#decades = wanted;
      return;
    }
    const next = keepDecades(target, wanted);
    if (next === target) return;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (still) this.#decades = next;
    else this.#easing = { from: this.#decades, to: next, start: performance.now() };
  }

  /** The decades at this moment of the easing. */
  #step(): Decades {
    if (this.#easing) {
      const progress = Math.min((performance.now() - this.#easing.start) / EASE_MS, 1);
      this.#decades = between(this.#easing.from, this.#easing.to, progress * (2 - progress));
      if (progress === 1) this.#easing = null;
    }
    return this.#decades as Decades;
  }

  #drawSpectrum({ report, state, ends }: Picture): void {
    element('#spectrum-summary').textContent = ends ? spectrumSummary(ends) : 'too large to form';
    const eigenvalues = report.spectrum ?? [];
    drawSpectrum(this.#spectrum, { eigenvalues, damping: state.damping, scale: state.scale }, frameOf(this.#spectrum));
    element('#problem-summary').textContent = `${report.parameters} parameters, loss ${report.loss.toPrecision(3)}`;
  }

  #say({ text, next }: Story): void {
    const shown = element('#sentence');
    const buttons = [...element('#suggestions').children];
    if (shown.textContent !== text) {
      shown.replaceChildren(...tinted(text));
      clearTimeout(this.#announcement);
      this.#announcement = setTimeout(() => {
        element('#announcement').textContent = text;
      }, ANNOUNCE_AFTER_MS);
    }
    if (buttons.map((button) => button.textContent).join() !== next.map(({ label }) => label).join())
      element('#suggestions').replaceChildren(...next.map((suggestion) => this.#button(suggestion)));
  }

  #button(suggestion: Suggestion): HTMLButtonElement {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: suggestion.label });
    button.addEventListener('click', () => this.#onSuggestion(suggestion));
    return button;
  }
}

function curvesOf({ report, state }: Picture): Curve[] {
  return METHODS.flatMap((style): Curve[] => {
    const run = findRun(report, style.name);
    if (!run || state.hidden.includes(style.name)) return [];
    const ys = seriesOf(run, state.y);
    if (style.name === 'exact' && state.y !== 'residual') return [];
    return [{ ...style, xs: positionsOf(run, state.x), ys }];
  });
}

function xEndOf(curves: readonly Curve[]): number {
  return Math.max(TRACE_END, ...curves.map((curve) => curve.xs.at(-1) ?? 0));
}

/** Method names in their own colours. */
function tinted(text: string): (string | HTMLElement)[] {
  return text.split(/\b(CG|Neumann|KFAC)\b/).map((part) => {
    const style = METHODS.find((method) => method.label === part);
    if (!style) return part;
    const name = Object.assign(document.createElement('b'), { textContent: part });
    name.style.color = style.colour;
    return name;
  });
}
