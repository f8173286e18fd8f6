// A training race: optimizers with and without curvature from one start, by steps, by products and by milliseconds.

import type { Experiment, Race, RaceRun, Report } from '../../../pkg/hessian_lab';
import { adaptationMarkup, drawAdaptation } from '../../charts/adaptation';
import { drawConvergence } from '../../charts/convergence';
import { type Curve, entryAt } from '../../charts/curve';
import { roundTicks } from '../../charts/loss-curve';
import { TRACE_END, toExperiment } from '../../experiment';
import { milliseconds, number, short } from '../../format';
import type { Picture } from '../../picture';
import type { State } from '../../state';
import { box, keyOf } from '../box';
import { Held, type Interval, keepInterval } from '../held';
import type { LensHost, LensReading, LensTable } from '../lens';
import { type Mark, Plot } from '../plot';
import type { ApplicationModule } from './application';
import { RaceClock } from './race-clock';
import { adaptedCurves, costAxis, dampingDecades, placesOn, raceCurves, raceReach } from './race-curves';
import { RaceSettings } from './race-settings';
import { type RunTimes, raceSentence, timeAt } from './race-words';
import { RACER_NAMES } from './racer-names';
import { racerStyle } from './racers';

export const application: ApplicationModule = {
  claim: 'A step that uses curvature costs more: whether it pays depends on what you count.',
  atMinimum: false,
  ask: (state) => ({ experiment: raceExperiment(state) }),
  build,
};

/** Neither the bench's matrix nor its damping, precision or methods matter to the race. */
export function raceExperiment(state: State): Experiment {
  const optimizers = RACER_NAMES.filter((name) => !state.resting.includes(name));
  return {
    ...toExperiment(state),
    curvature: 'hessian',
    damping: 0,
    precision: 'f64',
    methods: [],
    applications: ['race'],
    race: { optimizers, steps: TRACE_END, learning_rate: state.learningRate, momentum: state.momentum },
  };
}

/** What is shown of a race. */
interface View {
  /** Of those that are not switched off. */
  readonly runs: readonly RaceRun[];
  readonly state: State;
  /** Empty where they are not what is counted. */
  readonly times: RunTimes;
  /** Said where there is no curve to draw. */
  readonly excuse: string;
}

function build(root: HTMLElement, host: LensHost) {
  const parts = partsOf(host);
  const { settings, clock, losses, damping, key, axes } = parts;
  root.append(settings.head, box('race-row', losses.element, box('race-side', damping.element, settings.dials)), key);

  const update = (report: Report, { state }: Picture, settled: boolean): LensReading => {
    parts.countsSteps = state.x === 'iterations';
    const view = viewOf(report, state, clock);
    key.classList.toggle('is-timed', state.x === 'milliseconds');
    const reach = axes.loss.show(() => raceReach(view.runs), settled);
    drawLosses(losses, view, reach);
    const decades = axes.damping.show(() => dampingDecades(adaptedCurves(view.runs)), settled);
    drawDamping(damping, view, decades);
    return {
      sentence: raceSentence({ runs: view.runs, step: state.iterations, times: view.times }),
      table: () => tableOf(view),
      curves: () => curvesOf(view),
    };
  };
  return { control: (state: State) => settings.show(state), update };
}

/** What the figure is put together from. */
interface Parts {
  readonly clock: RaceClock;
  readonly settings: RaceSettings;
  readonly losses: Plot;
  readonly damping: Plot;
  readonly key: HTMLElement;
  readonly axes: { readonly loss: Held<Interval>; readonly damping: Held<Interval> };
  /** Whether a place on the losses' axis is a step, which can be picked. */
  countsSteps: boolean;
}

function partsOf(host: LensHost): Parts {
  const pick = (step: number) => {
    if (parts.countsSteps) host.set({ iterations: step });
    host.settle();
  };
  const label = 'Damping, and the ratio that it follows.';
  const parts: Parts = {
    clock: new RaceClock(host.redraw),
    settings: new RaceSettings(host),
    losses: new Plot('The loss of each optimizer.', LOSS_MARKUP, host.redraw, pick),
    damping: new Plot(label, adaptationMarkup('race-damping'), host.redraw),
    key: keyOf(KEY),
    axes: { loss: new Held<Interval>(keepInterval), damping: new Held<Interval>(keepInterval) },
    countsSteps: true,
  };
  return parts;
}

function viewOf(report: Report, state: State, clock: RaceClock): View {
  const race = report.applications?.race;
  if (!race) throw new Error('the report has no race');
  const timed = state.x === 'milliseconds';
  if (timed) clock.want(raceExperiment(state));
  const runs = shownOf(race, state);
  const excuse = runs.length > 0 && timed ? clock.excuse : 'Nobody runs.';
  return { runs, state, times: timed ? clock.times : new Map<string, number>(), excuse };
}

