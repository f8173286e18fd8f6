// What a picture of influence says, in sentences.

import type { Influence, MethodAgreement, MethodInfluence } from '../../../pkg/hessian_lab';
import { alignment, capital, short } from '../../format';
import type { MethodStyle } from '../../methods';
import { whose as possessive } from '../shown';
import { byInverse, isReference, reference, whose } from './solver';

export interface InfluenceSeen {
  readonly influence: Influence;
  readonly method: MethodInfluence;
  readonly style: MethodStyle;
  /** The matrix that the methods invert. */
  readonly matrix: string;
  /** Real changes, as far as they are known. */
  readonly changes: readonly (number | null)[];
  /** How the method's predictions compare with the first so many of them, and how the exact inverse's do; null until that is known. */
  readonly compared: number;
  readonly agreement: MethodAgreement | null;
  readonly exact: number | null;
  /** The datum left out, from 1, and its real change, once it is known. */
  readonly without: number;
  readonly change: number | null;
  readonly failure: string;
}

/** Two changes always lie on a line. */
const FEW = 3;

export function influenceSentence(seen: InfluenceSeen): string {
  const { influence, failure } = seen;
  const standing = influence.minimum.reached ? '' : influence.minimum.message;
  const known = seen.changes.length > 0 ? trueWords(seen) : predictedWords(seen);
  return [known, withoutWords(seen), standing, failure && `Retraining stopped: ${failure}.`]
    .filter((part) => part !== '')
    .join(' ');
}

/** Before anything was retrained. */
function predictedWords({ influence, method, style, matrix }: InfluenceSeen): string {
  const values = influence.on_validation_loss ?? method.on_validation_loss.map((value) => value ?? 0);
  const [most, least] = [values.indexOf(Math.max(...values)), values.indexOf(Math.min(...values))];
  const [highest, lowest] = [values[most] ?? 0, values[least] ?? 0];
  const up = highest < 0 ? `fall least, by ${short(-highest, 2)}` : `rise most, by ${short(highest, 2)}`;
  const down = lowest < 0 ? `fall most, by ${short(-lowest, 2)}` : `rise least, by ${short(lowest, 2)}`;
  const words =
    most === least
      ? `Without datum ${most + 1} the validation loss would ${highest < 0 ? 'fall' : 'rise'} by ${short(Math.abs(highest), 2)}.`
      : `Without datum ${most + 1} the validation loss would ${up}; without datum ${least + 1} it would ${down}.`;
  const said = influence.minimum.reached ? words : `By the formula: w${words.slice(1)}`;
  return isReference(style, matrix) ? said : `${said} ${capital(whose(style, matrix))} ${poverty(method, matrix)}.`;
}

function poverty({ correlation, relative_error }: MethodInfluence, matrix: string): string {
  const ones = matrix === 'H' ? 'the exact ones' : 'the Hessian’s';
  const alike =
    correlation === null
      ? `have no correlation with ${ones}`
      : `have correlation ${alignment(correlation)} with ${ones}`;
  return `predictions ${alike}${relative_error === null ? '' : `; its H⁻¹∇L has relative error ${short(relative_error, 2)}`}`;
}

/** Against the truth. */
function trueWords({ method, style, matrix, changes, compared, agreement, exact }: InfluenceSeen): string {
  const total = method.on_validation_loss.length;
  const known = agreement ? changes.slice(0, compared) : changes;
  const far = known.length < total ? `After ${known.length} of ${total} retrainings` : `After ${total} retrainings`;
  const failed = known.filter((change) => change === null).length;
  const lost =
    failed > 0 ? ` ${failed} of them ended in no minimum and ${failed === 1 ? 'does' : 'do'} not count.` : '';
  if (!agreement) return `${far}: comparing.${lost}`;
  if (known.length - failed < FEW) return `${far}, too few to compare.${lost}`;
  const alike = agreement.correlation === null ? 'no correlation' : `correlation ${alignment(agreement.correlation)}`;
  const own = `${whose(style, matrix)} predictions have ${alike} with the real changes`;
  const others =
    isReference(style, matrix) || exact === null ? '' : `, ${possessive(reference(matrix))} ${alignment(exact)}`;
  return `${far}, ${own}${others}.${lost}`;
}

function withoutWords({ method, style, matrix, without, change }: InfluenceSeen): string {
  if (without === 0) return '';
  const predicted = method.on_validation_loss[without - 1] ?? null;
  const foretold = predicted === null ? '' : `; ${byInverse(style, matrix)} it was foretold as ${signed(predicted)}`;
  return change === null
    ? `Datum ${without} is left out${foretold}.`
    : `Datum ${without} is left out: retrained, the validation loss changes by ${signed(change)}${foretold}.`;
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${short(value, 2)}`;
}
