// What a picture of hypergradients says, in sentences.

import type { CurvePoint, DescentStep, Hypergradient, MethodHypergradient } from '../../../pkg/hessian_lab';
import { counted, short } from '../../format';
import type { MethodStyle } from '../../methods';
import { byInverse, isReference, reference } from './solver';

export interface HypergradientSeen {
  readonly hypergradient: Hypergradient;
  readonly method: MethodHypergradient;
  readonly style: MethodStyle;
  /** The matrix that the methods invert. */
  readonly matrix: string;
  readonly weightDecay: number;
  readonly curve: readonly CurvePoint[];
  /** The chosen method's descent, as far as it is shown. */
  readonly descent: readonly DescentStep[];
  readonly failure: string;
}

export function hypergradientSentence(seen: HypergradientSeen): string {
  const { hypergradient, failure } = seen;
  const standing = hypergradient.minimum.reached ? '' : hypergradient.minimum.message;
  const parts = [
    slopeWords(seen),
    curveWords(seen),
    descentWords(seen),
    standing,
    failure && `Retraining stopped: ${failure}.`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function slopeWords({ hypergradient, method, style, matrix, weightDecay }: HypergradientSeen): string {
  const [exact, own] = [hypergradient.elasticity ?? null, method.elasticity ?? null];
  if (own === null) return `The slope ${byInverse(style, matrix)} is not a number.`;
  const start = `At μ = ${short(weightDecay)}, 1 % more weight decay ${effect(own)}, ${byInverse(style, matrix)}`;
  if (isReference(style, matrix) || exact === null) return `${start}.`;
  return own * exact < 0
    ? `${start}: the wrong way, since by ${reference(matrix)} it ${effect(exact)}.`
    : `${start}; by ${reference(matrix)} it ${effect(exact)}.`;
}

function effect(elasticity: number): string {
  if (elasticity === 0) return 'leaves the validation loss as it is';
  return `${elasticity < 0 ? 'lowers' : 'raises'} the validation loss by ${short(Math.abs(elasticity), 2)} %`;
}

function curveWords({ curve }: HypergradientSeen): string {
  const known = curve.filter(({ validation_loss }) => validation_loss !== null);
  const best = known.reduce<CurvePoint | undefined>(
    (least, next) =>
      (next.validation_loss ?? 0) < (least?.validation_loss ?? Number.POSITIVE_INFINITY) ? next : least,
    undefined,
  );
  if (!best) return '';
  const lost = curve.length - known.length;
  const failed = lost > 0 ? ` ${counted(lost, 'retraining')} ended in no minimum.` : '';
  return `Of those retrained with, μ = ${short(best.weight_decay, 2)} is best: a validation loss of ${short(best.validation_loss ?? 0)}.${failed}`;
}

function descentWords({ descent }: HypergradientSeen): string {
  const last = descent.at(-1);
  if (!last || last.step === 0 || last.point.validation_loss === null) return '';
  return `After ${counted(last.step, 'step')} of descent μ = ${short(last.point.weight_decay, 2)}, a validation loss of ${short(last.point.validation_loss ?? 0)}.`;
}
