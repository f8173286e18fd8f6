// Influence functions: what each inverse predicts of leaving a datum out.

import type { Influence, MethodInfluence, Report } from '../../../pkg/hessian_lab';
import { drawScatter, reachOf, scatterMarkup } from '../../charts/scatter';
import { drawWeightedData, WEIGHTED_DATA_MARKUP } from '../../charts/weighted-data';
import { number, short } from '../../format';
import { type MethodStyle, methodStyle, SOLVERS } from '../../methods';
import type { Picture } from '../../picture';
import { Held, type Interval, keepInterval } from '../held';
import type { LensHost, LensReading } from '../lens';
import { type Mark, Plot } from '../plot';
import type { ApplicationModule } from './application';
import { applied } from './asking';
import { solverChoice } from './solver';

export const application: ApplicationModule = {
  claim:
    'Leaving a datum out moves the minimum by about H⁻¹ times its gradient: no retraining is needed to say how much.',
  atMinimum: true,
  ask: (state) => {
    const question = applied(state, ['influence']);
    return typeof question === 'string' ? question : { experiment: { ...question.experiment, include: ['data'] } };
  },
  build,
};

function build(root: HTMLElement, host: LensHost) {
  const solvers = solverChoice(host);
  const scatter = new Plot(
    'What the chosen inverse predicts, a mark a datum.',
    scatterMarkup('scatter-clip'),
    host.redraw,
  );
  const places = new Plot('The data, marked by their influence.', WEIGHTED_DATA_MARKUP, host.redraw);
  const row = document.createElement('div');
  row.className = 'influence-row';
  row.append(scatter.element, places.element);
  const key = document.createElement('p');
  key.className = 'lens-key';
  key.innerHTML =
    '<i class="disc"></i>helps: leaving it out raises the validation loss &ensp; <i class="square"></i>harms: leaving it out lowers it';
  root.append(solvers.element, row, key);
  const axis = new Held<Interval>(keepInterval);

  return (report: Report, picture: Picture, settled: boolean): LensReading => {
    const { influence, method, style } = reading(report, picture);
    solvers.show(picture.state.solver);
    const exact = influence.on_validation_loss ?? [];
    const predicted = method.on_validation_loss;
    const chosen = scatter.index ?? places.index;
    const points = exact.map((happened, index) => ({ predicted: predicted[index] ?? null, happened }));
    const stands = drawScatter(
      scatter.svg,
      {
        points,
        reach: axis.show(reachOf(exact), settled),
        colour: style.colour,
        xLabel: `predicted with ${style.label} →`,
        yLabel: '↑ predicted with the exact inverse',
        chosen,
      },
      scatter.frame,
    );
    scatter.show(points.map((_, index) => markOf(index, stands[index] ?? null, influence, method, style)));
    if (report.data) {
      const view = { data: report.data, values: predicted, fits: [], chosen, without: null };
      const lie = drawWeightedData(places.svg, view, places.frame);
      places.show(lie.map((place, index) => markOf(index, place, influence, method, style)));
    }
    return {
      sentence: sentence(influence, method, style),
      table: () => ({
        columns: ['datum', ...SOLVERS.map((name) => `predicted with ${methodStyle(name).label}`)],
        rows: exact.map((_, index) => [
          `${index + 1}`,
          ...influence.by_method.map(({ on_validation_loss }) => number(on_validation_loss[index])),
        ]),
      }),
    };
  };
}

function reading({ applications }: Report, { state }: Picture) {
  const influence = applications?.influence;
  const method = influence?.by_method[SOLVERS.indexOf(state.solver)];
  if (!influence || !method) throw new Error('the report has no influence');
  return { influence, method, style: methodStyle(state.solver) };
}

function markOf(
  index: number,
  place: readonly [number, number] | null,
  { on_validation_loss }: Influence,
  method: MethodInfluence,
  style: MethodStyle,
): Mark {
  return {
    x: place?.[0] ?? Number.NEGATIVE_INFINITY,
    y: place?.[1] ?? 0,
    heading: `datum ${index + 1}`,
    lines: [
      { label: style.label, value: number(method.on_validation_loss[index]), colour: style.colour },
      { label: 'exact', value: number(on_validation_loss?.[index]), colour: 'var(--exact)' },
    ],
  };
}

function sentence(influence: Influence, method: MethodInfluence, { label }: MethodStyle): string {
  const exact = influence.on_validation_loss ?? [];
  const [most, least] = [exact.indexOf(Math.max(...exact)), exact.indexOf(Math.min(...exact))];
  const inverse = method.method === 'exact' ? '' : ` ${label}’s ${agreement(method)}.`;
  const standing = influence.minimum.reached ? '' : ` ${influence.minimum.message}`;
  return `Without datum ${most + 1} the validation loss would rise most, by ${short(exact[most] ?? 0, 2)}; without datum ${least + 1} ${fall(exact[least] ?? 0)}.${inverse}${standing}`;
}

function fall(change: number): string {
  return change < 0 ? `it would fall most, by ${short(-change, 2)}` : `it would rise least, by ${short(change, 2)}`;
}

function agreement({ correlation, relative_error }: MethodInfluence): string {
  const alike = correlation === null ? 'do not vary' : `have correlation ${short(correlation, 3)} with the exact ones`;
  return `predictions ${alike}${relative_error === null ? '' : `; its H⁻¹∇L is off by ${short(relative_error, 2)}`}`;
}
