// What the race's panel says and draws, held to races that the shipped module ran.

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RaceRun, Racer } from '../../pkg/hessian_lab';
import { initSync, Lab } from '../../pkg/hessian_lab.js';
import { application, raceExperiment } from '../../www/lenses/purpose/race';
import {
  adaptedCurves,
  costAxis,
  dampingDecades,
  placesOn,
  raceCurves,
  raceReach,
} from '../../www/lenses/purpose/race-curves';
import { firstAt, type RaceSeen, raceSentence, timeAt } from '../../www/lenses/purpose/race-words';
import { RACER_NAMES } from '../../www/lenses/purpose/racer-names';
import { RACERS } from '../../www/lenses/purpose/racers';
import { DEFAULT_STATE, type State } from '../../www/state';

let lab: Lab;
beforeAll(() => {
  initSync({ module: readFileSync('pkg/hessian_lab_bg.wasm') });
  lab = new Lab();
});

function race(patch: Partial<State> = {}): RaceRun[] {
  return lab.solve(raceExperiment({ ...DEFAULT_STATE, ...patch })).applications?.race?.optimizers ?? [];
}

const NO_TIMES = new Map<string, number>();

/** A run of two steps for tests of arithmetic. */
function run(optimizer: Racer, patch: Partial<RaceRun> = {}): RaceRun {
  return {
    optimizer,
    status: 'limit',
    status_step: null,
    message: '',
    loss: [8, 4, 1],
    gradient_norm: [3, 2, 1],
    products: [0.5, 2, 4.5],
    curvature_products: [0, 1, 2],
    damping: null,
    ratio: [null, null, null],
    ...patch,
  };
}

describe('the question', () => {
  it('is the same whatever the bench asks of the matrix', () => {
    const bench: Partial<State> = { curvature: 'ggn', damping: 0.3, iterations: 7, precision: 'f64', also: ['minres'] };
    expect(raceExperiment({ ...DEFAULT_STATE, ...bench })).toEqual(raceExperiment(DEFAULT_STATE));
  });

  it('leaves out who is switched off, and hands on rate and momentum', () => {
    const { race: spec } = raceExperiment({
      ...DEFAULT_STATE,
      resting: ['newton', 'momentum'],
      learningRate: 0.02,
      momentum: 0.5,
    });
    expect(spec).toMatchObject({ steps: 120, learning_rate: 0.02, momentum: 0.5 });
    expect(spec?.optimizers).toEqual(['gradient_descent', 'line_search', 'gauss_newton', 'cg', 'kfac']);
  });
});

describe('the claim', () => {
  it('holds: a first step that uses curvature costs more than one that does not', () => {
    expect(application.claim).toMatch(/^A step that uses curvature costs more/);
    for (const patch of [{}, { layers: [1, 8, 1], generator: 'sine', samples: 40 }] as Partial<State>[]) {
      const runs = race(patch);
      const cost = ({ products }: RaceRun) => (products[1] as number) - (products[0] as number);
      const [damped, plain] = [runs.filter((one) => one.damping), runs.filter((one) => !one.damping)];
      expect(damped).toHaveLength(4);
      for (const one of damped) expect(cost(one)).toBeGreaterThan(Math.max(...plain.map(cost)));
    }
  });

  it('and who is first depends on what is counted, on the first draw that a visitor sees', () => {
    expect(raceSentence({ runs: race(), step: 40, times: NO_TIMES })).toBe(
      'After 40 steps Gauss–Newton is lowest, at 3×10⁻³¹, for 359 products; Descent, for 20.5, is at 1.7. First to be nine tenths of the way down, at 0.19: in steps Gauss–Newton and Martens’ CG (8), in products KFAC (42.8).',
    );
  });
});

