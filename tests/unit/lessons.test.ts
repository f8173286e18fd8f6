// Each lesson's claim, held to the module that ships.

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Experiment, Inertia, Method, Report, SketchReport } from '../../pkg/hessian_lab';
import { initSync, Lab } from '../../pkg/hessian_lab.js';
import { TRACE_END, toExperiment } from '../../www/experiment';
import { short } from '../../www/format';
import { layerSizes } from '../../www/lenses/parameter';
import { applied } from '../../www/lenses/purpose/asking';
import { raceExperiment } from '../../www/lenses/purpose/race';
import { firstAt } from '../../www/lenses/purpose/race-words';
import { LESSONS } from '../../www/lessons/catalogue';
import { lesson as clusters } from '../../www/lessons/clusters';
import { bytes, costsOf } from '../../www/lessons/costs';
import { lesson as curvature } from '../../www/lessons/curvature';
import { lesson as float32 } from '../../www/lessons/float32';
import { CONVENTIONS, conventionsExperiment, lesson as kfac } from '../../www/lessons/kfac';
import type { Lesson, View } from '../../www/lessons/lesson';
import { lesson as million, WIDTHS } from '../../www/lessons/million';
import { lesson as neumann } from '../../www/lessons/neumann';
import { lesson as newton } from '../../www/lessons/newton';
import { lesson as products } from '../../www/lessons/products';
import { figure, firstBelow } from '../../www/lessons/speak';
import { SOLVERS } from '../../www/methods';
import { type Picture, toPicture } from '../../www/picture';
import { DEFAULT_STATE, type State } from '../../www/state';
import { TOO_LARGE } from '../../www/words';

let lab: Lab;
beforeAll(() => {
  initSync({ module: readFileSync('pkg/hessian_lab_bg.wasm') });
  lab = new Lab();
});

function solve(patch: Partial<State>): Report {
  return lab.solve(toExperiment({ ...DEFAULT_STATE, ...patch }));
}

function picture(patch: Partial<State>): Picture {
  const state = { ...DEFAULT_STATE, ...patch };
  return toPicture(state, solve(state));
}

/** The bench as a lesson starts, and as it is after the prediction. */
const atStart = ({ start }: Lesson) => picture(start);
const revealed = ({ start, reveal }: Lesson) => picture({ ...start, ...reveal });
const view = (of: Picture): View => ({ picture: of, own: null });

function run(report: Report, method: string) {
  const found = report.methods.find((one) => one.method === method);
  if (!found) throw new Error(`no ${method}`);
  return found;
}

/** In a lesson's text, wherever its lines break. */
function assertSaid(text: string, phrases: readonly string[]): void {
  for (const phrase of phrases) expect(text.replaceAll(/\s+/g, ' ')).toContain(phrase);
}

const errorAt = (report: Report, method: string, k: number) => run(report, method).trace.relative_error.at(k) ?? NaN;
const inertia = (report: Report) => report.inertia as Inertia;
const negative = (report: Report) => report.inertia?.negative;

describe('1, Newton’s step', () => {
  const SEEDS = Array.from({ length: 600 }, (_, seed) => seed);
  const slopeOf = (seed: number, damping = 0) => {
    const methods = [{ method: 'exact' }] as const;
    return run(lab.solve({ ...toExperiment({ ...DEFAULT_STATE, seed, damping }), methods: [...methods] }), 'exact')
      .slope;
  };

  it('starts uphill in about 100 of 600 draws', () => {
    const uphill = SEEDS.filter((seed) => slopeOf(seed) < 0).length;
    expect(uphill).toBeGreaterThan(80);
    expect(uphill).toBeLessThan(120);
  });

  it('starts uphill on the draw that is shown, where the sum over eigenvectors is negative too', () => {
    const shown = revealed(newton);
    const experiment = { ...toExperiment(shown.state), analysis: ['modes'] as ['modes'] };
    const report = lab.solve(experiment);
    const parts = report.analysis?.modes?.right_hand_side ?? [];
    const sum = parts.reduce((total, part, i) => total + part ** 2 / (report.spectrum?.[i] ?? NaN), 0);
    expect(sum).toBeLessThan(-1);
    expect(sum).toBeCloseTo(run(report, 'exact').slope, 6);
    expect(newton.now(view(shown))).toBe('gᵀH⁻¹g = −2.11: the exact step starts uphill.');
  });

  it('starts downhill on any draw with damping past −λmin', () => {
    for (const seed of SEEDS.slice(0, 40)) {
      const least = solve({ seed }).spectrum?.[0] ?? NaN;
      expect(slopeOf(seed, 1.06 * Math.max(-least, 0.01))).toBeGreaterThan(0);
    }
  });
});

