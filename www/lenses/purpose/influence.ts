// Influence functions: what each inverse predicts of leaving a datum out, against really leaving it out.

import type { ExplicitData, Influence, Report } from '../../../pkg/hessian_lab';
import { drawScatter, reachOf, scatterMarkup } from '../../charts/scatter';
import { drawWeightedData, type Fit, heightsOf, WEIGHTED_DATA_MARKUP } from '../../charts/weighted-data';
import { number } from '../../format';
import { undampedName } from '../../matrix-name';
import { methodStyle, SOLVERS } from '../../methods';
import type { Picture } from '../../picture';
import type { State } from '../../state';
import { box, keyOf } from '../box';
import { Held, type Interval, keepInterval } from '../held';
import type { LensHost, LensReading } from '../lens';
import { type Mark, Plot } from '../plot';
import type { ApplicationModule } from './application';
import { type Asked, applied, experimentOf } from './asking';
import { type InfluenceSeen, influenceSentence } from './influence-words';
import { LeftOut } from './left-out';
import { roomForDamping } from './minimum';
import { RetrainingHead } from './retraining-head';
import { byInverse, isReference, reference } from './solver';
import { happened, Truth } from './truth';

export const application: ApplicationModule = {
  claim:
    'Leaving a datum out moves the minimum by about H⁻¹ times its gradient: no retraining is needed to say how much.',
  atMinimum: true,
  ask,
  build,
};

function ask(state: State): Asked {
  const question = applied(state, ['influence']);
  return typeof question === 'string'
    ? question
    : { experiment: { ...question.experiment, include: ['data' as const] } };
}

function build(root: HTMLElement, host: LensHost) {
  const parts = partsOf(host);
  root.append(parts.head.element, box('influence-row', parts.scatter.element, parts.places.element), parts.key);

  const update = (report: Report, picture: Picture, settled: boolean): LensReading => {
    const seen = seenIn(report, picture.state, parts);
    drawPredicted(parts, seen, report, settled);
    if (report.data) drawPlaced(parts, seen, report.data, settled);
    parts.head.showProgress();
    parts.key.classList.toggle('has-fits', seen.influence.fit !== null);
    parts.key.classList.toggle('is-without', seen.without > 0);
    return { sentence: influenceSentence(seen), room: roomForDamping(picture.state), table: () => tableOf(seen) };
  };
  return { control: (state: State) => parts.head.control(state), update };
}

/** What the figure is put together from, and what it has found out by retraining. */
interface Parts {
  readonly head: RetrainingHead;
  readonly scatter: Plot;
  readonly places: Plot;
  readonly key: HTMLElement;
  readonly truth: Truth;
  readonly leftOut: LeftOut;
  readonly reach: Held<Interval>;
  readonly heights: Held<Interval>;
}

function partsOf(host: LensHost): Parts {
  const truth = new Truth(host.redraw);
  const head = new RetrainingHead(host, { label: 'Retrain without each datum', ask, retrainings: truth });
  const pick = (index: number) => {
    host.set({ without: head.state?.without === index + 1 ? 0 : index + 1 });
    host.settle();
  };
  const plot = (label: string, markup: string) =>
    new Plot(`${label} Enter leaves the datum out, or takes it back.`, markup, host.redraw, pick);
  return {
    head,
    scatter: plot('Predicted against real, a mark a datum.', scatterMarkup('scatter-clip')),
    places: plot('The data, marked by their influence.', WEIGHTED_DATA_MARKUP),
    key: keyOf(KEY),
    truth,
    leftOut: new LeftOut(host.redraw),
    reach: new Held<Interval>(keepInterval),
    heights: new Held<Interval>(keepInterval),
  };
}

/** What a picture shows and its sentence tells, datum by datum. */
interface Seen extends InfluenceSeen {
  readonly chosen: number | null;
  /** What the network retrained without the datum that is left out makes of its inputs. */
  readonly refit: Influence['fit'];
}