describe('the sentence', () => {
  it('says how to start, and who could', () => {
    expect(raceSentence({ runs: race(), step: 0, times: NO_TIMES })).toBe(
      'All start from the same weights, with a loss of 1.94. “Race” lets them run.',
    );
    expect(raceSentence({ runs: [], step: 40, times: NO_TIMES })).toBe('Nobody runs: switch an optimizer on.');
  });

  it('counts time where it is known, shared out by products', () => {
    const runs = [run('gradient_descent'), run('newton', { loss: [8, 1, 0.5], products: [0.5, 20, 40] })];
    const times = new Map([
      ['gradient_descent', 9],
      ['newton', 4],
    ]);
    expect(timeAt(runs[0] as RaceRun, 1, times)).toBeCloseTo(4);
    expect(timeAt(runs[1] as RaceRun, 2, times)).toBe(4);
    expect(timeAt(run('kfac'), 1, times)).toBeUndefined();
    expect(raceSentence({ runs, step: 2, times })).toBe(
      'After 2 steps Newton is lowest, at 0.5, for 40 products; Descent, for 4.5, is at 1. First to be nine tenths of the way down, at 1.3: in steps Newton (1), in products Descent (4.5), in time Newton (2 ms).',
    );
  });

  it('says so where one is both lowest and cheapest, and where nobody gets down', () => {
    const cheapest = [run('kfac'), run('newton', { products: [0.5, 3, 9] })];
    expect(raceSentence({ runs: cheapest, step: 1, times: NO_TIMES })).toMatch(
      /^After 1 step KFAC is lowest, at 4, for 2 products, the fewest\. First/,
    );
    const nobody = [run('kfac', { loss: [8, 8, 9] }), run('newton', { loss: [8, 9, 9] })];
    expect(raceSentence({ runs: nobody, step: 2, times: NO_TIMES })).toBe(
      'After 2 steps nobody is below the start’s loss, 8.',
    );
  });

  it('names of those that are equally low the one that paid least, and tells near losses apart', () => {
    const told = (...runs: RaceRun[]) => raceSentence({ runs, step: 1, times: NO_TIMES });
    const dear = run('newton', { products: [0.5, 3, 9] });
    expect(told(dear, run('kfac'))).toMatch(/^After 1 step KFAC is lowest, at 4, for 2 products, the fewest\. /);
    expect(told(run('momentum'), run('gradient_descent'))).toMatch(/is lowest, at 4, for 2 products\. /);
    expect(told(run('newton', { loss: [8, 3.999, 1], products: [0.5, 3, 9] }), run('kfac'))).toMatch(
      /^After 1 step Newton is lowest, at 3\.999, for 3 products; KFAC, for 2, is at 4\. /,
    );
    expect(told(run('kfac', { products: [0.5, 1, 9] }), dear)).toContain('for 1 product, the fewest');
  });

  it('has no order for one that runs alone', () => {
    const runs = [run('kfac')];
    const told = (seen: Partial<RaceSeen>) => raceSentence({ runs, step: 2, times: NO_TIMES, ...seen });
    expect(told({ step: 0 })).toBe('KFAC starts with a loss of 8. “Race” lets it run.');
    expect(told({})).toBe(
      'After 2 steps KFAC is at 1, for 4.5 products. Nine tenths of the way down, to 1.7, took 2 steps and 4.5 products.',
    );
    expect(told({ times: new Map([['kfac', 9]]) })).toMatch(/took 2 steps, 4\.5 products and 9 ms\.$/);
    expect(told({ runs: [run('kfac', { loss: [8, 8, 9] })] })).toBe(
      'After 2 steps KFAC is not below the start’s loss, 8.',
    );
  });

  it('names who has diverged, once it has, and what helps', () => {
    const runs = race({ learningRate: 1000 });
    const gone = runs.find(({ optimizer }) => optimizer === 'gradient_descent');
    expect(gone?.status).toBe('diverged');
    const when = Math.max(
      ...runs.flatMap(({ status, status_step }) => (status === 'diverged' ? [status_step ?? 0] : [])),
    );
    expect(raceSentence({ runs, step: when, times: NO_TIMES })).toContain(
      'Descent and Momentum run away at this learning rate: a smaller one helps.',
    );
    expect(raceSentence({ runs: race(), step: 40, times: NO_TIMES })).not.toContain('away');
    const stuck = [run('kfac'), run('momentum', { status: 'diverged', status_step: 2, loss: [8, 8, 8] })];
    expect(raceSentence({ runs: stuck, step: 1, times: NO_TIMES })).not.toContain('away');
    expect(raceSentence({ runs: stuck, step: 2, times: NO_TIMES })).toMatch(
      /Momentum runs away at this learning rate: a smaller one helps\.$/,
    );
  });

  it('says that a start in a minimum leaves nothing to win', () => {
    const runs = race({
      layers: [1, 8, 1],
      generator: 'sine',
      samples: 40,
      weightDecay: 0.01,
      optimizer: 'newton',
      training: 500,
    });
    expect(raceSentence({ runs, step: 40, times: NO_TIMES })).toMatch(
      /^The race starts where the gradient is as good as zero/,
    );
  });

  it('finds the first step at a loss', () => {
    expect([firstAt(run('kfac'), 4, 2), firstAt(run('kfac'), 1, 1), firstAt(run('kfac'), 9, 0)]).toEqual([1, null, 0]);
  });
});