describe('the guide', () => {
  it('gives the exact answer by eigenvectors: x* = Σ (vᵢᵀb / λᵢ) vᵢ', () => {
    const report = lab.solve({ ...toExperiment({ ...DEFAULT_STATE, damping: 0.5 }), analysis: ['modes'] });
    const modes = report.analysis?.modes;
    for (const [i, value] of (report.spectrum ?? []).entries())
      expect((modes?.right_hand_side[i] ?? NaN) / (value + 0.5)).toBeCloseTo(modes?.exact[i] ?? NaN, 10);
  });

  it('gives CG’s step: x_{k+1} = x_k + (r_kᵀr_k / p_kᵀAp_k) p_k', () => {
    const steps = 4;
    const start = { ...toExperiment({ ...DEFAULT_STATE, precision: 'f64', damping: 0.5 }), include: ['matrices'] };
    const report = lab.solve({
      ...(start as Experiment),
      methods: Array.from({ length: steps + 1 }, (_, iterations) => ({ method: 'cg', iterations, start: 'zero' })),
    });
    const { gradient: b, matrices } = report;
    const dot = (u: number[], v: number[]) => u.reduce((sum, value, i) => sum + value * (v[i] ?? NaN), 0);
    const apply = (v: number[]) =>
      v.map((value, i) => 0.5 * value + dot(matrices?.hessian.slice(i * v.length, (i + 1) * v.length) ?? [], v));
    const add = (u: number[], factor: number, v: number[]) => u.map((value, i) => value + factor * (v[i] ?? NaN));
    let [x, r, p] = [b.map(() => 0), b, b];
    for (const { solution } of report.methods) {
      for (const [i, value] of solution.entries()) expect(value).toBeCloseTo(x[i] ?? NaN, 10);
      const [square, product] = [dot(r, r), apply(p)];
      const alpha = square / dot(p, product);
      x = add(x, alpha, p);
      r = add(r, -alpha, product);
      p = add(r, dot(r, r) / square, p);
    }
  });

  it('has as many corrections of the notebook as it says', () => {
    const [, list = ''] = readFileSync('index.html', 'utf8').split('with six corrections');
    expect(list.split('</ol>')[0]?.split('</ul>')[0]?.match(/<li>/g)).toHaveLength(6);
  });

  it('lists the lessons that there are, under their titles', () => {
    const page = readFileSync('index.html', 'utf8');
    const listed = [...page.matchAll(/<li><button type="button" data-lesson="(\w+)">([^<]+)</g)].map(
      ([, name, title]) => ({ name, title }),
    );
    expect(listed).toEqual(LESSONS.map(({ name, title }) => ({ name, title })));
  });
});

describe('2, products', () => {
  it('CG is below a millionth after the products that the lesson says, the exact method after P', () => {
    const { report } = revealed(products);
    const { trace } = run(report, 'cg');
    const entry = firstBelow(trace.residual, 1e-6) ?? NaN;
    expect(trace.products[entry]).toBe(products.prediction.answer);
    expect(run(report, 'exact').trace.products).toEqual([report.parameters]);
    expect(report.parameters).toBe(76);
  });

  it('each iteration of CG and each term of the series costs one product, KFAC none', () => {
    const { report } = revealed(products);
    const costs = run(report, 'cg').trace.products;
    expect(costs.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, k) => k + 1));
    expect(run(report, 'neumann').trace.products.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, k) => k));
    expect(run(report, 'kfac').trace.products).toEqual([0]);
  });

  it('a wider network hardly changes how many CG needs', () => {
    for (const width of [5, 15, 23]) {
      const { trace } = run(solve({ ...products.start, layers: [3, width, 1] }), 'cg');
      expect(firstBelow(trace.residual, 1e-6)).toBeLessThan(20);
    }
  });
});

