// A spectrum drawn by hand: CG, MINRES and Neumann on it, their polynomials and how they converge.

import type { Method, SketchReport, SketchRun } from '../../pkg/hessian_lab';
import { drawConvergence } from '../charts/convergence';
import type { Curve } from '../charts/curve';
import { type Decades, fitDecades, keepDecades } from '../charts/domain';
import { frameOf } from '../charts/frame';
import { drawPolynomials, polynomialMarkup } from '../charts/polynomial';
import { Client } from '../client';
import { counted, number, short } from '../format';
import { methodStyle } from '../methods';
import type { Picture } from '../picture';
import { Readout } from '../readout';
import { DRAWN_RANGE } from '../state';
import { box } from './box';
import { curveOf } from './curves';
import { Held } from './held';
import type { LensHost, LensReading } from './lens';
import { type Mark, Plot } from './plot';
import { SpectrumEditor } from './spectrum-editor';

const CLAIM = 'CG and MINRES count clusters of eigenvalues; Neumann feels only the two ends.';

const END = 40;
/** The residual that methods are raced to. */
const GOAL = 1e-6;
export const RUNS: Method[] = [
  { method: 'cg', iterations: END, start: 'zero' },
  { method: 'minres', iterations: END },
  { method: 'neumann', iterations: END, scale: 'auto' },
];

/** Spectra with one condition number, 50. */
export const SPECTRA: readonly { label: string; values: number[] }[] = [
  { label: 'Even spread', values: [0.2, 1.09, 1.98, 2.87, 3.76, 4.65, 5.55, 6.44, 7.33, 8.22, 9.11, 10] },
  { label: 'Two clusters', values: [0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 10, 10, 10, 10, 10, 10] },
  { label: 'One outlier', values: [0.2, 0.202, 0.204, 0.206, 0.208, 0.21, 0.212, 0.214, 0.216, 0.218, 0.22, 10] },
];
export const FIRST_DRAWN = SPECTRA[0]?.values ?? [];

const CONVERGENCE_MARKUP = `
  <defs><clipPath id="sketch-clip" class="clip"><rect /></clipPath></defs>
  <g class="axis y-axis"></g><g class="axis x-axis"></g>
  <text class="axis-label y-label"></text><text class="axis-label x-label"></text>
  <line class="cursor" /><line class="probe" visibility="hidden" />
  <g clip-path="url(#sketch-clip)"><g class="curves after"></g><g class="curves before"></g></g>
  <g class="dots"></g><g class="labels"></g><text class="empty" text-anchor="middle"></text>`;

export function buildSketch(root: HTMLElement, host: LensHost) {
  const polynomials = new Plot(
    'Residual polynomials over the drawn spectrum.',
    polynomialMarkup('sketch-polynomial-clip'),
    host.redraw,
  );
  const editor = new SpectrumEditor({ onChange: (drawn) => host.set({ drawn }), onSettle: host.settle });
  const convergence = convergencePlot(host);
  root.className = 'sketch';
  root.append(box('', presets(host), polynomials.element, editor.element), box('', convergence.element));
  const axis = new Held<Decades>(keepDecades);
  const answer = new SketchAnswer(host.redraw);

  return ({ state }: Picture, settled: boolean): LensReading => {
    answer.ask(state.drawn);
    editor.show(state.drawn);
    const { report, failure } = answer;
    if (!report) return { claim: CLAIM, sentence: failure, table: () => ({ columns: [], rows: [] }) };
    const k = Math.min(state.iterations, END);
    const runs = report.methods;
    drawSketchPolynomials(polynomials, runs, k);
    const curves = runs.map(residualCurve);
    const decades = axis.show(() => aboveRounding(fitDecades(curves.map(({ ys }) => ys))), settled);
    drawResiduals(convergence, curves, k, decades);
    return { claim: CLAIM, sentence: failure || sentence(report, state.drawn), table: () => table(runs) };
  };
}

/** The core's answer to what is drawn: the last one stays while the next is computed. */
class SketchAnswer {
  report: SketchReport | null = null;
  failure = '';
  #asked: readonly number[] = [];
  readonly #client: Client<null, SketchReport>;

  constructor(onChange: () => void) {
    this.#client = new Client<null, SketchReport>({
      onReport: (report) => {
        this.report = report;
        this.failure = '';
        onChange();
      },
      onFailure: (message) => {
        this.failure = message;
        onChange();
      },
    });
  }

  ask(drawn: readonly number[]): void {
    if (this.#asked.join() === drawn.join()) return;
    this.#asked = drawn;
    this.#client.ask({ sketch: { eigenvalues: [...drawn], precision: 'f64', methods: RUNS } }, null);
  }
}

/** A chart of the residuals, whose read-out is the bench's own. */
interface ConvergencePlot {
  readonly element: HTMLElement;
  readonly svg: SVGSVGElement;
  readonly readout: Readout;
}

