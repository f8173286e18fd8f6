// Lesson 3: CG needs as many steps as there are clusters of eigenvalues, however large the matrix.

import { counted } from '../format';
import { TOO_LARGE } from '../words';
import type { Lesson } from './lesson';
import { firstBelow, runOf } from './speak';

export const lesson: Lesson = {
  start: {
    samples: 4,
    curvature: 'ggn',
    precision: 'f64',
    damping: 0.1,
    scale: 2.3,
    iterations: 0,
    hidden: ['cg', 'neumann', 'kfac'],
  },
  setup: String.raw`
    <p>Give the network 4 data only, and take the Gauss–Newton matrix \(G\). With one output, each
    datum adds to \(G\) a matrix of rank one. So at most 4 of its 26
    eigenvalues differ from zero. The damping lifts all of them: in the spectrum you see
    a stack at \(\class{is-damping}{\lambda}\), and a few to the right of it.</p>`,
  prediction: {
    kind: 'marker',
    axis: 'x',
    question: 'The matrix is 26 × 26. After how many iterations is CG’s error below a millionth?',
    low: 1,
    high: 60,
    step: 1,
    start: 26,
    answer: 4,
    right: [4, 5],
    words: (count) => counted(count, 'step'),
  },
  reveal: { hidden: ['neumann', 'kfac'], iterations: 10 },
  claim: String.raw`In exact arithmetic CG is done after as many steps as there are different eigenvalues with a part in \(b\); a tight cluster counts nearly as one.`,
  explanation: String.raw`
    <p>After \(k\) steps, CG’s residual is a polynomial of the matrix:</p>
    \[ r_k = p_k(A)\, r_0, \qquad p_k(0) = 1 \]
    <p>No polynomial of that degree leaves less energy error than CG’s. With \(m\) different eigenvalues one of degree \(m\)
    has a zero on each, and nothing is left; eigenvalues close together share a zero and leave little. Here the
    gradient is a sum over the data too, and has no part in the stack: with 4 data 4 zeros do it.
    The number of parameters never enters.</p>`,
  task: 'Make the network five times as large: CG takes as long as before. Then change the number of data.',
  tries: [
    { label: '24 hidden units', patch: () => ({ layers: [3, 24, 1] }) },
    { label: '5 hidden units', patch: () => ({ layers: [3, 5, 1] }) },
    { label: '2 data', patch: () => ({ samples: 2 }) },
    { label: '8 data', patch: () => ({ samples: 8 }) },
    { label: 'See CG’s polynomial', patch: () => ({ lens: 'polynomial' }) },
  ],
  now: (view) => {
    const { parameters, samples, inertia } = view.picture.report;
    if (!inertia) return TOO_LARGE;
    const entry = firstBelow(runOf(view, 'cg')?.trace.relative_error ?? [], 1e-6);
    const cg =
      entry === null
        ? 'CG’s error stays above a millionth'
        : `CG’s error is below a millionth after ${counted(entry, 'step')}`;
    return `P = ${parameters}, N = ${samples}: ${cg}.`;
  },
};
