// Hypergradients: how the validation loss moves with the weight decay, by each inverse, against the curve retrained to.

import type { Hypergradient, MethodHypergradient, Report } from '../../../pkg/hessian_lab';
import { drawLossCurve, lossCurveMarkup, lossReach } from '../../charts/loss-curve';
import { number, short } from '../../format';
import { methodStyle, SOLVERS } from '../../methods';
import type { Picture } from '../../picture';
import type { State } from '../../state';
import { Held, type Interval, keepInterval } from '../held';
import type { LensHost, LensReading } from '../lens';
import { type Mark, Plot } from '../plot';
import type { ApplicationModule } from './application';
import { applied } from './asking';
import { DescentPlayer } from './descent-player';
import { hypergradientSentence } from './hypergradient-words';
import { roomForDamping } from './minimum';
import { Progress } from './progress';
import { byInverse, solverChoice } from './solver';
import { WeightDecays } from './weight-decays';

export const application: ApplicationModule = {
  claim: 'The slope of the validation loss over the weight decay is −θᵀH⁻¹∇L: one inverse, and no retraining.',
  atMinimum: true,
  ask,
  build,
};

/** A slope over the logarithm needs one. */
function ask(state: State) {
  if (state.weightDecay === 0)
    return 'Without weight decay there is nothing to differentiate by here: “Train this problem” sets one.';
  return applied(state, ['hypergradient']);
}

function build(root: HTMLElement, host: LensHost) {
  let state: State | null = null;
  const solvers = solverChoice(host);
  const decays = new WeightDecays(host.redraw);
  const player = new DescentPlayer(host.redraw);
  const progress = new Progress('Retrain along the curve', {
    onStart: () => {
      const question = state && ask(state);
      if (question && typeof question !== 'string') decays.start(question.experiment);
    },
    onCancel: () => decays.cancel(),
  });
  const plot = new Plot('The validation loss over the weight decay.', lossCurveMarkup('loss-curve-clip'), host.redraw);
  const [head, key] = [document.createElement('div'), document.createElement('p')];
  head.className = 'lens-foot';
  head.append(solvers.element, player.element, progress.element);
  key.className = 'lens-key';
  key.innerHTML = KEY;
  root.append(head, plot.element, key);
  const axis = new Held<Interval>(keepInterval);

  const control = (now: State) => {
    state = now;
    solvers.show(now.solver);
  };
  const update = (report: Report, picture: Picture, settled: boolean): LensReading => {
    const { state } = picture;
    const question = ask(state);
    const hypergradient = report.applications?.hypergradient;
    const place = SOLVERS.indexOf(state.solver);
    const method = hypergradient?.by_method[place];
    if (!hypergradient || !method || typeof question === 'string') throw new Error('the report has no hypergradient');
    decays.follow(question.experiment);
    progress.show(decays.work);
    const descent = decays.descents[place] ?? [];
    const step = player.at(descent.length - 1);
    const shown = descent.slice(0, step + 1).map(({ point }) => point);
    const curve = decays.curve.map(({ weight_decay, validation_loss }) => ({
      x: weight_decay,
      loss: validation_loss ?? null,
    }));
    const { weightDecay, solver } = state;
    const losses = [hypergradient.validation_loss, ...curve.map(({ loss }) => loss)];
    const stands = drawLossCurve(
      plot.svg,
      {
        curve,
        here: { x: weightDecay, loss: hypergradient.validation_loss },
        tangents: tangentsOf(hypergradient),
        chosen: solver,
        descent: shown.map(({ weight_decay, validation_loss }) => ({ x: weight_decay, loss: validation_loss ?? null })),
        domain: [Math.log10(weightDecay) - 2, Math.log10(weightDecay) + 2],
        reach: axis.show(() => lossReach(losses), settled),
        probe: plot.index,
        xLabel: 'weight decay μ →',
        yLabel: '↑ validation loss at the minimum',
      },
      plot.frame,
    );
    plot.show(
      curve.map(
        ({ x, loss }, index): Mark => ({
          x: stands[index] ?? 0,
          heading: `μ = ${short(x)}`,
          lines: [{ label: 'retrained', value: number(loss), colour: 'var(--ink)' }],
        }),
      ),
    );
    return {
      sentence: hypergradientSentence({
        hypergradient,
        method,
        style: methodStyle(solver),
        curve: decays.curve,
        weightDecay,
        descent: descent.slice(0, step + 1),
        failure: decays.failure,
      }),
      room: roomForDamping(state),
      table: () => tableOf(hypergradient, decays),
    };
  };
  return { control, update };
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

function tableOf({ by_method }: Hypergradient, { curve, descents }: WeightDecays) {
  const slopes = SOLVERS.map((name, index) => [
    `slope ${byInverse(methodStyle(name))}`,
    '',
    '',
    by_method[index]?.weight_decay,
    by_method[index]?.elasticity,
  ]);
  const points = curve.map(({ weight_decay, validation_loss }) => ['curve', weight_decay, validation_loss, '', '']);
  const steps = descents.flatMap((descent, index) =>
    descent.map(({ step, point, elasticity }) => [
      `descent ${byInverse(methodStyle(SOLVERS[index] ?? 'exact'))}, step ${step}`,
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
