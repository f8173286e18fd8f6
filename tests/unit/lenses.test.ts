// What lenses pick, name and arrange.

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Experiment, initSync, Lab } from '../../pkg/hessian_lab.js';
import { toBenchExperiment, toGlimpse } from '../../www/bench-experiment';
import { stack } from '../../www/charts/drawn-spectrum';
import { colourOf, type Palette, strength } from '../../www/charts/heatmap';
import { parametersOf } from '../../www/experiment';
import { openLens } from '../../www/lenses';
import { whyExact } from '../../www/lenses/budget';
import { cellsIn, factorWords } from '../../www/lenses/factors';
import { Held, type Interval, keepInterval } from '../../www/lenses/held';
import { isPartOf, stepWords } from '../../www/lenses/loss';
import { layerSizes, nameOf, parameterAt } from '../../www/lenses/parameter';
import { at } from '../../www/lenses/shown';
import { RUNS, SPECTRA } from '../../www/lenses/sketch';
import { matrixName } from '../../www/matrix-name';
import { toOwn } from '../../www/own';
import { DEFAULT_STATE, type State } from '../../www/state';
import { fromAddress, toAddress } from '../../www/state-text';

beforeAll(() => {
  initSync({ module: readFileSync('pkg/hessian_lab_bg.wasm') });
});

describe('a parameter', () => {
  const layers = [3, 5, 1];

  it('is found in θ: W row-major, then b, layer by layer', () => {
    const names = Array.from({ length: 26 }, (_, index) => nameOf(parameterAt(layers, index)));
    expect(names.slice(0, 4)).toEqual(['W₁[1, 1]', 'W₁[1, 2]', 'W₁[1, 3]', 'W₁[2, 1]']);
    expect(names.slice(14, 17)).toEqual(['W₁[5, 3]', 'b₁[1]', 'b₁[2]']);
    expect(names.slice(19, 22)).toEqual(['b₁[5]', 'W₂[1, 1]', 'W₂[1, 2]']);
    expect(names[25]).toBe('b₂[1]');
    expect(new Set(names).size).toBe(26);
    expect(() => parameterAt(layers, 26)).toThrow();
  });

  it('is counted', () => {
    expect(layerSizes(layers)).toEqual([20, 6]);
    expect(parametersOf(layers)).toBe(26);
  });
});

describe('a lens', () => {
  it('asks for what it draws only while it is open, and only where it can', () => {
    expect(toBenchExperiment(DEFAULT_STATE).analysis).toEqual(['bounds']);
    expect(toBenchExperiment({ ...DEFAULT_STATE, lens: 'budget' }).analysis).toEqual(['budget']);
    expect(toBenchExperiment({ ...DEFAULT_STATE, lens: 'matrices' }).include).toEqual(['matrices', 'data']);
    expect(toBenchExperiment({ ...DEFAULT_STATE, lens: 'matrices' }).compare).toEqual(['hessian', 'kfac']);
    expect(toBenchExperiment(DEFAULT_STATE).compare).toBeUndefined();
    expect(toBenchExperiment({ ...DEFAULT_STATE, lens: 'matrices', layers: [30, 30, 1] }).include).toEqual(['data']);
    expect(openLens('')).toBeUndefined();
  });

  it('has its place in the address, with what is chosen in it', () => {
    const state = { ...DEFAULT_STATE, lens: 'polynomial', drawn: [-1, 0.25, 3] };
    expect(toAddress(state)).toBe('lens=polynomial&drawn=-1_0.25_3');
    expect(fromAddress('#lens=polynomial&drawn=-1_0.25_3')).toEqual(state);
    expect(fromAddress('drawn=-0').drawn).toEqual([0]);
    for (const bad of ['lens=telescope', 'drawn=13', 'drawn=1__2', 'drawn=1e1', 'matrices=kfac', 'matrices=kfac_a'])
      expect(() => fromAddress(bad), bad).toThrow(/is not/);
  });
});

