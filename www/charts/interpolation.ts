// What d3-scale asks of d3-interpolate, for numbers: the charts' scales hold nothing else, and colours weigh more than all of this.

type Interpolation = (progress: number) => number;

export function interpolateNumber(from: number, to: number): Interpolation {
  return (progress) => from * (1 - progress) + to * progress;
}

export function interpolateRound(from: number, to: number): Interpolation {
  return (progress) => Math.round(interpolateNumber(from, to)(progress));
}

/** Asked for by the scales of several colours, which no chart has. */
export function piecewise(): never {
  throw new Error('no scale here has several ranges');
}

export { interpolateNumber as interpolate };
