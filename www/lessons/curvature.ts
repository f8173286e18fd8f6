// Lesson 4: negative curvature: how CG sees it, and two ways to be rid of it.

import { counted } from '../format';
import { TOO_LARGE } from '../words';
import type { Lesson } from './lesson';
import { errorOf, figure, runOf } from './speak';

export const lesson: Lesson = {
  start: { hidden: ['neumann', 'kfac'] },
  setup: String.raw`
    <p>CG minimises \(\tfrac12 x^\top\! A x - b^\top x\), one direction \(p\) after another. Where \(p^\top\! A p \le 0\) there is
    no minimum along \(p\), and CG’s promise, an energy error that never rises, is gone. On the notebook’s problem, undamped, it
    meets such a direction at iteration <b>2</b>.</p>
    <p>One cure keeps the loss’s own curvature and drops the network’s second derivatives. With \(J_n\) the derivative of the
    outputs for datum \(n\), that is the Gauss–Newton matrix:</p>
    \[ G = R \sum_n J_n^\top \left(\nabla^2 \ell_n\right) J_n \]`,
  prediction: {
    kind: 'choice',
    question: 'At these weights, on these data, H has 14 negative eigenvalues. How many has G?',
    options: ['14: the signs belong to the data', 'A few', 'None, here or anywhere'],
    answer: 2,
  },
  reveal: { curvature: 'ggn', damping: 0.1, scale: 2.3 },
  claim: String.raw`\(G\) is never indefinite, and \(H + \class{is-damping}{\lambda} I\) is positive definite once \(\class{is-damping}{\lambda} > -\lambda_{\min}\): either way CG’s promise holds again.`,
  explanation: String.raw`
    <p>Both losses here are convex in the outputs, so for every \(v\)</p>
    \[ v^\top G v = R \sum_n (J_n v)^\top \left(\nabla^2 \ell_n\right) (J_n v) \ge 0 \]
    <p>\(G\) may be singular: 10 data leave at least 16 of the 26 eigenvalues at zero. So it wants damping too, but any
    \(\class{is-damping}{\lambda} > 0\) will do. For these losses it is also the Fisher matrix, and \(-G^{-1}g\) the
    natural gradient’s step. But it is another matrix: what CG converges to now is not \(H^{-1}g\).</p>`,
  notebook: String.raw`
    <p>It says, rightly, that CG wants a positive definite matrix and that \(H\) need not be one. The objective it gives,
    \(a^\top\! H a + g^\top a\), lacks a ½ and a sign: it is stationary at \(-\tfrac12 H^{-1}g\). The one to take is
    \(\tfrac12 a^\top\! H a - g^\top a\), and its code solves that one.</p>`,
  task: String.raw`Keep \(H\) and damp it instead. Stop just short of \(-\lambda_{\min}\), then go past: one negative eigenvalue is enough
    to void the promise.`,
  tries: [
    { label: 'H, λ = 0.28', patch: () => ({ curvature: 'hessian', damping: 0.28, scale: 2.7 }) },
    { label: 'H, λ = 0.3', patch: () => ({ curvature: 'hessian', damping: 0.3, scale: 2.7 }) },
    { label: 'G, λ = 0.1', patch: () => ({ curvature: 'ggn', damping: 0.1, scale: 2.3 }) },
  ],
  now: (view) => {
    const { report, state } = view.picture;
    const { inertia } = report;
    if (!inertia) return TOO_LARGE;
    const cg = runOf(view, 'cg');
    const error = `after ${counted(state.iterations, 'iteration')} its error is ${errorOf(view, 'cg')}`;
    if (inertia.negative > 0) {
      const some = inertia.negative === 1 ? '1 eigenvalue is' : `${inertia.negative} eigenvalues are`;
      const met =
        cg?.status === 'negative_curvature' ? ` CG met pᵀAp ≤ 0 at iteration ${cg.status_iteration};` : ' CG:';
      return `${some} negative, the least ${figure(inertia.smallest)}.${met} ${error}.`;
    }
    if (inertia.zero > 0)
      return `None is negative, ${inertia.zero} ${inertia.zero === 1 ? 'is' : 'are'} zero: the matrix is singular. It wants damping.`;
    return `All ${report.parameters} eigenvalues are positive, from ${figure(inertia.smallest)} up. CG’s promise holds${state.precision === 'f32' ? ', but for rounding' : ''}: ${error}.`;
  },
};