describe('3, clusters', () => {
  const stepsOf = (report: Report) => firstBelow(run(report, 'cg').trace.relative_error, 1e-6);

  it('CG takes a step for each datum, however wide the network is', () => {
    expect(stepsOf(revealed(clusters).report)).toBe(clusters.prediction.answer);
    for (const width of [5, 12, 24]) expect(stepsOf(solve({ ...clusters.start, layers: [3, width, 1] }))).toBe(4);
    expect(stepsOf(solve({ ...clusters.start, samples: 2 }))).toBe(2);
    expect(stepsOf(solve({ ...clusters.start, samples: 8 }))).toBeLessThanOrEqual(8);
  });

  it('the Gauss–Newton matrix of N data has at most N eigenvalues that differ from zero', () => {
    for (const samples of [1, 2, 4, 8]) {
      const spectrum = solve({ ...clusters.start, samples }).spectrum ?? [];
      expect(spectrum.filter((value) => Math.abs(value) > 1e-12).length).toBeLessThanOrEqual(samples);
    }
  });

  const sketch = (eigenvalues: number[]): SketchReport =>
    lab.sketch({ eigenvalues, methods: [{ method: 'cg', iterations: 20, start: 'zero' }] });
  const around = (centre: number, width: number) => [-2, -1, 0, 1, 2].map((step) => centre + width * step);

  it.each([
    [1, [4]],
    [2, [1, 9]],
    [3, [1, 5, 40]],
    [5, [1, 2, 8, 30, 100]],
  ])('on a drawn spectrum, %i values repeated take as many steps, and tight clusters nearly', (count, centres) => {
    const errors = (width: number) =>
      sketch(centres.flatMap((centre) => around(centre, width))).methods[0]?.trace.relative_error;
    expect(errors(0)?.[count]).toBeLessThan(1e-9);
    expect(errors(0)?.[count - 1]).toBeGreaterThan(1e-3);
    expect(errors(1e-5)?.[count]).toBeLessThan(1e-3);
  });

  it('CG’s residual is its polynomial times the first, and the polynomial is 1 at 0', () => {
    const report = lab.solve({ ...toExperiment(revealed(clusters).state), analysis: ['modes', 'polynomials'] });
    const cg = report.methods.findIndex(({ method }) => method === 'cg');
    const at = report.analysis?.polynomials?.methods[cg];
    const residual = report.analysis?.modes?.methods[cg]?.residual ?? [];
    const b = report.analysis?.modes?.right_hand_side ?? [];
    for (const k of [1, 2, 3])
      for (const [i, part] of b.entries())
        expect((at?.at_eigenvalues[k]?.[i] ?? NaN) * part).toBeCloseTo(residual[k]?.[i] ?? NaN, 7);
  });
});

describe('4, negative curvature', () => {
  it('H has 14 negative eigenvalues where the lesson asks, and CG meets one at iteration 2', () => {
    const { report } = atStart(curvature);
    expect(negative(report)).toBe(14);
    expect(run(report, 'cg')).toMatchObject({ status: 'negative_curvature', status_iteration: 2 });
  });

  it('G has none, on that draw and on others, and at least P − N zeros', () => {
    for (const seed of [DEFAULT_STATE.seed, 1, 2, 3, 4, 5]) {
      const report = solve({ curvature: 'ggn', seed });
      expect(report.inertia?.smallest).toBeGreaterThan(-1e-12);
      expect(report.spectrum?.filter((value) => Math.abs(value) < 1e-12).length).toBeGreaterThanOrEqual(16);
    }
  });

  it('damping past −λmin makes CG converge, its energy error never rising; short of it, it does not keep its promise', () => {
    for (const damping of [0.3, 0.5]) {
      const cg = run(solve({ precision: 'f64', damping }), 'cg');
      expect(cg.status).toBe('converged');
      const energy = cg.trace.energy_error.map(Number);
      for (const [k, value] of energy.entries())
        if (k > 0) expect(value).toBeLessThanOrEqual((energy[k - 1] ?? 0) + 1e-12);
    }
    expect(negative(solve({ damping: 0.28 }))).toBe(1);
    expect(run(solve({ damping: 0.28 }), 'cg').status).toBe('negative_curvature');
    expect(run(revealed(curvature).report, 'cg').status).toBe('converged');
  });

  it('the stationary point of the notebook’s objective is −½H⁻¹g, of the one meant H⁻¹g', () => {
    const report = lab.solve({ ...toExperiment(atStart(curvature).state), include: ['matrices'] });
    const { gradient: g, exact, matrices } = report;
    const x = exact.solution ?? [];
    const slope = (a: number[], quadratic: number, linear: number) =>
      g.map(
        (gi, i) =>
          linear * gi +
          quadratic * a.reduce((sum, aj, j) => sum + (matrices?.hessian[i * g.length + j] ?? NaN) * aj, 0),
      );
    const halved = x.map((value) => -value / 2);
    for (const value of [...slope(halved, 2, 1), ...slope(x, 1, -1)]) expect(Math.abs(value)).toBeLessThan(1e-8);
  });
});

