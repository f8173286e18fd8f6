// What is said of a meta-gradient and of a meta-training.

import { expect, it } from 'vitest';
import type { Imaml, ImamlMethod } from '../../pkg/hessian_lab';
import { imamlSentence } from '../../www/lenses/purpose/imaml-words';
import { methodStyle } from '../../www/methods';

const step = { steps: 64, unrolled: 0.3, unrolled_products: 96.5, implicit: 0.02, implicit_products: 37.5 };
const imaml = { steps: [step], meta_losses: [], unseen_losses: [0.8, 0.8] } as unknown as Imaml;
const method = { trace: { relative_error: [1, 0.25] } } as unknown as ImamlMethod;
const seen = { imaml, cgSteps: 5, method, style: methodStyle('exact'), trained: null, failure: '' };

it('costs and errors are set side by side', () => {
  expect(imamlSentence(seen)).toBe(
    'Unrolling 64 inner steps leaves an error of 0.3 for 96.5 products and 65 iterates kept; CG with 5 steps there leaves an error of 0.02 for 37.5 products and one iterate.',
  );
  const lost = { ...imaml, steps: [{ ...step, steps: 1, unrolled: null }] };
  expect(imamlSentence({ ...seen, imaml: lost, cgSteps: 1 })).toMatch(
    /^Unrolling 1 inner step leaves nothing finite .*; CG with 1 step there leaves/,
  );
});

it('the inverse alone is to blame at the minimum, unless it is the exact one', () => {
  expect(imamlSentence({ ...seen, style: methodStyle('kfac') })).toContain('itself KFAC leaves 0.25');
  expect(imamlSentence(seen)).not.toContain('itself');
});

it('a meta-training, or why there is none, comes last', () => {
  const trained = { ...imaml, meta_losses: new Array(40).fill(1), unseen_losses: [0.8, 0.3] } as Imaml;
  expect(imamlSentence({ ...seen, trained })).toMatch(/40 meta-steps take the test loss .* from 0\.8 to 0\.3\.$/);
  expect(imamlSentence({ ...seen, failure: 'why' })).toMatch(/Meta-training was refused: why\.$/);
});
