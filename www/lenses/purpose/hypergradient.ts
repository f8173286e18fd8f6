// Hypergradients: how the validation loss moves with the weight decay, by each inverse, against the curve retrained to.

import type { CurvePoint, Hypergradient, MethodHypergradient, Report } from '../../../pkg/hessian_lab';
import { drawLossCurve, type LossPoint, lossCurveMarkup, lossReach } from '../../charts/loss-curve';
import { number, short } from '../../format';
import { undampedName } from '../../matrix-name';
import { methodStyle, SOLVERS } from '../../methods';
import type { Picture } from '../../picture';
import type { State } from '../../state';
import { keyOf } from '../box';
import { Held, type Interval, keepInterval } from '../held';
import type { LensHost, LensReading } from '../lens';
import { type Mark, Plot } from '../plot';
import type { ApplicationModule } from './application';
import { type Asked, applied, experimentOf } from './asking';
import { DescentPlayer } from './descent-player';
import { type HypergradientSeen, hypergradientSentence } from './hypergradient-words';
import { roomForDamping } from './minimum';
import { RetrainingHead } from './retraining-head';
import { byInverse } from './solver';
import { WeightDecays } from './weight-decays';

export const application: ApplicationModule = {
  claim: 'The slope of the validation loss over the weight decay is −θᵀH⁻¹∇L: one inverse, and no retraining.',
  atMinimum: true,
  ask,
  build,
};

/** A slope over the logarithm needs one. */
function ask(state: State): Asked {
  if (state.weightDecay === 0)
    return 'A slope over ln μ needs a weight decay μ above 0: “Train this problem” sets one.';
  return applied(state, ['hypergradient']);
}

function build(root: HTMLElement, host: LensHost) {
  const parts = partsOf(host);
  root.append(parts.head.element, parts.plot.element, keyOf(KEY));

  const update = (report: Report, picture: Picture, settled: boolean): LensReading => {
    const { decays, head, plot } = parts;
    const seen = seenIn(report, picture.state, parts);
    plot.show(marksOf(seen.curve, drawSeen(parts, seen, settled)));
    head.showProgress();
    return {
      sentence: hypergradientSentence(seen),
      room: roomForDamping(picture.state),
      table: () => tableOf(seen, decays),
    };
  };
  return { control: (state: State) => parts.head.control(state), update };
}

/** What the figure is put together from, and what it has found out by retraining. */
interface Parts {
  readonly head: RetrainingHead;
  readonly player: DescentPlayer;
  readonly plot: Plot;
  readonly decays: WeightDecays;
  readonly reach: Held<Interval>;
}

function partsOf(host: LensHost): Parts {
  const decays = new WeightDecays(host.redraw);
  const player = new DescentPlayer(host.redraw);
  const between = [player.element];
  return {
    head: new RetrainingHead(host, { label: 'Retrain along the curve', ask, retrainings: decays, between }),
    player,
    plot: new Plot('The validation loss over the weight decay.', lossCurveMarkup('loss-curve-clip'), host.redraw),
    decays,
    reach: new Held<Interval>(keepInterval),
  };
}

function seenIn(report: Report, state: State, { decays, player }: Parts): HypergradientSeen {
  const place = SOLVERS.indexOf(state.solver);
  const hypergradient = report.applications?.hypergradient;
  const method = hypergradient?.by_method[place];
  if (!hypergradient || !method) throw new Error('the report has no hypergradient');
  decays.follow(experimentOf(ask(state)));
  const descent = decays.descents[place] ?? [];
  return {
    hypergradient,
    method,
    style: methodStyle(state.solver),
    matrix: undampedName(state),
    curve: decays.curve,
    weightDecay: state.weightDecay,
    descent: descent.slice(0, player.at(descent.length - 1) + 1),
    failure: decays.failure,
  };
}

/** Draws, and says where each point of the curve stands. */
function drawSeen({ plot, reach }: Parts, seen: HypergradientSeen, settled: boolean): number[] {
  const { hypergradient, weightDecay, style } = seen;
  const curve = seen.curve.map(pointOf);
  const losses = [hypergradient.validation_loss, ...curve.map(({ loss }) => loss)];
  const view = {
    curve,
    here: { x: weightDecay, loss: hypergradient.validation_loss },
    tangents: tangentsOf(hypergradient),
    chosen: style.name,
    descent: seen.descent.map(({ point }) => pointOf(point)),
    domain: [Math.log10(weightDecay) - 2, Math.log10(weightDecay) + 2] as const,
    reach: reach.show(() => lossReach(losses), settled),
    probe: plot.index,
    xLabel: 'weight decay μ →',
    yLabel: '↑ validation loss at the minimum',
  };
  return drawLossCurve(plot.svg, view, plot.frame);
}

function pointOf({ weight_decay, validation_loss }: CurvePoint): LossPoint {
  return { x: weight_decay, loss: validation_loss ?? null };
}

function marksOf(curve: readonly CurvePoint[], places: readonly number[]): Mark[] {
  return curve.map(({ weight_decay, validation_loss }, index) => ({
    x: places[index] ?? 0,
    heading: `μ = ${short(weight_decay)}`,
    lines: [{ label: 'retrained', value: number(validation_loss), colour: 'var(--ink)' }],
  }));
}

const KEY = `<span><i class="line"></i>retrained at each μ</span>
  <span>straight: the slope by each inverse, at the present μ</span>
  <span><i class="disc descent-key"></i>descent of ln μ by the chosen one</span>`;

function tangentsOf({ by_method }: Hypergradient) {
  return SOLVERS.map((name, index) => ({
    ...methodStyle(name),
    slope: (by_method[index] as MethodHypergradient).elasticity ?? null,
  }));
}

function tableOf({ hypergradient: { by_method }, matrix }: HypergradientSeen, { curve, descents }: WeightDecays) {
  const slopes = SOLVERS.map((name, index) => [
    `slope ${byInverse(methodStyle(name), matrix)}`,
    '',
    '',
    by_method[index]?.weight_decay,
    by_method[index]?.elasticity,
  ]);
  const points = curve.map(({ weight_decay, validation_loss }) => ['curve', weight_decay, validation_loss, '', '']);
  const steps = descents.flatMap((descent, index) =>
    descent.map(({ step, point, elasticity }) => [
      `descent ${byInverse(methodStyle(SOLVERS[index] ?? 'exact'), matrix)}, step ${step}`,
      point.weight_decay,
      point.validation_loss,
      '',
      elasticity,
    ]),
  );
  return {
    columns: ['what', 'weight decay', 'validation loss', 'slope dL/dμ', 'slope d ln L/d ln μ'],
    rows: [...slopes, ...points, ...steps],
  };
}