describe('the curves', () => {
  it('stand at their cost: steps, products or time', () => {
    const runs = [run('kfac')];
    expect(raceCurves(runs, 'iterations', NO_TIMES)[0]).toMatchObject({ label: 'KFAC', xs: [0, 1, 2], ys: [8, 4, 1] });
    expect(raceCurves(runs, 'products', NO_TIMES)[0]?.xs).toEqual([0.5, 2, 4.5]);
    expect(raceCurves(runs, 'milliseconds', NO_TIMES)).toEqual([]);
    expect(raceCurves(runs, 'milliseconds', new Map([['kfac', 9]]))[0]?.xs).toEqual([1, 4, 9]);
  });

  it('have an axis that shows cheap steps beside dear ones', () => {
    const curves = raceCurves(race(), 'products', NO_TIMES);
    const axis = costAxis(curves, 'products');
    expect(axis.ticks).toEqual([0, 1, 10, 100, 1000]);
    expect(axis.end).toBe(Math.max(...curves.map(({ xs }) => xs.at(-1) ?? 0)));
    const places = placesOn(axis, 'products');
    expect([places[0], places.at(-1), places.length]).toEqual([0, Number(axis.end.toPrecision(3)), 61]);
    expect(places.filter((place) => place < 100).length).toBeGreaterThan(30);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
    expect(placesOn(costAxis([], 'iterations'), 'iterations').slice(0, 3)).toEqual([0, 1, 2]);
    expect(costAxis([], 'milliseconds').ticks).toEqual([0, 0.1, 1]);
  });

  it('are shown down to a part of the start’s loss and not far above it', () => {
    const [low, high] = raceReach([run('kfac', { loss: [1, 1e-30, 1e300] })]);
    expect(low).toBeLessThan(-8);
    expect(low).toBeGreaterThan(-9);
    expect(high).toBeGreaterThan(1);
    expect(high).toBeLessThan(2);
  });

  it('of damping are those of the damped ones, between fixed ends', () => {
    const runs = race();
    const adapted = adaptedCurves(runs);
    expect(adapted.map(({ name }) => name)).toEqual(['newton', 'gauss_newton', 'cg', 'kfac']);
    expect(dampingDecades(adapted)).toEqual([-9, 1]);
    expect(dampingDecades([])).toEqual([-1, 1]);
    for (const names of [RACERS.map(({ name }) => name), RACER_NAMES])
      expect(names).toEqual(runs.map(({ optimizer }) => optimizer));
  });
});