describe('5, the Neumann series', () => {
  const series = (scale: number) => run(solve({ ...neumann.start, scale }), 'neumann');

  it('converges exactly where all eigenvalues lie in (0, 2s)', () => {
    const { smallest, largest: max } = inertia(atStart(neumann).report);
    expect(max).toBeCloseTo(4.9, 2);
    expect(smallest).toBeCloseTo(0.218, 3);
    expect(neumann.setup).toContain('from 0.218 to 4.9');
    expect(max / 2).toBeCloseTo(2.45, 2);
    expect(series((max / 2) * 1.001).status).not.toBe('diverged');
    expect(series((max / 2) * 0.999).status).toBe('diverged');
    expect(run(revealed(neumann).report, 'neumann').status).toBe('diverged');
    for (const scale of [1, 4.5, 100]) expect(run(solve({ scale }), 'neumann').status).toBe('diverged');
  });

  it('is fastest in the end at (λmin + λmax)/2', () => {
    const { best_scale, smallest, largest } = inertia(atStart(neumann).report);
    const best = best_scale ?? NaN;
    expect(best).toBeCloseTo((smallest + largest) / 2, 2);
    const end = (scale: number) => series(scale).trace.relative_error.at(-1) ?? NaN;
    expect(end(best)).toBeLessThan(end(best * 1.05));
    expect(end(best)).toBeLessThan(end(best * 0.98));
    expect(errorAt(atStart(neumann).report, 'neumann', 40)).toBeCloseTo(0.086, 3);
  });

  it('without the last division by its scale is as many times too long, in the same direction', () => {
    const { state } = atStart(neumann);
    const report = lab.solve({ ...toExperiment(state), include: ['matrices'] });
    const { gradient, matrices } = report;
    const [{ solution }, size] = [run(report, 'neumann'), gradient.length];
    const product = (x: number[], i: number) =>
      x.reduce((sum, xj, j) => sum + (matrices?.hessian[i * size + j] ?? NaN) * xj, state.damping * (x[i] ?? NaN));
    let undivided = gradient;
    for (let term = 0; term < TRACE_END; term++) {
      const sum = undivided;
      undivided = gradient.map((b, i) => b + (sum[i] ?? NaN) - product(sum, i) / state.scale);
    }
    for (const [i, value] of undivided.entries()) expect(value / (solution[i] ?? NaN)).toBeCloseTo(4.5, 8);
  });

  it('has a noisy cousin that stays at a floor, lower for the mean of ten runs', () => {
    const last = (methods: Method[]) =>
      lab
        .solve({ ...toExperiment(atStart(neumann).state), methods })
        .methods.map(({ trace }) => trace.relative_error.at(-1) ?? NaN);
    const seeds = Array.from({ length: 300 }, (_, seed) => seed);
    /** The root mean square over many runs. */
    const typical = (repeats: number) => {
      const errors = seeds.flatMap((seed) =>
        last([{ method: 'lissa', iterations: TRACE_END, scale: 4.5, batch: 5, repeats, seed }]),
      );
      return Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
    };
    const [exact = NaN] = last([{ method: 'neumann', iterations: TRACE_END, scale: 4.5 }]);
    const [one, ten] = [typical(1), typical(10)];
    expect(one / ten / Math.sqrt(10)).toBeCloseTo(1, 0);
    expect(ten).toBeGreaterThan(5 * exact);
    assertSaid(neumann.explanation, [
      `the series is off by <b>${figure(exact)}</b>;`,
      `typically by <b>${figure(one, 2)}</b>`,
      `ten such runs by <b>${figure(ten, 2)}</b>.`,
    ]);
  });
});

