// The powers of ten that a logarithmic axis names.

import { powerOfTen } from '../format';
import type { Decades } from './domain';

/** No more of them than there is room for; 1 is always among them, where the axis holds it. */
export function decadeTicks([low, high]: Decades, room: number): number[] {
  const step = Math.max(Math.ceil((high - low) / Math.max(room, 1)), 1);
  const first = Math.ceil(low / step) * step;
  const count = Math.floor((high - first) / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, index) => 10 ** (first + index * step));
}

export function decadeText(value: number): string {
  return powerOfTen(Math.round(Math.log10(value)));
}
