// Lesson 7: what KFAC's factors keep, what they lose, and what "damping" means to whom.

import type { Experiment, Method } from '../../pkg/hessian_lab';
import { toExperiment } from '../experiment';
import type { State } from '../state';
import type { Lesson } from './lesson';
import { errorOf, figure } from './speak';

export const CONVENTIONS = ['exact', 'pi', 'sqrt', 'per_factor'] as const;

export const lesson: Lesson = {
  start: { curvature: 'ggn', precision: 'f64', damping: 0.1, scale: 2.3, hidden: ['neumann', 'cg'] },
  setup: String.raw`
    <p>A layer’s block of \(G\) is a sum of Kronecker products, one a datum: \(\bar a\) is the layer’s input and a 1,
    and \(u\) the root of the loss’s curvature, carried back to the layer’s outputs. KFAC takes the sum apart:</p>
    \[ R \sum_n u_n u_n^\top \otimes \bar a_n \bar a_n^\top \;\approx\; B \otimes A \]
    \[ B = R \sum_n u_n u_n^\top, \qquad A = \tfrac1N \sum_n \bar a_n \bar a_n^\top \]
    <p>A Kronecker product is inverted by inverting its factors: for the first layer 5 × 5 and 4 × 4 instead of 20 × 20. And what
    lies between layers is set to zero. The price: KFAC’s step is off by 0.526 here, however long you wait.</p>`,
  prediction: {
    kind: 'choice',
    question: 'Keep one datum only. Then both sides of ≈ are equal. Is KFAC’s answer exact?',
    options: ['Yes: nothing is approximated any more', 'No: the layers are still cut apart', 'Only in float64'],
    answer: 1,
  },
  reveal: { samples: 1 },
  claim:
    'For one datum KFAC’s blocks are the Gauss–Newton matrix’s layer blocks, exactly; its answer is still off, as what lies between layers is gone.',
  explanation: String.raw`
    <p>Solve with the exact layer blocks instead of KFAC’s, and with one datum the error is <b>3.05</b>; KFAC’s is
    <b>3.05</b>. With these two layers most of the loss is the cut between them: with all ten data it is 0.529 with the blocks and
    0.526 with KFAC.</p>
    <p><b>Damping</b> by \(\class{is-damping}{\lambda}\) means four things in papers and libraries. The first is what it means to every other
    method here. KFAC’s error now:</p>
    <table class="small"><tbody>
      <tr><th scope="row">exact</th><td>\(B \otimes A + \class{is-damping}{\lambda} I\)</td><td data-number="exact"></td></tr>
      <tr><th scope="row">with π</th><td>\((B + \tfrac{\sqrt{\class{is-damping}{\lambda}}}{\pi} I) \otimes (A + \pi \sqrt{\class{is-damping}{\lambda}}\, I)\)</td><td data-number="pi"></td></tr>
      <tr><th scope="row">roots</th><td>\((B + \sqrt{\class{is-damping}{\lambda}}\, I) \otimes (A + \sqrt{\class{is-damping}{\lambda}}\, I)\)</td><td data-number="sqrt"></td></tr>
      <tr><th scope="row">each factor</th><td>\((B + \class{is-damping}{\lambda} I) \otimes (A + \class{is-damping}{\lambda} I)\)</td><td data-number="per_factor"></td></tr>
    </tbody></table>
    <p>Here \(\pi^2\) is the mean eigenvalue of \(A\) over that of \(B\). None of the four is the best everywhere.</p>`,
  task: 'Take the other layer away: with a single layer and a squared error, KFAC is the Gauss–Newton matrix, for any number of data.',
  tries: [
    { label: 'One layer, ten data', patch: () => ({ layers: [3, 1], samples: 10 }) },
    { label: 'Two layers, ten data', patch: () => ({ layers: [3, 5, 1], samples: 10 }) },
    { label: 'Two layers, one datum', patch: () => ({ layers: [3, 5, 1], samples: 1 }) },
    { label: 'See the error budget', patch: () => ({ lens: 'budget' }) },
  ],
  now: (view) => {
    const { layers } = view.picture.state;
    const depth = layers.length === 2 ? 'One layer' : `${layers.length - 1} layers`;
    const data = view.picture.report.samples === 1 ? 'one datum' : `${view.picture.report.samples} data`;
    return `${depth}, ${data}: KFAC’s error is ${errorOf(view, 'kfac')}.`;
  },
  experiment: conventionsExperiment,
  numbers: (view) => {
    const errors = view.own?.methods.map(({ trace }) => figure(trace.relative_error[0]));
    return Object.fromEntries(CONVENTIONS.map((name, index) => [name, errors?.[index] ?? '–']));
  },
};

/** KFAC by each convention on the state's problem. */
export function conventionsExperiment(state: State): Experiment {
  const kfac = CONVENTIONS.map((damping_convention): Method => ({ method: 'kfac', damping_convention }));
  return { ...toExperiment(state), methods: kfac };
}
