// What the page says about what it shows: every sentence here follows from the numbers on screen.

import type { Inertia, Report } from '../pkg/hessian_lab';
import { alignment, apart, counted, short } from './format';
import type { Picture } from './picture';
import { findRun, isAtRest, isDefinite, isOnEdge, isPastEdge, type Run, readAt, statusIsSeen } from './reading';
import type { State } from './state';

/** A method's status at iteration `k`, in words. */
export function statusWords(run: Run, k: number): string {
  if (!statusIsSeen(run, k)) return 'on its way';
  const since = run.status_iteration === null ? '' : ` at ${run.status_iteration}`;
  switch (run.status) {
    case 'ok':
      return 'direct';
    case 'converged':
      return `converged${since}`;
    case 'negative_curvature':
      return `negative curvature${since}`;
    case 'diverged':
      return 'diverges';
    case 'breakdown':
      return run.method === 'exact' ? 'not formed' : `breaks down${since}`;
    default:
      return 'not converged';
  }
}

/** Why, once it has been seen; what is said of a run's last iterate holds at the end of its trace only. */
export function statusReason(run: Run, k: number): string {
  const { slope, products } = run.trace;
  if (k >= products.length - 1) return run.message;
  const verdict = statusIsSeen(run, k) && run.status !== 'limit' ? withoutSlope(run) : '';
  const here = slope[k] ?? 0;
  return here < 0 ? `${verdict} Here the step −x goes uphill: gᵀx = ${short(here)}.`.trimStart() : verdict;
}

/** Where the last iterate's slope is negative, the message's last sentence says so. */
function withoutSlope({ message, slope }: Run): string {
  return slope < 0 ? message.slice(0, message.lastIndexOf('. ') + 1) : message;
}

/** Something worth trying next, that one press does. */
export interface Suggestion {
  readonly label: string;
  readonly patch: Partial<State>;
}

export interface Story {
  readonly text: string;
  readonly next: readonly Suggestion[];
}

/** The story over the chart. `twin` is the same problem in the other precision, where it has been seen. */
export function tell(picture: Picture, twin: Picture | null): Story {
  const { state } = picture;
  const { inertia } = picture.report;
  if (isAtRest(picture.report)) return { text: AT_REST, next: [] };
  const rounding = twin ? roundingStory(picture, twin) : null;
  if (rounding !== null) return { text: rounding, next: [switchPrecision(state), ...cureOrRescale(inertia, state)] };
  if (!inertia) return { text: largeStory(picture), next: state.y === 'residual' ? [] : [LOOK_AT_RESIDUAL] };
  if (inertia.negative > 0) return { text: indefiniteStory(picture, inertia), next: cures(picture, inertia) };
  if (inertia.zero > 0) return { text: singularStory(picture, inertia), next: damp(inertia) };
  if (isPastEdge(inertia.largest, state.scale, inertia.tolerance) && !isConverged(picture))
    return { text: divergingStory(picture, inertia), next: rescale(inertia, state) };
  return { text: definiteStory(picture), next: rescale(inertia, state) };
}

function cures({ state }: Picture, inertia: Inertia): Suggestion[] {
  return state.precision === 'f32' ? [switchPrecision(state), ...damp(inertia)] : damp(inertia);
}

/** The damping that makes an indefinite or singular matrix positive definite. */
function damp(inertia: Inertia | null): Suggestion[] {
  const damping = inertia?.curing_damping ?? null;
  if (!inertia || isDefinite(inertia) || damping === null) return [];
  return [{ label: `Damping ${short(damping)}`, patch: { damping } }];
}

/** What the core takes for a scale. */
const [LEAST, MOST] = [1e-9, 1e9];

/** Neumann's best scale, where it is another. */
function rescale({ best_scale: scale }: Inertia, state: State): Suggestion[] {
  if (scale === null || scale === state.scale || state.autoScale || scale < LEAST || scale > MOST) return [];
  return [{ label: `Best scale, ${short(scale)}`, patch: { scale } }];
}

function cureOrRescale(inertia: Inertia | null, state: State): Suggestion[] {
  return inertia && isDefinite(inertia) ? rescale(inertia, state) : damp(inertia);
}

function switchPrecision({ precision }: State): Suggestion {
  return precision === 'f32'
    ? { label: 'Switch to float64', patch: { precision: 'f64' } }
    : { label: 'Back to float32', patch: { precision: 'f32' } };
}

/** The two errors, where there are errors and the two are not the same as they are written. */
function roundingStory({ state, report }: Picture, twin: Picture): string | null {
  const [here, there] = [report, twin.report].map((run) => errorOf(findRun(run, 'cg'), state.iterations));
  if (here === there) return null;
  const [single, double] = state.precision === 'f32' ? [here, there] : [there, here];
  const why =
    report.inertia?.negative === 0 && report.inertia.zero > 0
      ? `The matrix is singular: CG goes on along its null space${isReached(report) ? ' by rounding alone' : ', where b has a part'}, in either.`
      : 'The difference is rounding.';
  return `Same matrix, same steps, other arithmetic: after ${iterations(state)} CG’s error is ${single} in float32 and ${double} in float64. ${why}`;
}

export const TOO_LARGE = 'The matrix is too large to form.';
export const AT_REST = 'The gradient is zero: there is nothing to solve.';