describe('5, the floor of LiSSA’s noise', () => {
  const START = { ...DEFAULT_STATE, ...neumann.start };
  /** The root mean square error of the last quarter of one run, averaged over seeds. */
  const floor = (patch: { scale?: number; batch?: number; repeats?: number }) => {
    const settings = { scale: 4.5, batch: 5, repeats: 1, iterations: 600, ...patch };
    const methods = [1, 2, 3, 4].map((seed): Method => ({ method: 'lissa', seed, ...settings }));
    const late = lab
      .solve({ ...toExperiment(START), methods })
      .methods.flatMap(({ trace }) => trace.relative_error.slice(-150).map(Number));
    return Math.sqrt(late.reduce((sum, error) => sum + error ** 2, 0) / late.length);
  };

  it('is lower with larger batches, a larger scale or more runs', () => {
    const usual = floor({});
    for (const patch of [{ batch: 8 }, { scale: 9 }, { repeats: 4 }]) expect(floor(patch)).toBeLessThan(0.8 * usual);
  });
});

describe('5, its door to hypergradients', () => {
  it('leads back: whatever was tried before, a button shows what it is for', () => {
    const tried = (...labels: string[]) => {
      const state: Partial<State> = { ...neumann.start };
      for (const label of labels)
        Object.assign(state, neumann.tries.find((one) => one.label === label)?.patch(view(picture(state))));
      return state;
    };
    for (const label of ['Scale 4.5', 'Undo the damping', 'Damp by 0.5'])
      expect(tried('A hypergradient by it', label)).toMatchObject({
        layers: [3, 5, 1],
        generator: 'notebook',
        lens: '',
      });
    const { report, state } = picture(tried('A hypergradient by it', 'LiSSA’s noise'));
    expect(report.inertia?.largest).toBeLessThan(2 * state.scale);
  });

  it('leads to a slope that the series, cut short, gets wrong, and ten thousand terms get right', () => {
    const door = neumann.tries.find(({ label }) => label === 'A hypergradient by it')?.patch(view(atStart(neumann)));
    expect(door).toMatchObject({ lens: 'purpose', use: 'hypergradient', solver: 'neumann' });
    const slope = (iterations: number) => {
      const state = { ...DEFAULT_STATE, ...neumann.start, ...door, iterations };
      const question = applied(state, ['hypergradient']);
      if (typeof question === 'string') throw new Error(question);
      const methods = [question.experiment.methods[SOLVERS.indexOf('neumann')] as Method];
      const found = lab.solve({ ...question.experiment, methods }).applications?.hypergradient;
      return [found?.by_method[0]?.elasticity, found?.elasticity];
    };
    const [short, exact] = slope(40);
    expect(short).toBeCloseTo(0.13, 2);
    expect(exact).toBeCloseTo(0.49, 2);
    expect(neumann.explanation.replace(/\s+/g, ' ')).toContain('by 0.49 %, and 40 iterations say 0.13 %');
    expect(slope(120)[0]).toBeGreaterThan(short ?? NaN);
    expect(Number(slope(10_000)[0]) / Number(exact)).toBeCloseTo(1, 2);
  });
});

