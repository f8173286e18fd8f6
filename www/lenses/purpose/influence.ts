// Influence functions: what each inverse predicts of leaving a datum out, against really leaving it out.

import type { Influence, MethodInfluence, Report } from '../../../pkg/hessian_lab';
import { drawScatter, reachOf, scatterMarkup } from '../../charts/scatter';
import { drawWeightedData, type Fit, heightsOf, WEIGHTED_DATA_MARKUP } from '../../charts/weighted-data';
import { number } from '../../format';
import { type MethodStyle, methodStyle, SOLVERS } from '../../methods';
import type { Picture } from '../../picture';
import type { State } from '../../state';
import { Held, type Interval, keepInterval } from '../held';
import type { LensHost, LensReading } from '../lens';
import { type Mark, Plot } from '../plot';
import type { ApplicationModule } from './application';
import { applied } from './asking';
import { influenceSentence } from './influence-words';
import { LeftOut } from './left-out';
import { roomForDamping } from './minimum';
import { Progress } from './progress';
import { byInverse, solverChoice } from './solver';
import { happened, Truth } from './truth';

export const application: ApplicationModule = {
  claim:
    'Leaving a datum out moves the minimum by about H⁻¹ times its gradient: no retraining is needed to say how much.',
  atMinimum: true,
  ask,
  build,
};

function ask(state: State) {
  const question = applied(state, ['influence']);
  return typeof question === 'string'
    ? question
    : { experiment: { ...question.experiment, include: ['data' as const] } };
}

/** What a picture shows, datum by datum. */
interface View {
  readonly influence: Influence;
  readonly method: MethodInfluence;
  readonly style: MethodStyle;
  readonly changes: readonly (number | null)[];
  readonly chosen: number | null;
}

function build(root: HTMLElement, host: LensHost) {
  let state: State | null = null;
  const solvers = solverChoice(host);
  const truth = new Truth(host.redraw);
  const leftOut = new LeftOut(host.redraw);
  const progress = new Progress('Retrain without each datum', {
    onStart: () => {
      const question = state && ask(state);
      if (question && typeof question !== 'string') truth.start(question.experiment);
    },
    onCancel: () => truth.cancel(),
  });
  const pick = (index: number) => {
    host.set({ without: state?.without === index + 1 ? 0 : index + 1 });
    host.settle();
  };
  const help = 'Enter leaves the datum out, or takes it back.';
  const scatter = new Plot(
    `Predicted against real, a mark a datum. ${help}`,
    scatterMarkup('scatter-clip'),
    host.redraw,
    pick,
  );
  const places = new Plot(`The data, marked by their influence. ${help}`, WEIGHTED_DATA_MARKUP, host.redraw, pick);
  const [row, head, key] = [document.createElement('div'), document.createElement('div'), document.createElement('p')];
  row.className = 'influence-row';
  row.append(scatter.element, places.element);
  head.className = 'lens-foot';
  head.append(solvers.element, progress.element);
  key.className = 'lens-key';
  key.innerHTML = KEY;
  root.append(head, row, key);
  const axis = new Held<Interval>(keepInterval);
  const heights = new Held<Interval>(keepInterval);

  const control = (now: State) => {
    state = now;
    solvers.show(now.solver);
  };
  const update = (report: Report, picture: Picture, settled: boolean): LensReading => {
    const { state } = picture;
    const question = ask(state);
    const influence = report.applications?.influence;
    const method = influence?.by_method[SOLVERS.indexOf(state.solver)];
    if (!influence || !method || typeof question === 'string') throw new Error('the report has no influence');
    const comparison = truth.follow(question.experiment);
    const total = method.on_validation_loss.length;
    const without = state.without <= total ? state.without : 0;
    const retrained = leftOut.follow(question.experiment, without);
    const chosen = scatter.index ?? places.index;
    const view = { influence, method, style: methodStyle(state.solver), changes: truth.changes, chosen };
    progress.show(truth.work);
    key.classList.toggle('has-fits', influence.fit !== null);
    key.classList.toggle('is-without', without > 0);
    const real = happened(report, truth.changes);
    const reach = axis.show(() => reachOf([...(influence.on_validation_loss ?? []), ...truth.changes]), settled);
    scatter.show(marksOf(view, drawPrediction(scatter, view, real, reach)));
    if (report.data) {
      const fits = [fitOf('whole', influence.fit), fitOf('without', retrained?.fit ?? null)].flat();
      const placed = { data: report.data, values: method.on_validation_loss, fits };
      const weighted = {
        ...placed,
        heights: heights.show(() => heightsOf(placed), settled),
        chosen,
        without: without > 0 ? without - 1 : null,
      };
      places.show(marksOf(view, drawWeightedData(places.svg, weighted, places.frame)));
    }
    return {
      sentence: influenceSentence({
        ...view,
        compared: comparison?.compared ?? 0,
        agreement: comparison?.agreement.by_method[SOLVERS.indexOf(state.solver)] ?? null,
        exact: comparison?.agreement.correlation ?? null,
        without,
        change: retrained?.left_out.change ?? null,
        failure: truth.failure,
      }),
      room: roomForDamping(state),
      table: () => tableOf(view),
    };
  };
  return { control, update };
}

const KEY = `<span><i class="disc"></i>helps: leaving it out raises the validation loss</span>
  <span><i class="square"></i>harms: leaving it out lowers it</span>
  <span class="fit-key"><i class="line"></i>the fit</span>
  <span class="without-key"><i class="dashes"></i>retrained without the crossed-out datum</span>`;

function drawPrediction(
  { svg, frame }: Plot,
  { method, style, changes, chosen }: View,
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
      xLabel: `predicted ${byInverse(style)} →`,
      yLabel: known
        ? '↑ real change of the validation loss'
        : '↑ predicted by the Hessian’s inverse, not yet retrained',
      line: known ? 'predicted = real' : 'predicted = exact',
      chosen,
    },
    frame,
  );
}

function fitOf(name: Fit['name'], fit: Influence['fit']): Fit[] {
  if (!fit) return [];
  return [{ name, points: fit.inputs.map((input, index) => [input, fit.outputs[index] as number] as const) }];
}

function marksOf(view: View, places: readonly (readonly [number, number] | null)[]): Mark[] {
  const { influence, method, style, changes } = view;
  return places.map((place, index) => ({
    x: place?.[0] ?? Number.NEGATIVE_INFINITY,
    y: place?.[1] ?? 0,
    heading: `datum ${index + 1}`,
    lines: [
      { label: style.label, value: number(method.on_validation_loss[index]), colour: style.colour },
      { label: 'exact', value: number(influence.on_validation_loss?.[index]), colour: 'var(--exact)' },
      { label: 'real', value: number(changes[index]), colour: 'var(--ink)' },
    ],
  }));
}

function tableOf({ influence, method, changes }: View) {
  return {
    columns: ['datum', 'real change', ...SOLVERS.map((name) => `predicted ${byInverse(methodStyle(name))}`)],
    rows: method.on_validation_loss.map((_, index) => [
      `${index + 1}`,
      changes[index],
      ...influence.by_method.map(({ on_validation_loss }) => on_validation_loss[index]),
    ]),
  };
}