const LOSS_MARKUP = `
  <defs><clipPath id="race-losses" class="clip"><rect /></clipPath></defs>
  <g class="axis y-axis"></g><g class="axis x-axis"></g>
  <text class="axis-label y-label"></text><text class="axis-label x-label"></text>
  <line class="cursor" /><line class="probe" visibility="hidden" />
  <g clip-path="url(#race-losses)"><g class="curves after"></g><g class="curves before"></g></g>
  <g class="dots"></g><g class="labels"></g><text class="empty" text-anchor="middle"></text>`;

const KEY = `<span>solid up to step K, faint after it</span>
  <span>a product is with the Hessian or Gauss–Newton matrix; a gradient counts as half of one</span>
  <span>the race is in float64, from the Hessian and the Gauss–Newton matrix: the bench’s matrix, precision, Scale and Damping play no part</span>
  <span class="time-key">a run’s measured time is shared out among its steps by their products</span>
  <span>an optimizer’s own damping is divided by 4 where ρ &gt; ¾, multiplied by 4 where ρ &lt; ¼ or there is no step to take</span>`;

/** An axis of no more decades than this names round numbers, not powers of ten alone. */
const FEW_DECADES = 2.5;

/** “Gauss–Newton ↓”, in the chart's type size. */
const LONGEST_LABEL = 8.6;

function shownOf({ optimizers }: Race, { resting }: State): RaceRun[] {
  return optimizers.filter(({ optimizer }) => !resting.includes(optimizer));
}

function drawLosses(plot: Plot, { runs, state, times, excuse }: View, reach: Interval): void {
  const { x } = state;
  const curves = raceCurves(runs, x, times);
  const axis = costAxis(curves, x);
  const places = placesOn(axis, x);
  const scales = drawConvergence(
    plot.svg,
    {
      curves,
      cursor: state.iterations,
      probe: plot.index === null ? null : (places[plot.index] ?? null),
      xEnd: axis.end,
      decades: reach,
      xScale: axis.scale,
      ...(axis.ticks && { xTicks: axis.ticks }),
      ...(reach[1] - reach[0] <= FEW_DECADES && { yTicks: roundTicks(reach) }),
      xLabel: x === 'iterations' ? 'steps' : x,
      yLabel: 'loss, lower is better',
      empty: excuse,
      labels: LONGEST_LABEL,
    },
    plot.frame,
  );
  plot.show(places.map((place) => lossMark(curves, place, scales.x(place), x)));
}

function lossMark(curves: readonly Curve[], place: number, x: number, count: State['x']): Mark {
  return {
    x,
    heading: count === 'iterations' ? `step ${place}` : `${short(place)} ${count}`,
    lines: curves.map((curve) => ({
      label: curve.label,
      value: place < (curve.xs[0] ?? 0) ? '–' : number(curve.ys[entryAt(curve, place)]),
      colour: curve.colour,
    })),
  };
}

function drawDamping(plot: Plot, { runs, state }: View, decades: Interval): void {
  const curves = adaptedCurves(runs);
  const x = drawAdaptation(
    plot.svg,
    { curves, cursor: state.iterations, probe: plot.index, xEnd: TRACE_END, decades },
    plot.frame,
  );
  const steps = Array.from({ length: TRACE_END + 1 }, (_, step) => step);
  plot.show(
    steps.map((step) => ({
      x: x(step),
      heading: `step ${step}`,
      lines: curves.map(({ label, colour, damping, ratio }) => ({
        label,
        value: `damping ${short(damping[step] ?? 0, 2)}, ρ ${number(ratio[step])}`,
        colour,
      })),
    })),
  );
}

/** Where each optimizer is at step K, and how it ends. */
function tableOf({ runs, state, times }: View): LensTable {
  const k = state.iterations;
  return {
    columns: ['optimizer', 'loss', '‖∇‖', 'products', 'milliseconds', 'own damping', 'ratio ρ', 'in the end'],
    rows: runs.map((run) => [
      racerStyle(run.optimizer).label,
      run.loss[k],
      run.gradient_norm[k],
      run.products[k] ?? 0,
      milliseconds(timeAt(run, k, times)),
      run.damping?.[k],
      run.ratio[k],
      run.message,
    ]),
  };
}

/** Every step of every run. */
function curvesOf({ runs, times }: View): LensTable {
  return {
    columns: ['optimizer', 'step', 'loss', 'gradient norm', 'products', 'milliseconds', 'damping', 'ratio'],
    rows: runs.flatMap((run) =>
      run.loss.map((loss, step) => [
        run.optimizer,
        step,
        loss,
        run.gradient_norm[step],
        run.products[step],
        timeAt(run, step, times),
        run.damping?.[step],
        run.ratio[step],
      ]),
    ),
  };
}
