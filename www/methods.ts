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
  {
    name: 'minres',
    label: 'MINRES',
    summary: 'least residual, definite or not',
    colour: 'var(--minres)',
    dash: '9 3 2 3',
  },
  {
    name: 'lissa',
    label: 'LiSSA',
    summary: 'Neumann over random halves of the data',
    colour: 'var(--lissa)',
    dash: '4 2',
  },
  { name: 'cg_kfac', label: 'CG + KFAC', summary: 'CG preconditioned by KFAC', colour: 'var(--cg-kfac)', dash: '12 3' },
  {
    name: 'cg_ekfac',
    label: 'CG + EKFAC',
    summary: 'CG preconditioned by EKFAC',
    colour: 'var(--cg-ekfac)',
    dash: '12 3 3 3',
  },
  {
    name: 'ekfac',
    label: 'EKFAC',
    summary: 'KFAC’s eigenvectors, measured second moments',
    colour: 'var(--ekfac)',
    dash: '2 5',
  },
  {
    name: 'block_diagonal',
    label: 'Blocks',
    summary: 'the Gauss–Newton matrix’s layer blocks',
    colour: 'var(--blocks)',
    dash: '5 5',
  },
  {
    name: 'diagonal',
    label: 'Diagonal',
    summary: 'the Gauss–Newton matrix’s diagonal',
    colour: 'var(--diagonal)',
    dash: '1 3',
  },
];

/** Those that always run; the others are switched on. */
export const STANDARD: readonly string[] = ['exact', 'cg', 'neumann', 'kfac'];

/** Those that can be chosen between where an inverse is put to use. */
export const SOLVERS: readonly string[] = ['exact', 'cg', 'neumann', 'lissa', 'kfac', 'ekfac'];

/** Whether a method is one that a state runs. */
export function isRun(name: string, also: readonly string[]): boolean {
  return STANDARD.includes(name) || also.includes(name);
}

export function methodStyle(name: string): MethodStyle {
  const style = METHODS.find((method) => method.name === name);
  if (!style) throw new Error(`${name} is not a method this page can draw`);
  return style;
}