describe('6, float32', () => {
  it('over draws of the law, the median errors are those that the lesson tells', () => {
    const medianOf = (precision: 'f32' | 'f64') => {
      const errors = Array.from({ length: 4_000 }, (_, seed) => {
        const methods = [{ method: 'cg', iterations: 40 }] as const;
        const { methods: runs } = lab.solve({
          ...toExperiment({ ...DEFAULT_STATE, seed, precision }),
          methods: [...methods],
        });
        return runs[0]?.trace.relative_error.at(40) ?? Number.POSITIVE_INFINITY;
      });
      return errors.sort((a, b) => a - b)[2_000] ?? NaN;
    };
    // The lesson's figures are of 400,000 draws; of 4,000 the medians lie this near to them.
    expect(float32.explanation).toMatch(/0\.90 in float32 and 0\.04\s+in float64/);
    expect(Math.abs(medianOf('f32') - 0.9)).toBeLessThan(0.02);
    expect(Math.abs(medianOf('f64') - 0.04)).toBeLessThan(0.012);
  }, 60_000);

  it('on this draw most of CG’s error is rounding', () => {
    const single = errorAt(atStart(float32).report, 'cg', 40);
    const double = errorAt(revealed(float32).report, 'cg', 40);
    expect(single).toBeCloseTo(0.728, 3);
    expect(run(atStart(float32).report, 'cg').trace.cosine_similarity[40]).toBeCloseTo(0.686, 3);
    expect(double).toBeLessThan(single / 5);
    expect(Math.abs(double / float32.prediction.answer - 1)).toBeLessThan(0.05);
  });

  it('H has eigenvalues as small and as large as the text says, of both signs', () => {
    const spectrum = atStart(float32).report.spectrum ?? [];
    const sizes = spectrum.map(Math.abs);
    expect(Math.min(...sizes).toExponential(0)).toBe('8e-5');
    expect(Math.max(...sizes).toPrecision(2)).toBe('4.4');
    expect(spectrum.some((value) => value < 0) && spectrum.some((value) => value > 0)).toBe(true);
  });

  it('more iterations do not help in float32, damping does', () => {
    expect(errorAt(atStart(float32).report, 'cg', 120)).toBeGreaterThan(0.5);
    expect(errorAt(solve({ damping: 0.3 }), 'cg', 120)).toBeLessThan(1e-4);
  });

  it('a vector at a cosine is off by at least √(1 − c²), whatever its length', () => {
    const { trace } = run(atStart(float32).report, 'cg');
    for (const [k, cosine] of trace.cosine_similarity.entries())
      expect(Number(trace.relative_error[k])).toBeGreaterThanOrEqual(Math.sqrt(1 - Number(cosine) ** 2) - 1e-12);
    expect(Math.sqrt(1 - 0.7375 ** 2)).toBeCloseTo(0.675, 3);
  });
});

describe('7, KFAC', () => {
  /** By each convention, and with the exact layer blocks. */
  const own = (patch: Partial<State>) => {
    const { methods, ...experiment } = conventionsExperiment({ ...DEFAULT_STATE, ...kfac.start, ...patch });
    return lab.solve({ ...experiment, methods: [...methods, { method: 'block_diagonal' }] });
  };
  const distance = (a: readonly number[], b: readonly number[]) =>
    Math.sqrt(
      a.reduce((sum, value, i) => sum + (value - (b[i] ?? NaN)) ** 2, 0) /
        b.reduce((sum, value) => sum + value ** 2, 0),
    );
  const matrices = (samples: number) => {
    const { matrices: found } = lab.solve({
      ...toExperiment({ ...DEFAULT_STATE, ...kfac.start, samples }),
      include: ['matrices'],
    });
    if (!found) throw new Error('no matrices');
    return found;
  };

  it('has the layer blocks exactly for one datum, and not for ten', () => {
    const [one, ten] = [matrices(1), matrices(10)];
    expect(distance(one.kfac, one.block_diagonal)).toBeLessThan(1e-13);
    expect(distance(ten.kfac, ten.block_diagonal)).toBeGreaterThan(1e-4);
  });

  it('has factors of 5 × 5 and 4 × 4 for the first layer’s block of 20 × 20', () => {
    const [first] = matrices(10).kfac_factors;
    expect([first?.b.length, first?.a.length]).toEqual([5 * 5, 4 * 4]);
    expect(layerSizes(DEFAULT_STATE.layers)[0]).toBe(20);
  });

  it('is still off for one datum, by what lies between layers', () => {
    const { methods } = own({ samples: 1 });
    expect(methods[0]?.trace.relative_error[0]).toBeCloseTo(3.05, 2);
    expect(methods.at(-1)?.trace.relative_error[0]).toBeCloseTo(Number(methods[0]?.trace.relative_error[0]), 9);
  });

  it('with ten data has the errors that the text gives', () => {
    const { methods } = own({});
    expect(methods[0]?.trace.relative_error[0]).toBeCloseTo(0.526, 3);
    expect(methods.at(-1)?.trace.relative_error[0]).toBeCloseTo(0.529, 3);
  });

  it('damped in four ways gives four answers', () => {
    const errors = own({})
      .methods.slice(0, CONVENTIONS.length)
      .map(({ trace }) => Number(trace.relative_error[0]).toFixed(3));
    expect(new Set(errors).size).toBe(4);
  });

  it('has no convention that is the best everywhere', () => {
    const best = [0.001, 0.1, 10].flatMap((damping) =>
      [2, 10].map((samples) => {
        const errors = own({ damping, samples }).methods.map(({ trace }) => Number(trace.relative_error[0]));
        const four = errors.slice(0, CONVENTIONS.length);
        return four.indexOf(Math.min(...four));
      }),
    );
    expect(new Set(best).size).toBeGreaterThan(1);
  });

  it('is the whole matrix with one layer and a squared error, for any number of data', () => {
    for (const samples of [2, 10, 40])
      expect(errorAt(solve({ ...kfac.start, layers: [3, 1], samples }), 'kfac', 0)).toBeLessThan(1e-12);
  });
});

