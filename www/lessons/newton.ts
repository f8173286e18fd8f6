// Lesson 1: Newton's step is the stationary point of a quadratic, and that may lie uphill.

import { matrixName } from '../matrix-name';
import { isDefinite } from '../reading';
import { TOO_LARGE } from '../words';
import type { Lesson } from './lesson';
import { figure, runOf } from './speak';

export const lesson: Lesson = {
  start: { hidden: ['neumann', 'kfac'] },
  setup: String.raw`
    <p>Where the network stands, its loss \(f\) is nearly a quadratic, with \(g\) its gradient and \(H\) its Hessian:</p>
    \[ f(\theta + d) \approx f(\theta) + g^\top d + \tfrac12\, d^\top H d \]
    <p>Newton’s step \(d = -H^{-1}g\) goes where that quadratic is stationary. If \(H\) is positive definite, this is its
    lowest point. At the notebook’s weights, on its data, 14 of the 26 eigenvalues of \(H\) are negative: it is a saddle.</p>`,
  prediction: {
    kind: 'choice',
    question:
      'Draw the notebook’s weights and data afresh, 600 times. How often does Newton’s exact step start uphill?',
    options: [
      'Never: −g points downhill, so −H⁻¹g does too',
      'Once or twice, by bad luck',
      'About 100 times, one in six',
      'About 300 times, as there are about as many negative eigenvalues as positive',
    ],
    answer: 2,
  },
  reveal: { seed: 20 },
  claim: String.raw`Newton’s step starts uphill exactly where \(g^\top H^{-1} g < 0\), and about one of these draws in six is such a place.`,
  explanation: String.raw`
    <p>Along the step the loss starts with slope \(-g^\top H^{-1} g\). Written in the eigenvectors \(v_i\) of \(H\),</p>
    \[ g^\top H^{-1} g = \sum_i \frac{(v_i^\top g)^2}{\lambda_i} \]
    <p>Every negative \(\lambda_i\) takes something away. The draw that your answer brought to the bench is one where they
    win: \(g^\top x^* =\) <b>−2.11</b>. A solver that finds this step perfectly does you no favour.</p>`,
  notebook: String.raw`
    <p>It says that no learning rate is needed. That is so for a quadratic. A network’s loss is one only near by, so in
    practice the step is damped, or shortened until the loss falls.</p>`,
  task: String.raw`Redraw a few times and watch the sign. Then damp: with \(\class{is-damping}{\lambda} > -\lambda_{\min}\) every eigenvalue of
    \(H + \class{is-damping}{\lambda} I\) is positive, and the step starts downhill whatever the draw.`,
  tries: [
    { label: 'Redraw', patch: () => ({ seed: Math.floor(Math.random() * 100_000), damping: 0 }) },
    {
      label: 'Damp past −λmin',
      patch: ({ picture: { report } }) =>
        report.inertia && !isDefinite(report.inertia) ? { damping: report.inertia.curing_damping ?? 0 } : {},
    },
    { label: 'No damping', patch: () => ({ damping: 0 }) },
    { label: 'See the loss along the step', patch: () => ({ lens: 'loss' }) },
  ],
  now: (view) => {
    const { report, state } = view.picture;
    if (!report.inertia) return TOO_LARGE;
    const slope = runOf(view, 'exact')?.slope ?? 0;
    const way = slope < 0 ? 'uphill' : slope > 0 ? 'downhill' : 'neither up nor down';
    return `gᵀ${matrixName(state)}⁻¹g = ${figure(slope)}: the exact step starts ${way}.`;
  },
};