function convergencePlot(host: LensHost): ConvergencePlot {
  const element = box('plot');
  element.innerHTML = `<svg class="chart" aria-label="Residuals by method. Arrow keys read them out, Enter sets the iteration; the table below has the same numbers.">${CONVERGENCE_MARKUP}</svg>
    <div class="readout" hidden></div>`;
  const [svg, readout] = [...element.children] as [Element, HTMLElement];
  const events = {
    onProbe: host.redraw,
    onPick: (iterations: number) => host.set({ iterations }),
    onSettle: host.settle,
  };
  return { element, svg: svg as SVGSVGElement, readout: new Readout(svg as SVGSVGElement, readout, events) };
}

function drawResiduals({ svg, readout }: ConvergencePlot, curves: Curve[], cursor: number, decades: Decades): void {
  const view = {
    curves,
    cursor,
    probe: readout.place,
    xEnd: END,
    decades,
    xLabel: 'iterations' as const,
    yLabel: 'residual ‖b − Ax‖ / ‖b‖',
    empty: '',
  };
  readout.show(view, drawConvergence(svg, view, frameOf(svg)));
}

/** What lies below is rounding. */
function aboveRounding([low, high]: Decades): Decades {
  return [Math.max(low, -12), high];
}

function presets(host: LensHost): HTMLElement {
  const row = document.createElement('fieldset');
  row.className = 'lens-buttons';
  row.innerHTML = '<legend>Condition number 50:</legend>';
  for (const { label, values } of SPECTRA) {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: label });
    button.addEventListener('click', () => {
      host.set({ drawn: values });
      host.settle();
    });
    row.append(button);
  }
  return row;
}

function drawSketchPolynomials(plot: Plot, runs: readonly SketchRun[], k: number): void {
  const curves = runs.map((run) => curveOf(methodStyle(run.method), run.polynomials, k));
  const eigenvalues = runs[0]?.polynomials.eigenvalues ?? [];
  const scale = runs.find(({ method }) => method === 'neumann')?.scale;
  const edge = scale === undefined ? null : 2 * scale;
  const view = { curves, eigenvalues, edge, domain: DRAWN_RANGE, chosen: plot.index };
  const x = drawPolynomials(plot.svg, view, plot.frame);
  plot.show(
    eigenvalues.map(
      (value, index): Mark => ({
        x: x(value),
        heading: `eigenvalue ${short(value)}`,
        lines: curves.map(({ label, colour, atEigenvalues }) => ({
          label,
          colour,
          value: number(atEigenvalues[index]),
        })),
      }),
    ),
  );
}

function residualCurve({ method, trace }: SketchRun): Curve {
  return {
    ...methodStyle(method),
    xs: trace.products.map((_, iteration) => iteration),
    ys: trace.residual.map((value) => value ?? null),
  };
}

function sentence({ condition, clusters, methods }: SketchReport, drawn: readonly number[]): string {
  const total = drawn.length;
  const groups =
    clusters === total
      ? `${counted(total, 'eigenvalue')}${total > 1 ? ', no two alike' : ''}`
      : `${total} eigenvalues in ${counted(clusters, 'cluster')}`;
  const zeros = drawn.filter((value) => value === 0).length;
  if (zeros > 0)
    return `${groups}. ${zeroWords(zeros, total)}: the matrix is singular, and b has a part there that no method reaches.`;
  const size = condition === null ? '' : `, condition number ${short(condition)}`;
  const races = methods.map((run) => `${methodStyle(run.method).label} ${race(run)}`);
  return `${groups}${size}. To a residual of 10⁻⁶: ${races.join(', ')}.`;
}

function zeroWords(zeros: number, total: number): string {
  if (zeros === total) return total === 1 ? 'It is zero' : 'All are zero';
  return zeros === 1 ? 'One eigenvalue is zero' : `${zeros} eigenvalues are zero`;
}

/** How many iterations a method takes to the goal. */
function race({ status, status_iteration, scale, trace }: SketchRun): string {
  if (status === 'diverged') return 'never: it diverges at any scale';
  const reached = trace.residual.findIndex((value) => value !== undefined && value !== null && value <= GOAL);
  if (reached < 0 && status === 'negative_curvature')
    return `not in ${counted(END, 'iteration')}: pᵀAp ≤ 0 at step ${status_iteration}`;
  const count = reached < 0 ? `more than ${counted(END, 'iteration')}` : counted(reached, 'iteration');
  return scale === undefined ? count : `${count} at its best scale, ${short(scale)}`;
}

function table(runs: readonly SketchRun[]) {
  return {
    columns: ['iteration', ...runs.map(({ method }) => `residual of ${methodStyle(method).label}`)],
    rows: Array.from({ length: END + 1 }, (_, k) => [`${k}`, ...runs.map(({ trace }) => trace.residual[k])]),
  };
}
