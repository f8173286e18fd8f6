// Spectrum and polynomial: each iterate of a Krylov method or of Neumann's series is a polynomial of the matrix.

import { drawPolynomials, type PolynomialCurve, type PolynomialView, polynomialMarkup } from '../charts/polynomial';
import { number, short } from '../format';
import type { Picture } from '../picture';
import { ScaleHandle } from '../scale-handle';
import { curveOf } from './curves';
import { Held, type Interval, keepInterval } from './held';
import type { LensHost, LensReading } from './lens';
import { type Mark, Plot } from './plot';
import { analysisOf, shownMethods } from './shown';

export const claim =
  'What CG or Neumann leaves of b is p(A)b, with p a polynomial: along each eigenvector, p(λ) of it.';

export function build(figure: HTMLElement, host: LensHost) {
  const plot = new Plot('Residual polynomials over the spectrum.', polynomialMarkup('polynomial-clip'), host.redraw);
  figure.append(plot.element);
  const axis = new Held<Interval>(keepInterval);
  const handle = new ScaleHandle(plot.svg, plot.svg.querySelector('.edge-handle') as SVGElement, {
    onDrag: (scale) => host.set({ scale }),
    onSettle: host.settle,
  });

  return (picture: Picture, settled: boolean): LensReading => {
    const view = viewOf(picture, plot.index, (wanted) => axis.show(wanted, settled));
    const x = drawPolynomials(plot.svg, view, plot.frame);
    handle.show(x);
    plot.show(
      view.eigenvalues.map(
        (value, index): Mark => ({
          x: x(value),
          heading: `λ = ${short(value)}`,
          lines: view.curves.map(({ label, colour, atEigenvalues }) => ({
            label,
            colour,
            value: number(atEigenvalues[index]),
          })),
        }),
      ),
    );
    return {
      sentence: sentence(picture, view),
      table: () => ({
        columns: ['eigenvalue', ...view.curves.map(({ label }) => `p of ${label}`)],
        rows: view.eigenvalues.map((value, index) => [
          short(value),
          ...view.curves.map(({ atEigenvalues }) => number(atEigenvalues[index])),
        ]),
      }),
    };
  };
}

function viewOf(picture: Picture, chosen: number | null, hold: (wanted: Interval) => Interval): PolynomialView {
  const { state, report, ends } = picture;
  const { methods } = analysisOf(picture, 'polynomials');
  const shown = shownMethods(picture);
  const curves = shown.flatMap(({ style, place }) => {
    const polynomials = methods[place];
    return polynomials ? [curveOf(style, polynomials, state.iterations)] : [];
  });
  const edge = shown.some(({ style }) => style.name === 'neumann') ? 2 * state.scale : null;
  const reach = Math.max(ends?.max ?? 0, Math.min(edge ?? 0, 4 * (ends?.max ?? 0)));
  const low = Math.min(ends?.min ?? 0, 0);
  return {
    curves,
    eigenvalues: (report.spectrum ?? []).map((value) => value + state.damping),
    edge,
    domain: hold([low - 0.05 * (reach - low), reach + 0.05 * (reach - low)]),
    chosen,
  };
}

function sentence({ state }: Picture, { curves, eigenvalues }: PolynomialView): string {
  if (curves.length === 0) return 'CG and Neumann are hidden: show one in the table of the first tab.';
  const parts = curves.map(
    (curve) => `${curve.label}’s is ${describe(curve, state.scale, state.iterations)}${worst(curve, eigenvalues)}`,
  );
  const when = state.iterations === 1 ? 'After 1 iteration' : `After ${state.iterations} iterations`;
  return `${when} ${parts.join('; ')}.`;
}

function describe({ name }: PolynomialCurve, scale: number, k: number): string {
  return name === 'neumann' ? `(1 − λ/${short(scale)}) to the power ${k + 1}, ` : '';
}

/** Where on the spectrum a polynomial is largest. */
function worst({ atEigenvalues }: PolynomialCurve, eigenvalues: readonly number[]): string {
  const sizes = atEigenvalues.map((value) => (value === null ? Number.POSITIVE_INFINITY : Math.abs(value)));
  const place = sizes.indexOf(Math.max(...sizes));
  const size = sizes[place] ?? 0;
  const lambda = `λ = ${short(eigenvalues[place] ?? 0, 2)}`;
  if (size === Number.POSITIVE_INFINITY) return `beyond all bounds at ${lambda}`;
  return size < 1e-6
    ? `below 10⁻⁶ on every eigenvalue`
    : `largest at ${lambda}, where ${short(size, 2)} ${size > 1 ? 'times b is left' : 'of b is left'}`;
}