describe('8, a million parameters', () => {
  const costs = costsOf(WIDTHS);

  it('takes what the table says', () => {
    expect(costs.parameters).toBe(4 * 500 * 501);
    expect(costs.hessian).toBe(4 * costs.parameters ** 2);
    expect(bytes(costs.hessian)).toBe('4 TB');
    expect(bytes(costs.vectors)).toBe('16 MB');
    expect(costs.factors).toBe(4 * 4 * (501 ** 2 + 500 ** 2));
    expect(bytes(costs.factors)).toBe('8 MB');
    expect(costs.factoring).toBeCloseTo(1.68e17, -15);
    expect(million.claim).toBe('At a million parameters H takes 4 TB, CG’s vectors 16 MB and KFAC’s factors 8 MB.');
  });

  it('takes P³/6 multiplications for a Cholesky factor, and as many by the size for each of KFAC’s', () => {
    // Row i of the factor, column j ≤ i: a dot product of j pairs.
    const multiplications = (size: number) => {
      let count = 0;
      for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) count += j;
      return count;
    };
    expect(multiplications(501) / (501 ** 3 / 6)).toBeCloseTo(1, 4);
    const factors = 4 * (multiplications(501) + multiplications(500));
    expect(costs.factoringFactors / factors).toBeCloseTo(1, 4);
    expect(million.explanation).toContain(short(factors));
  });

  it('counts the parameters as the core does', () => {
    expect(costsOf([8, 24, 12, 1]).parameters).toBe(revealed(million).report.parameters);
  });

  it('ends in a race whose products are those that the text gives', () => {
    const [door] = million.tries.flatMap(({ label, patch }) =>
      label === 'The race' ? [patch(view(revealed(million)))] : [],
    );
    expect(door).toMatchObject({ lens: 'purpose', use: 'race' });
    const state = { ...DEFAULT_STATE, ...million.start, ...million.reveal, ...door };
    const runs = lab.solve(raceExperiment(state)).applications?.race?.optimizers ?? [];
    const products = new Map(
      runs.map((one) => {
        const first = firstAt(one, (one.loss[0] ?? NaN) / 10, 120);
        return [one.optimizer, first === null ? null : Math.round(one.products[first] ?? NaN)];
      }),
    );
    expect(products.get('kfac')).toBe(22);
    expect(products.get('cg')).toBe(272);
    expect(products.get('gauss_newton')).toBe(659);
    expect(products.get('newton')).toBe(799);
    expect(products.get('gradient_descent')).toBeNull();
    for (const number of ['KFAC takes 22 products', 'early 272', 'Newton 659', 'Newton 799'])
      expect(million.explanation.replace(/\s+/g, ' ')).toContain(number);
  });

  it('less damping costs CG more products', () => {
    const needed = [0.1, 0.001, 1e-5].map((damping) => {
      const { trace } = run(solve({ ...million.start, damping }), 'cg');
      return firstBelow(trace.relative_error, 1e-6) ?? 121;
    });
    expect([...needed].sort((a, b) => a - b)).toEqual(needed);
    expect(new Set(needed).size).toBe(3);
  });
});

