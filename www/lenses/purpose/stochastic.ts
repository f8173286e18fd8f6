// LiSSA's band: how far its stochastic runs stray from the Neumann series, and where noise is what is left.

import type { LissaBand, Report } from '../../../pkg/hessian_lab';
import { type Decades, fitDecades, keepDecades } from '../../charts/domain';
import {
  drawErrorCurves,
  type ErrorCurve,
  type ErrorCurvesView,
  type ErrorLevel,
  errorCurvesMarkup,
} from '../../charts/error-curves';
import { LISSA, samplesOf, TRACE_END, toExperiment } from '../../experiment';
import { number } from '../../format';
import { methodStyle } from '../../methods';
import type { Picture } from '../../picture';
import type { State } from '../../state';
import { box, keyOf } from '../box';
import { Held } from '../held';
import type { LensHost, LensReading } from '../lens';
import { type Mark, Plot } from '../plot';
import type { ApplicationModule } from './application';
import { pick } from './pick';
import { stochasticSentence } from './stochastic-words';

export const application: ApplicationModule = {
  claim:
    'LiSSA is the Neumann series over random batches: truncation dies out step by step, the batches’ noise does not.',
  atMinimum: false,
  ask,
  build,
};

function ask(state: State) {
  const { seed, repeats, scale, autoScale } = state;
  const samples = samplesOf(state);
  if (batchOf(state) > samples)
    return `A batch of ${state.batch} data can’t be drawn from ${samples}: set Samples to ${state.batch} or more, or take fewer in a batch.`;
  return {
    experiment: {
      ...toExperiment(state),
      methods: [
        {
          method: 'lissa' as const,
          iterations: TRACE_END,
          scale: autoScale ? ('auto' as const) : scale,
          batch: batchOf(state),
          repeats,
          seed,
        },
      ],
      applications: ['lissa' as const],
    },
  };
}

/** 0 stands for LiSSA's batch on the bench. */
function batchOf(state: State): number {
  return state.batch === 0 ? Math.ceil(samplesOf(state) / LISSA.part) : state.batch;
}

/** A problem on which the series converges whatever the batch: the notebook's, positive definite and damped. */
const CONVERGENT: Partial<State> = { curvature: 'ggn', damping: 0.3, scale: 6, autoScale: false };

function build(root: HTMLElement, host: LensHost) {
  const set = (patch: Partial<State>) => {
    host.set(patch);
    host.settle();
  };
  const batch = pick('Data in a batch', (value) => set({ batch: value }));
  const repeats = pick('Runs averaged', (value) => set({ repeats: value }));
  const safe = convergent(() => set(CONVERGENT));
  const plot = new Plot('LiSSA’s error over its steps.', errorCurvesMarkup('stochastic-clip'), host.redraw);
  root.append(box('lens-foot', batch.element, repeats.element, safe), plot.element, keyOf(KEY));
  const axis = new Held<Decades>(keepDecades);

  const control = (state: State) => {
    batch.show(batchOf(state), batchesOf(samplesOf(state)));
    repeats.show(state.repeats, [1, 4, 16, 64]);
  };
  const update = (report: Report, { state }: Picture, settled: boolean): LensReading => {
    const band = report.applications?.lissa?.[0];
    const status = band && report.methods[band.method]?.status;
    if (!status) throw new Error('the report has no band');
    const step = Math.min(plot.index ?? state.iterations, band.noise.length - 1);
    const decades = axis.show(() => fitDecades([band.truncation, band.noise, band.low, band.high]), settled);
    plot.show(drawBand(plot, band, step, decades));
    const sentence = stochasticSentence({ band, status, step, batch: batchOf(state), samples: samplesOf(state) });
    return { sentence, table: () => tableOf(band) };
  };
  return { control, update };
}

const KEY = `<span><i class="band-key"></i>the single runs, but for the lowest and the highest tenth</span>
  <span>solid: the mean over the runs; dotted: noise; dashed: the Neumann series, which is truncation alone</span>`;

/** A datum, a tenth, a quarter, half and all of the data. */
export function batchesOf(samples: number): number[] {
  return [1, ...[10, 4, 2, 1].map((part) => Math.ceil(samples / part))];
}

function convergent(onPress: () => void): HTMLElement {
  const button = Object.assign(document.createElement('button'), { type: 'button' });
  button.textContent = 'Gauss–Newton, damped';
  button.title = 'Makes the matrix positive definite, so that the series converges';
  button.addEventListener('click', onPress);
  return button;
}

function drawBand(plot: Plot, band: LissaBand, step: number, decades: Decades): Mark[] {
  const colour = methodStyle('lissa').colour;
  const view: ErrorCurvesView = {
    curves: curvesOf(band),
    levels: [floorOf(band)],
    band: spreadOf(band),
    bandColour: colour,
    place: band.crossing,
    placeLabel: 'noise takes over',
    probe: step,
    domain: [0, band.noise.length - 1],
    logarithmic: false,
    decades,
    xLabel: 'steps →',
    yLabel: '↑ relative error',
  };
  const place = drawErrorCurves(plot.svg, view, plot.frame);
  return band.noise.map((noise, index) => ({
    x: place(index),
    heading: `step ${index}`,
    lines: [
      { label: 'LiSSA', value: number(band.mean[index]), colour },
      { label: 'a single run', value: number(band.median[index]), colour },
      { label: 'noise', value: number(noise), colour },
      { label: 'truncation', value: number(band.truncation[index]), colour: methodStyle('neumann').colour },
    ],
  }));
}

function curvesOf({ truncation, noise, mean }: LissaBand): ErrorCurve[] {
  const [lissa, neumann] = [methodStyle('lissa'), methodStyle('neumann')];
  const points = (errors: readonly (number | null)[]) => errors.map((error, index) => [index, error] as const);
  return [
    { ...neumann, points: points(truncation) },
    { ...lissa, name: 'noise', label: 'noise', dash: '2 3', points: points(noise) },
    { ...lissa, dash: '', points: points(mean) },
  ];
}

function floorOf({ floor }: LissaBand): ErrorLevel {
  const value = floor || null;
  return { name: 'floor', label: 'noise floor', colour: 'var(--quiet)', dash: '8 4', value, chosen: true };
}

/** By step, between which errors the single runs lie. */
function spreadOf({ low, high }: LissaBand): ErrorCurvesView['band'] {
  return low.flatMap((value, index) => {
    const top = high[index] ?? null;
    return value === null || top === null ? [] : [[index, value, top] as const];
  });
}

function tableOf({ truncation, noise, mean, low, median, high }: LissaBand) {
  return {
    columns: ['step', 'truncation', 'noise', 'mean of the runs', 'a tenth below', 'median run', 'a tenth above'],
    rows: noise.map((_, index) => [
      `${index}`,
      ...[truncation, noise, mean, low, median, high].map((errors) => errors[index]),
    ]),
  };
}
