// Error budget: what each step from the Hessian to a damped Kronecker product costs.

import type { Stage } from '../../pkg/hessian_lab';
import { angleWords, BUDGET_MARKUP, type BudgetRow, drawBudget } from '../charts/budget-bars';
import { frameOf } from '../charts/frame';
import { samplesOf } from '../experiment';
import { short } from '../format';
import { drawIfNew } from '../kept';
import type { Picture } from '../picture';
import { DEFAULT_STATE, type State, withinLens } from '../state';
import { box } from './box';
import { Held, type Interval, keepInterval } from './held';
import type { LensHost, LensReading, LensTable } from './lens';
import { stillPlot } from './plot';
import { analysisOf } from './shown';

export const claim =
  'From H to KFAC takes three approximations; a small change of the matrix can be a large turn of the step.';

const LABELS: Record<string, string> = {
  ggn: 'H → Gauss–Newton',
  blocks: '→ its layer blocks',
  kronecker: '→ Kronecker factors',
  exact: 'exact: B ⊗ A + λI',
  pi: 'π, balanced',
  sqrt: '√λ in each factor',
  per_factor: 'λ in each factor',
};
const HEADINGS = [
  ['One step after the other', 'One step after the other'],
  ['KFAC’s damping put in by four conventions, against the first', 'KFAC’s damping, against the first way'],
] as const;

/** A relative distance that rounding explains. */
const NOTHING = 1e-9;
/** A turn in degrees that does not show. */
const NO_TURN = 0.5;

/** Problems to look at; on the first two KFAC is its layer blocks exactly. */
const BASE: State = { ...DEFAULT_STATE, precision: 'f64', damping: 0.1, scale: 2.5 };
const PROBLEMS: readonly { label: string; state: State }[] = [
  { label: 'One datum', state: { ...BASE, samples: 1 } },
  { label: 'Deep linear', state: { ...BASE, layers: [3, 4, 4, 1], activation: 'identity' } },
  { label: 'Ten data and a sigmoid', state: BASE },
];

export function build(figure: HTMLElement, host: LensHost) {
  const { plot, svg } = stillPlot(
    'Bars of what each approximation costs; the table below has the same numbers.',
    BUDGET_MARKUP,
  );
  const problems = problemsOf(host);
  figure.append(plot, problems.element);
  const axis = new Held<Interval>(keepInterval);

  return (picture: Picture, settled: boolean): LensReading => {
    problems.view = picture.state;
    const { stages, conventions } = analysisOf(picture, 'budget');
    const shown = [...stages.slice(1), ...conventions];
    const rows = shown.map((stage, index) => rowOf(stage, index < stages.length - 1 ? 0 : 1));
    const most = Math.max(...rows.flatMap(({ distance }) => distance));
    const [, reach] = axis.show(() => [0, Math.max(1, Math.min(1.05 * most, 4))], settled);
    const frame = frameOf(svg);
    const numbers = rows.flatMap(({ distance, angle }) => [...distance, ...angle]);
    const matrix = damped(picture.state);
    drawIfNew(svg, [...numbers, matrix, reach, frame], () =>
      drawBudget(svg, { rows, headings: HEADINGS, matrix, reach }, frame),
    );
    return { sentence: sentence(picture, stages), table: () => tableOf(shown, matrix) };
  };
}

/** The key, and buttons for problems, which are shown under the view that there is. */
function problemsOf(host: LensHost): { readonly element: HTMLElement; view: State } {
  const problems = { element: box('lens-foot'), view: DEFAULT_STATE };
  problems.element.innerHTML = `<p class="lens-key"><i class="bar"></i>one step &ensp; <i class="upright"></i>the whole way from H</p>
    <fieldset class="lens-buttons"><legend>The Kronecker factors cost nothing for</legend></fieldset>
    <fieldset class="lens-buttons"><legend>and something for</legend></fieldset>`;
  for (const { label, state } of PROBLEMS) {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: label });
    button.addEventListener('click', () => {
      host.set(withinLens(state, problems.view));
      host.settle();
    });
    problems.element.querySelectorAll('fieldset')[state === BASE ? 1 : 0]?.append(button);
  }
  return problems;
}

/** The Hessian with what is added to it. */
function damped({ damping }: State): string {
  return damping > 0 ? `H + ${short(damping)} I` : 'H';
}

function tableOf(shown: readonly Stage[], matrix: string): LensTable {
  return {
    columns: ['matrix', 'step', `distance to ${matrix}`, 'turn of the step, °', 'angle to H’s, °', 'singular'],
    rows: shown.map(({ name, step, distance, turn, angle, singular }) => [
      LABELS[name] ?? name,
      step,
      distance,
      turn,
      angle,
      singular ? 'yes: shortest solution' : 'no',
    ]),
  };
}

function rowOf({ name, step, distance, turn, angle }: Stage, group: number): BudgetRow {
  const colour = group === 0 ? 'var(--cg)' : 'var(--kfac)';
  return { name, label: LABELS[name] ?? name, colour, group, distance: [step, distance], angle: [turn, angle] };
}

function degrees(value: number | null): string {
  return value === null ? '–' : angleWords(value);
}

function sentence(picture: Picture, stages: readonly Stage[]): string {
  const [, ggn, blocks, kronecker] = stages;
  if (!ggn || !blocks || !kronecker) return '';
  const first = `As parts of ${damped(picture.state)}, Gauss–Newton in its place costs ${cost(ggn)}${isNothing(ggn) ? '' : ', a distance and a turn of the step'}; dropping what couples the layers ${cost(blocks)}`;
  const why = whyExact(picture.state);
  if (isNothing(kronecker))
    return `${first}; the Kronecker factors nothing${why ? `: with ${why}, KFAC is the layer blocks exactly` : ''}.`;
  return `${first}; the Kronecker factors ${cost(kronecker)}.${singularWords(stages)}`;
}

/** A matrix that hardly changes may turn a step that it is nearly singular for. */
function isNothing({ step, turn }: Stage): boolean {
  return step < NOTHING && (turn === null || turn < NO_TURN);
}

function cost(stage: Stage): string {
  if (isNothing(stage)) return 'nothing';
  const { step, turn } = stage;
  return `${short(step, 2)}${turn === null ? '' : ` and ${degrees(turn)}`}`;
}

/** The theorem's condition that holds here. */
export function whyExact(state: State): string {
  const { activation, layers, loss } = state;
  if (samplesOf(state) === 1) return 'one datum';
  if (loss !== 'mse') return '';
  if (layers.length === 2) return 'one layer and a squared loss';
  return activation === 'identity' ? 'no activation and a squared loss' : '';
}

function singularWords(stages: readonly Stage[]): string {
  const some = stages.some(({ singular }) => singular);
  return some ? ' Where a matrix is singular, its step is the shortest solution.' : '';
}