describe('every lesson', () => {
  const ALL = { newton, products, clusters, curvature, neumann, float32, kfac, million };

  it.each(Object.entries(ALL))(
    '%s: its formulas are MathML without inline styles, and its numbers have their places',
    (_, lesson) => {
      const text = [lesson.setup, lesson.claim, lesson.explanation, lesson.notebook, lesson.task].join(' ');
      expect(text).not.toMatch(/\\[([]|\\[a-z]+\{| style=/);
      const given = Object.keys(lesson.numbers?.({ picture: revealed(lesson), own: null }) ?? {});
      const places = [...text.matchAll(/data-number="(\w+)"/g)].map(([, name]) => name);
      for (const name of given) expect(places).toContain(name);
    },
  );

  it('says the numbers that its bench gives', () => {
    const [start, shown] = [atStart(newton), revealed(newton)];
    assertSaid(newton.setup, [`${negative(start.report)} of the ${start.report.parameters} eigenvalues of`]);
    assertSaid(newton.explanation, [`<b>${figure(run(shown.report, 'exact').slope)}</b>`]);
    assertSaid(curvature.setup, [`iteration <b>${run(atStart(curvature).report, 'cg').status_iteration}</b>`]);
    const { parameters, samples } = atStart(clusters).report;
    assertSaid(clusters.setup, [
      `the network ${samples} data only`,
      `at most ${samples} of its ${parameters} eigenvalues`,
    ]);
    assertSaid(clusters.explanation, [`with ${samples} data ${samples} zeros`]);
    assertSaid(million.setup, [`has ${atStart(million).report.parameters} parameters`]);
    const total = atStart(products).report.parameters;
    const { trace } = run(revealed(products).report, 'cg');
    const needed = trace.products[firstBelow(trace.residual, 1e-6) ?? NaN] ?? NaN;
    assertSaid(products.setup, [`<b>${total}</b> parameters`]);
    assertSaid(products.explanation, [`after <b>${needed}</b>`, `${2 * needed} gradients`, `that of ${2 * total}.`]);
    const blocks = run(solve({ ...kfac.start, ...kfac.reveal, also: ['block_diagonal'] }), 'block_diagonal');
    assertSaid(kfac.explanation, [
      `the error is <b>${figure(blocks.trace.relative_error[0])}</b>; KFAC’s`,
      `is <b>${figure(errorAt(revealed(kfac).report, 'kfac', 0))}</b>.`,
    ]);
  });

  it.each(Object.entries(ALL))(
    '%s: an answer among those offered, and something to try that changes the bench',
    (_, lesson) => {
      const { prediction } = lesson;
      if (prediction.kind === 'choice') expect(prediction.options[prediction.answer]).toBeTruthy();
      else expect(prediction.answer).toBeGreaterThanOrEqual(prediction.right[0]);
      const seen = view(revealed(lesson));
      expect(lesson.tries.some((one) => Object.keys(one.patch(seen)).length > 0)).toBe(true);
      expect(lesson.now(seen)).toMatch(/[.]$/);
    },
  );

  it('says of a matrix that is too large no more than is known', () => {
    const large = view(picture({ layers: [3, 40, 30, 1], precision: 'f64' }));
    for (const lesson of [newton, clusters, curvature, neumann, million]) expect(lesson.now(large)).toBe(TOO_LARGE);
    expect(products.now(large)).toContain('the exact method has none, as the matrix is too large to form;');
    const flat = picture({ layers: [1, 1], activation: 'identity', precision: 'f64' });
    for (const run of flat.report.methods) run.slope = 0;
    expect(newton.now(view(flat))).toMatch(/starts neither up nor down\.$/);
  });
});
