// Lesson 8: what each method takes at a million parameters, and which to use for what.

import { TRACE_END } from '../experiment';
import { counted, short } from '../format';
import { TOO_LARGE } from '../words';
import { bytes, costsOf } from './costs';
import type { Lesson } from './lesson';
import { firstBelow, runOf } from './speak';

export const WIDTHS = [500, 500, 500, 500, 500];
const costs = costsOf(WIDTHS);

export const lesson: Lesson = {
  start: {
    layers: [8, 24, 12, 1],
    samples: 50,
    curvature: 'ggn',
    precision: 'f64',
    damping: 0.1,
    scale: 4.2,
    x: 'products',
    hidden: ['cg', 'neumann', 'kfac'],
  },
  setup: String.raw`
    <p>The network on the bench has 529 parameters. Take one of five layers of units, 500 each. Each of
    its four weight matrices has 500 × 501 entries, biases included, so</p>
    \[ P = 4 \cdot 500 \cdot 501 = 1{,}002{,}000 \]
    <p>which is small, these days.</p>`,
  prediction: {
    kind: 'choice',
    question: 'How much memory does its Hessian take, in float32?',
    options: ['4 megabytes', '4 gigabytes', '4 terabytes'],
    answer: 2,
  },
  reveal: { hidden: ['neumann', 'kfac'], iterations: 40 },
  claim: `At a million parameters H takes ${bytes(costs.hessian)}, CG’s vectors ${bytes(costs.vectors)} and KFAC’s factors ${bytes(costs.factors)}.`,
  explanation: String.raw`
    <table class="small"><thead><tr><th scope="col">method</th><th scope="col">memory</th><th scope="col">work</th></tr></thead><tbody>
      <tr><th scope="row">Exact</th><td>\(4P^2\) = ${bytes(costs.hessian)}</td><td>\(P\) products, then \(P^3/6\) = ${short(costs.factoring)} multiplications</td></tr>
      <tr><th scope="row">CG, \(K\) steps</th><td>\(4 \cdot 4P\) = ${bytes(costs.vectors)}</td><td>\(K\) products, about \(2K\) gradients</td></tr>
      <tr><th scope="row">KFAC</th><td>\(4\sum_\ell (a_\ell^2 + b_\ell^2)\) = ${bytes(costs.factors)}</td><td>\(\sum_\ell (a_\ell^3 + b_\ell^3)/6\) = ${short(costs.factoringFactors)} multiplications</td></tr>
    </tbody></table>
    <p>\(a_\ell = 501\) and \(b_\ell = 500\) are the sizes of a layer’s two factors; the work is Cholesky’s.</p>
    <ul>
      <li><b>You need \(A^{-1}g\) right</b>, once: influence, hypergradients. CG on a damped matrix.</li>
      <li><b>You need it at every step</b> of training, roughly: KFAC or EKFAC, the factors kept for many steps. In a race
      on the bench’s network, down to a tenth of the first loss, KFAC takes 22 products, CG that Martens’ rule stops early 272,
      Gauss–Newton 659 and Newton 799; gradient descent at the rate 0.1 is not there after 120 steps.</li>
      <li><b>Both</b>: CG with KFAC as its preconditioner.</li>
      <li><b>Even one product over all data is too dear</b>: LiSSA, and you live with the noise.</li>
      <li><b>You have some thousand parameters</b>: exactly, and be done.</li>
    </ul>`,
  task: 'CG’s price is set by the eigenvalues, and damping sets those. Take some away and count. Then let the optimizers race.',
  tries: [
    { label: 'λ = 0.1', patch: () => ({ damping: 0.1, lens: '' }) },
    { label: 'λ = 0.001', patch: () => ({ damping: 0.001, lens: '' }) },
    { label: 'λ = 0.00001', patch: () => ({ damping: 1e-5, lens: '' }) },
    { label: 'The race', patch: () => ({ lens: 'purpose', use: 'race', x: 'products', iterations: TRACE_END }) },
  ],
  now: (view) => {
    const { report, state } = view.picture;
    const trace = runOf(view, 'cg')?.trace;
    const entry = trace ? firstBelow(trace.relative_error, 1e-6) : null;
    if (!report.inertia) return TOO_LARGE;
    const cg =
      entry === null
        ? `not below a millionth in ${TRACE_END} iterations`
        : `below a millionth after ${counted(trace?.products[entry] ?? 0, 'product')}`;
    return `P = ${report.parameters}, λ = ${figureOf(state.damping)}: CG’s error is ${cg}.`;
  },
};

function figureOf(damping: number): string {
  return short(damping, 2);
}
