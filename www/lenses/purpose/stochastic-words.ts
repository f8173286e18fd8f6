// What a picture of LiSSA's band says, in sentences.

import type { LissaBand, Status } from '../../../pkg/hessian_lab';
import { counted, short } from '../../format';

export interface BandSeen {
  readonly band: LissaBand;
  /** How the method's own run went. */
  readonly status: Status;
  /** The step that is looked at. */
  readonly step: number;
  readonly batch: number;
  readonly samples: number;
}

/** Which of the two errors is left at the step, and what lowers it. */
export function stochasticSentence({ band, status, step, batch, samples }: BandSeen): string {
  const [truncation, noise] = [band.truncation[step] ?? null, band.noise[step] ?? null];
  if (truncation === null || noise === null || status === 'diverged') return band.message;
  const start = `After ${counted(step, 'step')} the cut-off series leaves ${short(truncation, 2)}`;
  if (batch >= samples) return `${start}; the batch is the whole data, so there is no noise.`;
  const words = `${start} and the batches’ noise ${short(noise, 2)}`;
  return `${words}: ${advice(band, step, noise > truncation)}`;
}

function advice({ crossing, floor }: LissaBand, step: number, isNoisy: boolean): string {
  const since = crossing !== null && crossing <= step ? ` since step ${crossing}` : '';
  if (isNoisy) {
    const level = floor === null ? ' It still grows: a larger scale slows it.' : ` It stays near ${short(floor, 2)}.`;
    return `noise is what is left${since}. Four times the runs halve it, larger batches lower it too, more steps don’t.${level}`;
  }
  const growth = floor === null ? ', though noise still grows' : '';
  const later = crossing === null ? growth : `, until noise takes over for good at step ${crossing}`;
  return `truncation is what is left. More steps help${later}.`;
}
