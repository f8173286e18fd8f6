// How each method is named and drawn: the one place where a new method is introduced to the page.

export interface MethodStyle {
  readonly name: string;
  readonly label: string;
  /** What it is, in the fewest words. */
  readonly summary: string;
  /** The custom property that holds its colour in either theme. */
  readonly colour: string;
  /** Its SVG dash pattern: curves are told apart without colour too. */
  readonly dash: string;
}

export const METHODS: readonly MethodStyle[] = [
  { name: 'exact', label: 'Exact', summary: 'by eigenvectors', colour: 'var(--exact)', dash: '' },
  { name: 'cg', label: 'CG', summary: 'conjugate gradients', colour: 'var(--cg)', dash: '' },
  { name: 'neumann', label: 'Neumann', summary: 'truncated series', colour: 'var(--neumann)', dash: '7 3' },
  { name: 'kfac', label: 'KFAC', summary: 'two factors a layer', colour: 'var(--kfac)', dash: '2 3' },
];

export function methodStyle(name: string): MethodStyle {
  const style = METHODS.find((method) => method.name === name);
  if (!style) throw new Error(`${name} is not a method this page can draw`);
  return style;
}
