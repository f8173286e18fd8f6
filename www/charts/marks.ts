// How a signed number by datum is marked: its sign by colour and by shape, its size by strength.

/** A disc for what is positive, a square for what is not: told apart without colour too. */
export function shapeOf(value: number, size: number): string {
  return value > 0
    ? `M-${size},0a${size},${size} 0 1,0 ${2 * size},0a${size},${size} 0 1,0 -${2 * size},0Z`
    : `M-${size},-${size}H${size}V${size}H-${size}Z`;
}

export function signOf(value: number): 'plus' | 'minus' {
  return value > 0 ? 'plus' : 'minus';
}

/** Weak marks stay visible. */
export function opacityOf(strength: number): string {
  return (0.25 + 0.75 * Math.min(strength, 1)).toFixed(2);
}
