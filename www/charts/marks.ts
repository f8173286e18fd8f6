// How a signed number by datum is marked: its sign by colour and by shape, its size by strength.

import { round } from './curve';

/** A disc about a place for what is positive, a square for what is not: told apart without colour too. */
export function shapeOf(value: number, size: number, [x, y]: readonly [x: number, y: number]): string {
  return value > 0
    ? `M${round(x - size)},${y}a${size},${size} 0 1,0 ${2 * size},0a${size},${size} 0 1,0 -${2 * size},0Z`
    : `M${round(x - size)},${round(y - size)}h${2 * size}v${2 * size}h-${2 * size}Z`;
}

export function signOf(value: number): 'plus' | 'minus' {
  return value > 0 ? 'plus' : 'minus';
}

/** Weak marks stay visible. */
export function opacityOf(strength: number): string {
  return (0.25 + 0.75 * Math.min(strength, 1)).toFixed(2);
}
