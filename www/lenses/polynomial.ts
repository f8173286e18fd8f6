// Spectrum and polynomial: each iterate of a Krylov method or of Neumann's series is a polynomial of the matrix.

import { drawPolynomials, type PolynomialCurve, type PolynomialView, polynomialMarkup } from '../charts/polynomial';
import { listed, number, short } from '../format';
import type { MethodStyle } from '../methods';
import type { Picture } from '../picture';
import { findRun, readAt } from '../reading';
import { ScaleHandle } from '../scale-handle';
import { iterations } from '../words';
import { curveOf } from './curves';
import { Held, type Interval } from './held';
import { type LensHost, type LensReading, MOST_WITH_EIGENVECTORS } from './lens';
import { type Mark, Plot } from './plot';
import { analysisOf, eigenvaluesOf, shownMethods, whose } from './shown';
import { buildSketch, FIRST_DRAWN } from './sketch';

export const claim =
  'In exact arithmetic CG and Neumann leave p(A)b of b, with p a polynomial: along each eigenvector, p(λᵢ) of it, with λᵢ its eigenvalue.';

const MODES = `<label><input type="radio" name="spectrum" value="own" />This problem’s spectrum</label>
  <label><input type="radio" name="spectrum" value="drawn" />Draw your own</label>`;

/** Below this a polynomial counts as zero on an eigenvalue. */
const SOLVED = 1e-6;

/** In a drawn spectrum the first few iterations tell the story. */
const FIRST_ITERATIONS = 4;

export function build(figure: HTMLElement, host: LensHost) {
  const modes = document.createElement('div');
  modes.className = 'segments';
  modes.innerHTML = MODES;
  modes.setAttribute('role', 'radiogroup');
  modes.setAttribute('aria-label', 'Spectrum');
  const [own, drawn] = [document.createElement('div'), document.createElement('div')];
  own.className = 'own-spectrum';
  figure.append(modes, own, drawn);
  const [ownUpdate, drawnUpdate] = [buildOwn(own, host), buildSketch(drawn, host)];
  let latest: readonly number[] = FIRST_DRAWN;
  /** The iterations of the problem's own spectrum, which a drawn one has others of. */
  let ownIterations: number | null = null;
  modes.addEventListener('change', ({ target }) => {
    const start = (target as HTMLInputElement).value === 'drawn';
    const back = ownIterations === null ? {} : { iterations: ownIterations };
    host.set(start ? { drawn: latest, iterations: FIRST_ITERATIONS } : { drawn: [], ...back });
    host.settle();
  });

  return (picture: Picture, settled: boolean): LensReading => {
    const drawing = picture.state.drawn.length > 0;
    if (drawing) latest = picture.state.drawn;
    else ownIterations = picture.state.iterations;
    own.hidden = drawing;
    drawn.hidden = !drawing;
    for (const radio of modes.querySelectorAll('input')) radio.checked = (radio.value === 'drawn') === drawing;
    return (drawing ? drawnUpdate : ownUpdate)(picture, settled);
  };
}

function buildOwn(figure: HTMLElement, host: LensHost) {
  const plot = new Plot('Residual polynomials over the spectrum.', polynomialMarkup('polynomial-clip'), host.redraw);
  figure.append(plot.element);
  // Once it may move it is the one that its link opens with, so that the two pictures are alike.
  const axis = new Held<Interval>((_, wanted) => wanted);
  const handle = new ScaleHandle(plot.svg, plot.svg.querySelector('.edge-handle') as SVGElement, {
    onDrag: (scale) => host.set({ scale }),
    onSettle: host.settle,
  });

  return (picture: Picture, settled: boolean): LensReading => {
    plot.element.hidden = !picture.report.analysis?.polynomials;
    if (plot.element.hidden) return tooLarge(picture);
    const view = viewOf(picture, plot.index, (wanted) => axis.show(() => wanted, settled));
    const x = drawPolynomials(plot.svg, view, plot.frame);
    handle.show(x, picture.state.scale);
    plot.show(
      view.eigenvalues.map(
        (value, index): Mark => ({
          x: x(value),
          // Put into words only where it is read out.
          get heading() {
            return `eigenvalue ${short(value)}`;
          },
          get lines() {
            return view.curves.map(({ label, colour, atEigenvalues }) => ({
              label,
              colour,
              value: number(atEigenvalues[index]),
            }));
          },
        }),
      ),
    );
    return {
      sentence: sentence(picture, view),
      table: () => ({
        columns: ['eigenvalue', ...view.curves.map(({ label }) => `p of ${label}`)],
        rows: view.eigenvalues.map((value, index) => [
          value,
          ...view.curves.map(({ atEigenvalues }) => atEigenvalues[index]),
        ]),
      }),
    };
  };
}