describe('drawn spectra of one condition number', () => {
  const longer = RUNS.map((method) => ('iterations' in method ? { ...method, iterations: 500 } : method));
  const sketches = () => {
    const lab = new Lab();
    return SPECTRA.map(({ values }) => lab.sketch({ eigenvalues: values, methods: longer }));
  };
  const stepsOf = (residual: readonly (number | null | undefined)[]) =>
    residual.findIndex((value) => typeof value === 'number' && value <= 1e-6);

  it('are of the number that is written over them', () => {
    for (const { condition } of sketches()) expect(condition).toBeCloseTo(50, 9);
  });

  it('show CG and MINRES counting clusters, and Neumann feeling only the ends', () => {
    const steps = sketches().map(({ methods }) => methods.map(({ trace }) => stepsOf(trace.residual)));
    expect(steps.map(([cg]) => cg)).toEqual([12, 2, 5]);
    expect(steps.map(([, minres]) => minres)).toEqual([12, 2, 5]);
    const neumann = steps.map((counts) => counts[2] ?? NaN);
    expect(Math.min(...neumann)).toBeGreaterThan(100);
    expect(Math.max(...neumann) / Math.min(...neumann)).toBeLessThan(1.1);
  });
});

describe('an axis that is held', () => {
  it('moves only when it must, and only once it may', () => {
    const axis = new Held<Interval>(keepInterval);
    expect(axis.show(() => [0, 10], false)).toEqual([0, 10]);
    expect(axis.show(() => [0, 12], false)).toEqual([0, 10]);
    expect(axis.show(() => [0, 9], true)).toEqual([0, 10]);
    expect(axis.show(() => [0, 12], true)).toEqual([0, 12]);
    expect(axis.show(() => [0, 5], true)).toEqual([0, 5]);
  });
});

describe('a glimpse', () => {
  const state = { ...DEFAULT_STATE, damping: 0.7, iterations: 7 };
  const asked = (lens: string) => toBenchExperiment({ ...state, lens });
  const solve = (experiment: Experiment) => new Lab().solve(experiment);

  it('is the whole where no lens is open', () => {
    expect(toGlimpse(asked(''), state)).toEqual(asked(''));
  });

  it('is the iterate that a lens shows', () => {
    const whole = solve(asked('eigenvectors'));
    const glimpse = solve(toGlimpse(asked('eigenvectors'), { ...state, lens: 'eigenvectors' }));
    expect(glimpse.methods[1]?.trace.products).toHaveLength(8);
    for (const [index, { trace }] of glimpse.methods.entries()) {
      const entry = trace.relative_error.length - 1;
      expect(trace.relative_error[entry]).toBe(whole.methods[index]?.trace.relative_error[entry]);
      const [shown] = glimpse.analysis?.modes?.methods[index]?.error ?? [];
      expect(shown).toBeDefined();
      expect(shown).toEqual(at(whole.analysis?.modes?.methods[index]?.error ?? [], entry));
    }
  });

  it('leaves out runs that a lens does not show', () => {
    const glimpse = solve(toGlimpse(asked('budget'), { ...state, lens: 'budget' }));
    expect(glimpse.analysis?.budget).toEqual(solve(asked('budget')).analysis?.budget);
    expect(glimpse.methods.map(({ trace }) => trace.products.length)).toEqual([1, 1, 1, 1]);
  });
});

describe('the loss’s slice', () => {
  const square = [0, 1, 2, 3, 4];
  const slice = (grid: number[], lift = 0, bend = 0) => ({
    x: grid,
    y: grid,
    objective: grid.flatMap((y) => grid.map((x) => (x === 3 && y === 3 ? null : x + 10 * y + lift))),
    model: { value: lift, gradient: [0, bend] as [number, number], curvature: [0, 1, 0] as [number, number, number] },
  });

  it('is not drawn again where it is the same, or a glimpse of it', () => {
    expect(isPartOf(slice(square), slice(square))).toBe(true);
    expect(isPartOf(slice([0, 2, 4]), slice(square))).toBe(true);
  });

  it('is drawn where it is finer, elsewhere or another', () => {
    expect(isPartOf(slice(square), slice([0, 2, 4]))).toBe(false);
    expect(isPartOf(slice([0, 2, 5]), slice(square))).toBe(false);
    expect(isPartOf(slice(square, 1), slice(square))).toBe(false);
    expect(isPartOf(slice(square, 0, 1), slice(square))).toBe(false);
  });
});

