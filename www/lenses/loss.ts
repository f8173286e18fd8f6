// Model and loss: what each step does to the true objective, against what the quadratic model says it would do.

import type { Analysis } from '../../pkg/hessian_lab';
import { contoursMarkup, drawContours, type Step } from '../charts/contours';
import { frameOf } from '../charts/frame';
import { write } from '../dom';
import { short, threeDigits } from '../format';
import { drawIfNew } from '../kept';
import { matrixName } from '../matrix-name';
import type { Picture } from '../picture';
import type { State } from '../state';
import { iterations } from '../words';
import { box } from './box';
import type { LensReading, LensTable } from './lens';
import { stillPlot } from './plot';
import { analysisOf, at, type Shown, shownMethods, whose } from './shown';

type Slice = NonNullable<Analysis['slice']>;
/** What the steps are drawn on. */
type Ground = Pick<Slice, 'x' | 'y' | 'objective' | 'model'>;

export const claim = 'Newton’s step is right for the quadratic model; the loss may have other ideas.';

interface Outcome extends Shown {
  readonly predicted: number | null;
  readonly actual: number | null;
  readonly ratio: number | null;
  /** How far beside the plane the step ends. */
  readonly beside: number | null;
}

export function build(figure: HTMLElement) {
  const { plot, svg } = stillPlot(
    'Contours of the loss and of its quadratic model about θ, and each method’s step; the tables have the numbers.',
    contoursMarkup('contours-clip'),
  );
  const side = box('outcomes');
  side.innerHTML = OUTCOMES;
  figure.append(box('contour-row', plot, side));

  let grid: Slice | null = null;

  return (picture: Picture): LensReading => {
    const slice = analysisOf(picture, 'slice');
    grid = grid && isPartOf(slice, grid) ? grid : slice;
    const outcomes = outcomesOf(picture);
    const k = picture.state.iterations;
    const steps = outcomes.map(
      ({ style, place }): Step => ({ ...style, path: (slice.methods[place]?.points ?? []).slice(0, k + 1) }),
    );
    drawContours(svg, { ...grid, end: slice.exact, steps }, frameOf(svg));
    showOutcomes(side.querySelector('tbody') as HTMLTableSectionElement, outcomes);
    return { sentence: sentence(picture, outcomes), table: () => tableOf(slice, k, outcomes) };
  };
}

const OUTCOMES = `<table><caption>What the step does to the loss</caption><thead><tr>
    <th scope="col">step</th><th scope="col">predicted fall</th><th scope="col">actual fall</th><th scope="col">ratio</th>
  </tr></thead><tbody></tbody></table>
  <p class="lens-key"><i class="bar shades"></i>the loss: the greyer, the lower<br /><i class="dashes"></i>its quadratic model, undamped, at the same levels<br /><i class="way"></i>a method’s iterates on the way to its step</p>`;

function tableOf({ methods }: Slice, k: number, outcomes: readonly Outcome[]): LensTable {
  return {
    columns: ['step', 'along −g', 'along the rest', 'beside the plane', 'predicted fall', 'actual fall', 'ratio'],
    rows: outcomes.map(({ style, place, beside, predicted, actual, ratio }) => {
      const [x, y] = at(methods[place]?.points ?? [], k) ?? [null, null];
      return [style.label, x, y, beside, predicted, actual, ratio];
    }),
  };
}

/** Whether a slice says nothing new: its grid is another's, or every so many of its rows and columns. Only Damping moves it. */
export function isPartOf({ x, y, objective, model }: Ground, whole: Ground): boolean {
  const step = (whole.x.length - 1) / (x.length - 1);
  const place = (index: number) => step * (Math.floor(index / x.length) * whole.x.length + (index % x.length));
  const isAlong = (part: readonly number[], all: readonly number[]) =>
    part.every((value, index) => value === all[step * index]);
  const isSame = (one: readonly number[], other: readonly number[]) =>
    one.every((value, index) => value === other[index]);
  return (
    isAlong(x, whole.x) &&
    isAlong(y, whole.y) &&
    model.value === whole.model.value &&
    isSame(model.gradient, whole.model.gradient) &&
    isSame(model.curvature, whole.model.curvature) &&
    objective.every((value, index) => value === whole.objective[place(index)])
  );
}

