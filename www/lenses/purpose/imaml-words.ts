// What a picture of meta-learning says, in sentences.

import type { Imaml, ImamlMethod } from '../../../pkg/hessian_lab';
import { counted, short } from '../../format';
import type { MethodStyle } from '../../methods';

export interface ImamlSeen {
  readonly imaml: Imaml;
  readonly cgSteps: number;
  readonly method: ImamlMethod | null;
  readonly style: MethodStyle;
  /** After a meta-training; null before one. */
  readonly trained: Imaml | null;
  readonly failure: string;
}

export function imamlSentence(seen: ImamlSeen): string {
  const failed = seen.failure && `Meta-training was refused: ${seen.failure}.`;
  return [costWords(seen), levelWords(seen), trainedWords(seen), failed].filter((part) => part !== '').join(' ');
}

function costWords({ imaml, cgSteps }: ImamlSeen): string {
  const last = imaml.steps.at(-1);
  if (!last) return '';
  const unrolling = `Unrolling ${counted(last.steps, 'inner step')} leaves ${errorWords(last.unrolled)} for ${short(last.unrolled_products, 4)} products and ${last.steps + 1} iterates kept`;
  return `${unrolling}; CG with ${counted(cgSteps, 'step')} there leaves ${errorWords(last.implicit)} for ${short(last.implicit_products, 4)} products and one iterate.`;
}

function errorWords(error: number | null): string {
  return error === null ? 'nothing finite' : `an error of ${short(error, 2)}`;
}

/** Where the inner problem is solved, the inverse alone is to blame. */
function levelWords({ method, style }: ImamlSeen): string {
  const error = method?.trace.relative_error.at(-1) ?? null;
  if (style.name === 'exact' || error === null) return '';
  return `At the inner minimum itself ${style.label} leaves ${short(error, 2)}.`;
}

function trainedWords({ trained }: ImamlSeen): string {
  if (!trained) return '';
  const [before, after] = trained.unseen_losses;
  const words = before === undefined || after === undefined ? '' : `from ${short(before, 2)} to ${short(after, 2)}`;
  return `${trained.meta_losses.length} meta-steps take the test loss on 12 unseen tasks ${words}.`;
}