describe('what a lens says', () => {
  it('calls a step Newton’s only where the Hessian is inverted', () => {
    const words = (state: Partial<State>) => stepWords({ ...DEFAULT_STATE, ...state });
    expect(words({})).toBe('Newton’s step');
    expect(words({ damping: 1 })).toBe('the damped Newton step');
    expect(words({ curvature: 'ggn' })).toBe('the Gauss–Newton step');
    expect(words({ curvature: 'fisher_mc', damping: 1 })).toBe('the damped sampled-Fisher step');
    expect(words({ curvature: 'fisher_empirical' })).toBe('the empirical-Fisher step');
    const name = (curvature: State['curvature'], damping: number) => matrixName({ curvature, damping });
    expect([name('hessian', 0), name('ggn', 1), name('fisher_mc', 1), name('fisher_empirical', 0)]).toEqual([
      'H',
      '(G + λI)',
      '(F + λI)',
      'F',
    ]);
  });

  it('gives the theorem’s condition by which the Kronecker factors are exact, of the data that count', async () => {
    const why = (state: Partial<State>) => whyExact({ ...DEFAULT_STATE, ...state });
    const own = await toOwn({ inputs: [[1, 2, 3]], targets: [[1]] }, null);
    expect(why({ samples: 1 })).toBe('one datum');
    expect(why({ samples: 10, own })).toBe('one datum');
    expect(why({ layers: [3, 1] })).toBe('one layer and a squared loss');
    expect(why({ activation: 'identity' })).toBe('no activation and a squared loss');
    expect(why({ layers: [3, 1], activation: 'identity', loss: 'cross_entropy' })).toBe('');
  });
});

describe('a heatmap', () => {
  const palette: Palette = { zero: [255, 255, 255], positive: [0, 0, 255], negative: [255, 0, 0], line: '', ink: '' };

  it('has zero in the middle and its ends in full colour', () => {
    expect([-8, -1, 0, 1, 8].map((value) => strength(value, 8))).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect(strength(1, 0)).toBe(0);
    expect(colourOf(0, 8, palette)).toEqual([255, 255, 255]);
    expect(colourOf(8, 8, palette)).toEqual([0, 0, 255]);
    expect(colourOf(-99, 8, palette)).toEqual([255, 0, 0]);
  });
});

describe('KFAC’s factors', () => {
  const layers = [3, 5, 1];

  it('are told with the numbers they save', () => {
    expect(factorWords(layers, 0)).toBe('B₁ (5 × 5) ⊗ A₁ (4 × 4): 41 numbers for 400');
    expect(factorWords(layers, 1)).toBe('B₂ (1 × 1) ⊗ A₂ (6 × 6): 37 numbers for 36');
  });

  it('are marked where a cell’s two entries stand, whose product it is', () => {
    const matrices = new Lab().solve(toBenchExperiment({ ...DEFAULT_STATE, lens: 'matrices' })).matrices;
    if (!matrices) throw new Error('the report has no matrices');
    for (let place = 0; place < 26 * 26; place++) {
      const cell = [Math.floor(place / 26), place % 26] as const;
      const products = matrices.kfac_factors.map(({ a, b }, layer) => {
        const [inB, inA] = cellsIn(layers, layer, cell);
        const entry = (values: readonly number[], [row, column]: readonly [number, number]) =>
          values[row * Math.sqrt(values.length) + column] as number;
        return inB && inA ? entry(b, inB) * entry(a, inA) : 0;
      });
      expect(products.reduce((sum, product) => sum + product)).toBeCloseTo(matrices.kfac[place] as number, 12);
    }
    expect(cellsIn(layers, 0, null)).toEqual([null, null]);
  });
});

describe('the rest', () => {
  it('stacks dots that would lie on one another', () => {
    expect(stack([0, 0, 50, 4, 0, 58], 10)).toEqual([0, 1, 0, 2, 3, 1]);
  });

  it('holds the last entry of a run that ended early', () => {
    expect(at([1, 2], 9)).toBe(2);
    expect(at([], 0)).toBeUndefined();
  });
});