function outcomesOf(picture: Picture): Outcome[] {
  const [slice, reductions] = [analysisOf(picture, 'slice'), analysisOf(picture, 'reduction')];
  const k = picture.state.iterations;
  return shownMethods(picture).map((shown) => {
    const reduction = reductions[shown.place];
    return {
      ...shown,
      predicted: at(reduction?.predicted ?? [], k) ?? null,
      actual: at(reduction?.actual ?? [], k) ?? null,
      ratio: at(reduction?.ratio ?? [], k) ?? null,
      beside: at(slice.methods[shown.place]?.off_plane ?? [], k) ?? null,
    };
  });
}

/** The rows stay while the methods do. */
function showOutcomes(body: HTMLTableSectionElement, outcomes: readonly Outcome[]): void {
  const names = outcomes.map(({ style }) => style.name);
  drawIfNew(body, names, () => body.replaceChildren(...outcomes.map(({ style }) => rowOf(style))));
  for (const [index, { predicted, actual, ratio }] of outcomes.entries()) {
    const cells = [...(body.rows[index]?.cells ?? [])].slice(1);
    for (const [column, value] of [predicted, actual, ratio].entries()) write(cells[column] as Element, words(value));
    cells[1]?.classList.toggle('rise', actual !== null && actual < 0);
  }
}

function rowOf(style: Outcome['style']): HTMLTableRowElement {
  const row = document.createElement('tr');
  row.dataset['method'] = style.name;
  const head = Object.assign(document.createElement('th'), { scope: 'row', textContent: style.label });
  head.style.color = style.colour;
  row.append(head);
  for (let column = 0; column < 3; column++) row.insertCell();
  return row;
}

function words(value: number | null): string {
  return value === null ? '–' : threeDigits(value);
}

function sentence({ report, state }: Picture, outcomes: Outcome[]): string {
  const newton = outcomes.find(({ style }) => style.name === 'exact');
  const others = outcomes.filter((outcome) => outcome !== newton && outcome.actual !== null);
  const best = others.reduce<Outcome | undefined>(
    (most, next) => ((next.actual ?? 0) > (most?.actual ?? Number.NEGATIVE_INFINITY) ? next : most),
    undefined,
  );
  const parts = newton ? [newtonWords(newton, report.loss, state)] : [];
  if (best) {
    const fall = best.actual ?? 0;
    const does =
      fall > 0
        ? `lowers it most, by ${short(fall, 2)}`
        : fall < 0
          ? `raises it least, by ${short(-fall, 2)}`
          : 'leaves it as it is';
    const which = newton ? 'Of the others' : `The loss is ${short(report.loss, 3)}. Of the steps shown`;
    parts.push(`${which} ${whose(best.style.label)}${when(best.run, state)} ${does}.`);
  }
  return parts.join(' ');
}

/** What has no iterations has no when. */
function when({ trace }: Shown['run'], state: State): string {
  return trace.products.length === 1 ? '' : `, after ${iterations(state)},`;
}

function newtonWords({ predicted, actual, run }: Outcome, loss: number, state: State): string {
  const name = stepWords(state);
  const starts =
    run.slope < 0
      ? ` It starts uphill: gᵀ${matrixName(state)}⁻¹g is negative, and the model’s stationary point is no minimum.`
      : '';
  if (actual === null) return `The loss overflows where ${name} ends.`;
  if (predicted === null)
    return `What the model predicts for ${name} is lost to rounding: the step is long where the matrix is all but zero.`;
  const promise = predicted >= 0 ? `a fall of ${short(predicted, 2)}` : `a rise of ${short(-predicted, 2)}`;
  const truth = actual >= 0 ? `falls by ${short(actual, 2)}` : `rises by ${short(-actual, 2)}`;
  return `The loss is ${short(loss, 3)}. For ${name} the model predicts ${promise}; the loss ${truth}.${starts}`;
}

/** A step by A⁻¹: only the Hessian's is Newton's. */
export function stepWords({ curvature, damping }: State): string {
  const damped = damping > 0 ? 'damped ' : '';
  if (curvature === 'hessian') return damped ? 'the damped Newton step' : 'Newton’s step';
  const matrices = { ggn: 'Gauss–Newton', fisher_mc: 'sampled-Fisher', fisher_empirical: 'empirical-Fisher' };
  return `the ${damped}${matrices[curvature]} step`;
}