/** Whether some x has Ax = b, to what float32's b leaves. */
function isReached(report: Report): boolean {
  return (findRun(report, 'exact')?.trace.residual.at(-1) ?? 0) < 1e-6;
}

const LOOK_AT_RESIDUAL: Suggestion = { label: 'Show the residual', patch: { y: 'residual' } };

function largeStory(picture: Picture): string {
  return `The matrix is too large to form: there is no spectrum and no exact answer, but products still work. ${cgStory(picture)}`;
}

/** Of an eigenvector that b has no part of, the series never hears. */
function isConverged({ report }: Picture): boolean {
  return findRun(report, 'neumann')?.status === 'converged';
}

function indefiniteStory(picture: Picture, inertia: Inertia): string {
  return `${cgStory(picture)} ${share(inertia.negative, inertia)} negative: CG has no guarantee${isConverged(picture) ? '' : ', and no scale makes Neumann converge'}.`;
}

function singularStory(picture: Picture, inertia: Inertia): string {
  return `${share(inertia.zero, inertia)} zero: the matrix is singular, and “exact” is the shortest of its least-squares solutions. ${cgStory(picture)}`;
}

function divergingStory(picture: Picture, inertia: Inertia): string {
  const [scale, edge] = apart(picture.state.scale, inertia.largest / 2);
  return `Scale ${scale} is below λmax/2 = ${edge}: an eigenvalue lies past 2s, so Neumann diverges. ${cgStory(picture)}`;
}

function definiteStory(picture: Picture): string {
  const { report, state } = picture;
  const neumann = errorOf(findRun(report, 'neumann'), state.iterations);
  const kfac = findRun(report, 'kfac');
  const kfacError = kfac ? readAt(kfac, 0).error : null;
  const last =
    kfacError !== null && kfacError < 1e-6
      ? 'and KFAC is exact here'
      : `and KFAC, an approximation, stays at ${words(kfacError)}`;
  const matrix = state.damping > 0 ? `${MATRICES[state.curvature]} + ${short(state.damping)} I` : 'the matrix';
  return `Every eigenvalue of ${matrix} is positive. ${cgStory(picture)} Neumann’s is ${neumann}, ${last}.`;
}

function cgStory({ report, state }: Picture): string {
  const run = findRun(report, 'cg');
  if (!run) return '';
  const { error, cosine, residual } = readAt(run, state.iterations);
  const when = `After ${iterations(state)}${state.precision === 'f32' ? ' in float32' : ''}`;
  if (error === null) return `${when} CG’s residual is ${words(residual)}.`;
  if (cosine !== null && looksBetterThanItIs(error, cosine))
    return `${when} CG’s answer points ${cosine < 0.99 ? 'roughly ' : ''}the right way (cosine ${alignment(cosine)}), but is off by ${Math.round(100 * error)}\u00a0% of the exact one’s length.`;
  return `${when} CG’s error is ${words(error)}${error > 1e-3 && cosine !== null ? ` (cosine ${alignment(cosine)})` : ''}.`;
}

const MATRICES: Record<State['curvature'], string> = {
  hessian: 'H',
  ggn: 'G',
  fisher_mc: 'the sampled Fisher matrix',
  fisher_empirical: 'the empirical Fisher matrix',
};

/** The notebook's case: 0.74 and 69 %. */
function looksBetterThanItIs(error: number, cosine: number): boolean {
  return cosine >= 0.6 && error >= 0.4 && error < 1;
}

function errorOf(run: Run | undefined, k: number): string {
  return words(run ? readAt(run, k).error : null);
}

function words(value: number | null): string {
  return value === null ? 'unknown' : short(value, 2);
}

function share(some: number, { positive, negative, zero }: Inertia): string {
  return `${some} of ${positive + negative + zero} eigenvalues ${some === 1 ? 'is' : 'are'}`;
}

/** 1 iteration, 40 iterations. */
export function iterations({ iterations }: Pick<State, 'iterations'>): string {
  return counted(iterations, 'iteration');
}

/** What the scale does now. */
export function scaleHint({ negative, zero, largest, tolerance }: Inertia, scale: number): string {
  if (negative > 0) return 'none converges for every b';
  if (isPastEdge(largest, scale, tolerance)) return 'diverges';
  if (isOnEdge(largest, scale, tolerance)) return 'on the edge: does not converge';
  return zero > 0 ? 'the matrix is singular' : 'converges';
}

/** What the damping does now, in few words beside a mark. */
export function dampingHint({ negative, zero, smallest }: Inertia, isMarked: boolean): string {
  if (negative > 0) return `${negative} negative`;
  if (zero > 0) return 'singular';
  return isMarked ? 'positive definite' : `positive definite: λmin = ${short(smallest, 2)}`;
}

/** The spectrum in two short lines. */
export function spectrumSummary(inertia: Inertia): [signs: string, range: string] {
  const { positive, negative, zero, smallest, largest, tolerance } = inertia;
  const signs = [`${positive} positive`];
  if (negative > 0) signs.unshift(`${negative} negative`);
  if (zero > 0) signs.push(`${zero} zero`);
  const least = Math.abs(smallest) <= tolerance ? 0 : smallest;
  const ends = apart(least, largest);
  return [signs.join(', '), `λmin = ${ends[0]}, λmax = ${ends[1]}`];
}
