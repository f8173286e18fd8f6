// Lesson 6: an error like the notebook's 69 % may be mostly rounding.

import { counted } from '../format';
import { readAt } from '../reading';
import type { Lesson } from './lesson';
import { figure, runOf } from './speak';

export const lesson: Lesson = {
  start: { hidden: ['neumann', 'kfac'] },
  setup: String.raw`
    <p>The notebook ran 40 iterations of CG, in float32 as PyTorch does unless told otherwise, and printed a relative error of
    0.6924 and a cosine of 0.7375. On the bench is another draw from the same law that gives nearly the same numbers:
    0.728 and 0.686.</p>`,
  prediction: {
    kind: 'marker',
    axis: 'y',
    question: 'Same matrix, same 40 iterations, in float64. What is CG’s error now?',
    low: -9,
    high: 0.5,
    step: 0.1,
    start: 0.5,
    answer: 2.4e-5,
    right: [2e-6, 3e-4],
    words: (error) => figure(error),
  },
  reveal: { precision: 'f64' },
  claim:
    'On this draw nearly all of CG’s error after 40 iterations is rounding: in float64 it is 0.000024, in float32 0.73.',
  explanation: String.raw`
    <p>float32 keeps about 7 digits, float64 about 16. Two things magnify what it loses. \(H\) is ill-conditioned: its eigenvalues
    go from \(8 \times 10^{-5}\) to 4.4 in size. And it is indefinite, so the \(p^\top\! H p\) that CG divides by may be
    near zero.</p>
    <p>This is true of this draw, not of all. Over 400,000 draws of the law, the median error is 0.90 in float32 and 0.04
    in float64: often 40 iterations are too few in any arithmetic.</p>`,
  notebook: String.raw`
    <p>It calls a cosine of 0.74 a good estimate. A vector at that angle to \(x^*\), however long, is off by at least</p>
    \[ \sqrt{1 - 0.7375^2} = 0.675 \]
    <p>of the length of \(x^*\). The error that it prints one line earlier, 0.69, is the better judge.</p>`,
  task: 'Go back to float32 and give CG 120 iterations: more steps do not help. Then damp: now float32 is enough.',
  tries: [
    { label: 'float32', patch: () => ({ precision: 'f32' }) },
    { label: '120 iterations', patch: () => ({ iterations: 120 }) },
    { label: 'Damp by 0.3', patch: () => ({ damping: 0.3 }) },
    { label: 'float64', patch: () => ({ precision: 'f64' }) },
  ],
  now: (view) => {
    const { iterations, precision, damping } = view.picture.state;
    const run = runOf(view, 'cg');
    const at = run && readAt(run, iterations);
    const where = `${precision === 'f32' ? 'float32' : 'float64'}, λ = ${figure(damping)}, ${counted(iterations, 'iteration')}`;
    return `${where}: CG’s error is ${figure(at?.error)}, its cosine ${figure(at?.cosine)}.`;
  },
};