function seenIn(report: Report, state: State, { truth, leftOut, scatter, places }: Parts): Seen {
  const place = SOLVERS.indexOf(state.solver);
  const influence = report.applications?.influence;
  const method = influence?.by_method[place];
  if (!influence || !method) throw new Error('the report has no influence');
  const experiment = experimentOf(ask(state));
  const comparison = truth.follow(experiment);
  const without = state.without <= method.on_validation_loss.length ? state.without : 0;
  const retrained = leftOut.follow(experiment, without);
  return {
    influence,
    method,
    style: methodStyle(state.solver),
    matrix: undampedName(state),
    changes: truth.changes,
    chosen: scatter.index ?? places.index,
    compared: comparison?.compared ?? 0,
    agreement: comparison?.agreement.by_method[place] ?? null,
    exact: comparison?.agreement.correlation ?? null,
    without,
    change: retrained?.left_out.change ?? null,
    refit: retrained?.fit ?? null,
    failure: truth.failure,
  };
}

function drawPredicted({ scatter, reach, key }: Parts, seen: Seen, report: Report, settled: boolean): void {
  const real = happened(report, seen.changes);
  const wanted = () => reachOf([...(seen.influence.on_validation_loss ?? []), ...seen.changes]);
  scatter.show(marksOf(seen, drawPrediction(scatter, seen, real, reach.show(wanted, settled))));
  key.classList.toggle('has-beyond', scatter.svg.querySelector('.beyond') !== null);
}

function drawPlaced({ places, heights }: Parts, seen: Seen, data: ExplicitData, settled: boolean): void {
  const { influence, method, refit, chosen } = seen;
  const fits = [...fitOf('whole', influence.fit), ...fitOf('without', refit)];
  const placed = { data, values: method.on_validation_loss, fits };
  const without = seen.without > 0 ? seen.without - 1 : null;
  const view = { ...placed, heights: heights.show(() => heightsOf(placed), settled), chosen, without };
  places.show(marksOf(seen, drawWeightedData(places.svg, view, places.frame)));
}

const KEY = `<span><i class="disc"></i>helps: leaving it out raises the validation loss</span>
  <span><i class="square"></i>harms: leaving it out lowers it</span>
  <span class="fit-key"><i class="line"></i>the fit</span>
  <span class="without-key"><i class="dashes"></i>retrained without the crossed-out datum</span>
  <span class="beyond-key"><i class="disc"></i>hollow: further out than the axis</span>`;

function drawPrediction(
  { svg, frame }: Plot,
  { method, style, matrix, changes, chosen }: Seen,
  real: readonly (number | null)[],
  reach: Interval,
) {
  const points = method.on_validation_loss.map((predicted, index) => ({
    predicted: predicted ?? null,
    happened: real[index] ?? null,
  }));
  const known = changes.length > 0;
  return drawScatter(
    svg,
    {
      points,
      reach,
      colour: style.colour,
      xLabel: `predicted ${byInverse(style, matrix)} →`,
      yLabel: known
        ? '↑ real change of the validation loss'
        : '↑ predicted by the Hessian’s inverse, not yet retrained',
      line: known ? 'predicted = real' : `predicted = ${matrix === 'H' ? 'exact' : 'the Hessian’s'}`,
      chosen,
    },
    frame,
  );
}

function fitOf(name: Fit['name'], fit: Influence['fit']): Fit[] {
  if (!fit) return [];
  return [{ name, points: fit.inputs.map((input, index) => [input, fit.outputs[index] as number] as const) }];
}

function marksOf(seen: Seen, places: readonly (readonly [number, number] | null)[]): Mark[] {
  const { influence, method, style, matrix, changes } = seen;
  return places.map((place, index) => ({
    x: place?.[0] ?? Number.NEGATIVE_INFINITY,
    y: place?.[1] ?? 0,
    heading: `datum ${index + 1}`,
    lines: [
      { label: style.label, value: number(method.on_validation_loss[index]), colour: style.colour },
      ...(isReference(style, matrix)
        ? []
        : [{ label: 'H⁻¹', value: number(influence.on_validation_loss?.[index]), colour: 'var(--exact)' }]),
      { label: 'real', value: number(changes[index]), colour: 'var(--ink)' },
    ],
  }));
}

function tableOf({ influence, method, matrix, changes }: Seen) {
  const others = matrix === 'H' ? [] : [influence.on_validation_loss];
  return {
    columns: [
      'datum',
      'real change',
      ...SOLVERS.map((name) => `predicted ${byInverse(methodStyle(name), matrix)}`),
      ...others.map(() => `predicted by ${reference(matrix)}`),
    ],
    rows: method.on_validation_loss.map((_, index) => [
      `${index + 1}`,
      changes[index],
      ...influence.by_method.map(({ on_validation_loss }) => on_validation_loss[index]),
      ...others.map((values) => values?.[index]),
    ]),
  };
}