/** The spectrum is not formed: a drawn one needs no network. */
function tooLarge({ report }: Picture): LensReading {
  const sentence = `The polynomials are drawn over the eigenvalues of up to ${MOST_WITH_EIGENVECTORS} parameters, and this network has ${report.parameters}. Make its layers narrower, or draw a spectrum of your own.`;
  return { sentence, table: () => ({ columns: [], rows: [] }) };
}

function viewOf(picture: Picture, chosen: number | null, hold: (wanted: Interval) => Interval): PolynomialView {
  const { state, report } = picture;
  const { methods } = analysisOf(picture, 'polynomials');
  const shown = shownMethods(picture);
  const curves = shown.flatMap(({ style, place }) => {
    const polynomials = methods[place];
    return polynomials && !isPreconditioned(style) ? [curveOf(style, polynomials, state.iterations)] : [];
  });
  const edge = shown.some(({ style }) => style.name === 'neumann') ? 2 * state.scale : null;
  const { smallest, largest } = report.inertia ?? { smallest: 0, largest: 0 };
  const reach = Math.max(largest, Math.min(edge ?? 0, 4 * largest));
  const domain = hold([Math.min(1.6 * smallest, -kneeOf(reach)), 1.3 * reach]);
  return {
    curves,
    eigenvalues: eigenvaluesOf(picture),
    edge,
    domain,
    knee: kneeOf(domain[1] - domain[0]),
    chosen,
  };
}

/** Within so much of zero the axis is even: a power of ten, some thousandth of what it spans. */
function kneeOf(size: number): number {
  return 10 ** Math.round(Math.log10(size || 1) - 3);
}

function sentence(picture: Picture, { curves, eigenvalues }: PolynomialView): string {
  if (curves.length === 0) return 'CG and Neumann are hidden: show one in the table of the first tab.';
  const { state } = picture;
  const parts = curves.map(
    (curve) => `${whose(curve.label)} p ${describe(curve, picture)}${worst(curve, eigenvalues)}`,
  );
  return `After ${iterations(state)} ${parts.join('; ')}.${rounding(picture)}${elsewhere(picture)}`;
}

function isPreconditioned({ name }: MethodStyle): boolean {
  return name === 'cg_kfac' || name === 'cg_ekfac';
}

/** Those whose polynomials are over other eigenvalues than this picture's. */
function elsewhere(picture: Picture): string {
  const names = shownMethods(picture).flatMap(({ style }) => (isPreconditioned(style) ? [whose(style.label)] : []));
  return names.length > 0 ? ` ${listed(names)} p would be over the eigenvalues of P⁻¹A, not these.` : '';
}

function describe({ name }: PolynomialCurve, { report, state: { scale, iterations } }: Picture): string {
  // A run whose numbers overflow ends early.
  const last = (findRun(report, 'neumann')?.trace.products.length ?? 1) - 1;
  return name === 'neumann' ? `is (1 − λᵢ/${short(scale)}) to the power ${Math.min(iterations, last) + 1}, and ` : '';
}

/** Where on the spectrum a polynomial is largest. */
function worst({ atEigenvalues }: PolynomialCurve, eigenvalues: readonly number[]): string {
  const sizes = atEigenvalues.map((value) => (value === null ? Number.POSITIVE_INFINITY : Math.abs(value)));
  const place = sizes.indexOf(Math.max(...sizes));
  const size = sizes[place] ?? 0;
  const where = `the eigenvalue ${short(eigenvalues[place] ?? 0, 2)}`;
  if (size === Number.POSITIVE_INFINITY) return `overflows at ${where}`;
  return size < SOLVED ? 'is below 10⁻⁶ on every eigenvalue' : `is largest at ${where}: ${short(size, 2)} in size`;
}

/** CG's p follows from its own coefficients, and a float run's residual need not follow p. */
function rounding(picture: Picture): string {
  const cg = findRun(picture.report, 'cg');
  const residual = cg && readAt(cg, picture.state.iterations).residual;
  if (picture.state.precision === 'f64' || picture.state.hidden.includes('cg') || typeof residual !== 'number')
    return '';
  return ` In float32 rounding may part a residual from its p: CG’s true one is ${short(residual, 2)} of b.`;
}
