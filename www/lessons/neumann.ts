// Lesson 5: where the Neumann series converges, how fast, and what LiSSA's noise costs.

import { counted } from '../format';
import { FITTED_SINE } from '../lenses/purpose/minimum';
import { isOnEdge, isPastEdge } from '../reading';
import { DEFAULT_STATE, pick, type State } from '../state';
import { TOO_LARGE } from '../words';
import type { Lesson, View } from './lesson';
import { errorOf, figure } from './speak';

/** The notebook's. */
const SCALE = 4.5;

export const lesson: Lesson = {
  start: { damping: 0.5, precision: 'f64', scale: SCALE, hidden: ['cg', 'kfac'] },
  setup: String.raw`
    <p>The Neumann series is a geometric series of matrices, with a scale \(\class{is-scale}{s}\) that you choose:</p>
    \[ A^{-1} b = \frac{1}{\class{is-scale}{s}} \sum_{k=0}^{\infty\vphantom{y}} \left(I - \frac{A}{\class{is-scale}{s}}\right)^{k} b \]
    <p>Along an eigenvector with eigenvalue \(\lambda_i\), each term multiplies what is still missing by
    \(1 - \lambda_i/\class{is-scale}{s}\). Here the eigenvalues go from 0.218 to 4.9, and the notebook’s scale, 4.5, works:
    after 40 iterations the error is 0.086. A smaller scale makes the small eigenvalues’ factors smaller.</p>`,
  prediction: {
    kind: 'choice',
    question: 'You bring the scale down. Below which value does the series diverge?',
    options: ['4.9, which is λmax', '2.45, which is λmax/2', '0.218, which is λmin', 'None: it only changes the speed'],
    answer: 1,
  },
  reveal: { scale: 2.3 },
  claim: String.raw`The series converges for every \(b\) exactly when all eigenvalues of \(A\) lie in \((0, 2\class{is-scale}{s})\); its slowest part fades fastest at \(\class{is-scale}{s} = (\lambda_{\min} + \lambda_{\max})/2\).`,
  explanation: String.raw`
    <p>A part fades when \(|1 - \lambda_i/\class{is-scale}{s}| < 1\), that is, when \(0 < \lambda_i < 2\class{is-scale}{s}\). Past that edge
    the factor is below −1: what is missing changes sign with every term, and grows. A negative eigenvalue has a factor above
    1 at any scale, so no scale helps it.</p>
    <p><b>LiSSA</b> puts the matrix of a small random batch into each term. A term costs a fraction of a product, but the
    noise does not fade. At damping 0.5 and scale 4.5, after 120 iterations, the series is off by <b>0.00124</b>; LiSSA with 5 data
    a term typically by <b>0.14</b>, the mean of ten such runs by <b>0.046</b>. Larger batches, a larger
    scale or more runs lower that floor.</p>
    <p>The series is what takes <b>hypergradients</b> where networks are large (Lorraine, Vicol and Duvenaud 2020): one inverse
    says how the validation loss moves with a setting such as the weight decay. Cut it short and that is wrong: on a fitted
    sine 1 % more weight decay raises the loss by 0.49 %, and 40 iterations say 0.13 %.</p>`,
  notebook: String.raw`
    <p>Its “spectral value less than 1” is true of \(I - A\): for \(A\), eigenvalues in \((0, 2)\). Its scaled series leaves out the
    last division by 4.5, which the cosine does not notice but the length does. And its loop works out the loss of
    one datum a term without using it: with it, it would have been LiSSA.</p>`,
  task: String.raw`Drag the edge \(2\class{is-scale}{s}\) in the spectrum across the largest eigenvalue. Then undo the damping, and look for a
    scale that helps.`,
  tries: [
    { label: 'Best scale', patch: bestScale },
    { label: 'Scale 4.5', patch: () => ({ ...PROBLEM, scale: SCALE }) },
    { label: 'Undo the damping', patch: () => ({ ...PROBLEM, damping: 0 }) },
    { label: 'Damp by 0.5', patch: () => ({ ...PROBLEM, damping: 0.5 }) },
    { label: 'A hypergradient by it', patch: () => HYPERGRADIENT },
    { label: 'LiSSA’s noise', patch: () => ({ ...PROBLEM, ...NOISE }) },
  ],
  now: (view) => {
    const { report, state } = view.picture;
    const { inertia } = report;
    if (!inertia) return TOO_LARGE;
    const { negative, largest, tolerance } = inertia;
    if (negative > 0)
      return `${negative} of ${report.parameters} eigenvalues ${negative === 1 ? 'is' : 'are'} negative: no scale converges.`;
    const edge = `2s = ${figure(2 * state.scale)}`;
    if (isPastEdge(largest, state.scale, tolerance))
      return `λmax = ${figure(largest)} is past ${edge}: the series diverges.`;
    if (isOnEdge(largest, state.scale, tolerance))
      return `λmax = ${figure(largest)} is on the edge ${edge}: its part of the series never fades.`;
    return `λmax = ${figure(largest)} is below ${edge}: after ${counted(state.iterations, 'iteration')} the error is ${errorOf(view, 'neumann')}.`;
  },
};

function bestScale({ picture }: View): Partial<State> {
  const scale = picture.report.inertia?.best_scale ?? null;
  return scale === null ? {} : { scale };
}

/** The lesson's own problem on the bench, whatever was tried before. */
const PROBLEM: Partial<State> = {
  ...pick(DEFAULT_STATE, ['layers', 'activation', 'loss', 'generator', 'samples', 'noise', 'seed', 'own']),
  ...pick(DEFAULT_STATE, ['weightDecay', 'optimizer', 'training', 'curvature', 'lens']),
  precision: 'f64',
};

/** Batch and runs to choose, where every batch converges: on the Gauss-Newton matrix, damped. */
const NOISE: Partial<State> = {
  lens: 'purpose',
  use: 'stochastic',
  curvature: 'ggn',
  damping: 0.3,
  scale: 6,
  autoScale: false,
  iterations: 40,
};

/** Where the series is put to use, and 40 terms are too few. */
const HYPERGRADIENT: Partial<State> = {
  ...FITTED_SINE,
  lens: 'purpose',
  use: 'hypergradient',
  solver: 'neumann',
  iterations: 40,
};
