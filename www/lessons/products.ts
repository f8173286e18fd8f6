// Lesson 2: a product with H costs about two gradients, and products are all that CG needs.

import { counted } from '../format';
import type { Lesson } from './lesson';
import { firstBelow, runOf } from './speak';

const LEVEL = 1e-6;

export const lesson: Lesson = {
  start: {
    layers: [3, 15, 1],
    precision: 'f64',
    damping: 0.7,
    scale: 5.3,
    x: 'products',
    y: 'residual',
    iterations: 0,
    hidden: ['cg', 'neumann', 'kfac'],
  },
  setup: String.raw`
    <p>\(H\) times a vector is the slope of the gradient along it, and differentiating backpropagation once more gives it
    exactly, without \(H\):</p>
    \[ H v = \left.\frac{\mathrm d}{\mathrm d t}\, \nabla f(\theta + t v)\right|_{t=0} \]
    <p>The work is in the matrix products. In every layer but the first, a gradient takes three (one forward, two back) and
    \(Hv\) six more. So one product costs about two gradients. With its 15 hidden units this network has
    \(P =\) <b>76</b> parameters: forming \(H\) takes that many products, one a column, and then it must still be factored.</p>`,
  prediction: {
    kind: 'marker',
    axis: 'x',
    question: 'CG pays one product an iteration. After how many is its residual below a millionth?',
    low: 1,
    high: 110,
    step: 1,
    start: 60,
    answer: 12,
    right: [8, 17],
    words: (products) => counted(products, 'product'),
  },
  reveal: { hidden: ['neumann', 'kfac'], iterations: 40 },
  claim:
    'One product with H costs about two gradients, and CG is done here after far fewer products than H has columns.',
  explanation: String.raw`
    <p>CG touches \(H\) through products alone. With 15 hidden units it is below \(10^{-6}\) after <b>12</b>: the work
    of some 24 gradients, where forming \(H\) takes that of 152. How many CG needs is a matter of the eigenvalues, not of how many parameters
    there are. That is the next lesson.</p>`,
  notebook: String.raw`
    <p>It forms \(H\) row by row to have something to compare with, and says that one should not do so in practice. Quite right:
    that is \(P\) backward passes and \(P^2\) numbers.</p>`,
  task: 'Widen the hidden layer. The exact method’s line starts further right; CG’s curve moves little.',
  tries: [
    { label: '5 units', patch: () => ({ layers: [3, 5, 1] }) },
    { label: '15 units', patch: () => ({ layers: [3, 15, 1] }) },
    { label: '23 units', patch: () => ({ layers: [3, 23, 1] }) },
  ],
  now: (view) => {
    const { parameters, inertia } = view.picture.report;
    const products = productsNeeded(view);
    const cg = products === null ? 'CG’s residual has not come below 10⁻⁶' : `CG is below 10⁻⁶ after ${products}`;
    const exact = inertia
      ? `has an answer after ${parameters} products`
      : 'has none, as the matrix is too large to form';
    return `P = ${parameters}: the exact method ${exact}; ${cg}.`;
  },
};

function productsNeeded(view: Parameters<Lesson['now']>[0]): number | null {
  const trace = runOf(view, 'cg')?.trace;
  const entry = trace ? firstBelow(trace.residual, LEVEL) : null;
  return entry === null ? null : (trace?.products[entry] ?? null);
}
