// What the page says is true of the numbers on screen.

import { describe, expect, it } from 'vitest';
import type { Inertia, Report } from '../../pkg/hessian_lab';
import { alignment, apart, cosine, counted, listed, number, powerOfTen, short, tickText } from '../../www/format';
import { inView, onlyPrecisionDiffers, toPicture } from '../../www/picture';
import type { Run } from '../../www/reading';
import { logarithmic, logarithmicFromZero } from '../../www/slider';
import { DEFAULT_STATE, type State } from '../../www/state';
import { dampingHint, scaleHint, statusReason, statusWords, tell } from '../../www/words';

function run(method: string, errors: number[], over: Partial<Run> = {}): Run {
  const trace = {
    products: errors.map((_, k) => k),
    relative_error: errors,
    cosine_similarity: errors.map(() => 0.5),
    residual: errors,
    energy_error: [],
    slope: errors.map(() => 1),
  };
  return {
    method,
    status: 'limit',
    status_iteration: null,
    message: '',
    solution: [],
    slope: 1,
    trace: trace as Run['trace'],
    ...over,
  };
}

const INDEFINITE: Inertia = {
  positive: 1,
  negative: 1,
  zero: 0,
  smallest: -0.4,
  largest: 4,
  tolerance: 1e-15,
  curing_damping: 0.42,
  best_scale: null,
  enclosing_scale: 2,
};
const DEFINITE = { ...INDEFINITE, positive: 2, negative: 0, smallest: 1, curing_damping: null, best_scale: 2.5 };
const SINGULAR = { ...INDEFINITE, negative: 0, zero: 1, smallest: 0, curing_damping: 0.1 };

function report(inertia: Inertia | null, methods: Run[]): Report {
  return {
    parameters: 2,
    samples: 1,
    theta: [],
    loss: 1,
    gradient: [1, 0],
    spectrum: null,
    inertia,
    exact: { status: 'ok', solution: [], message: '' },
    methods,
  };
}

const methods = [run('exact', [0]), run('cg', [1, 0.5, 0.25]), run('neumann', [1, 0.9, 0.8]), run('kfac', [0.3])];
const story = (inertia: Inertia | null, state: Partial<State>) =>
  tell(toPicture({ ...DEFAULT_STATE, iterations: 2, ...state }, report(inertia, methods)), null);

describe('the story', () => {
  it('of an indefinite matrix offers the other arithmetic, then damping past −λmin', () => {
    const { text, next } = story(INDEFINITE, {});
    expect(text).toBe(
      'After 2 iterations in float32 CG’s error is 0.25 (cosine 0.50). 1 of 2 eigenvalues is negative: CG has no guarantee, and no scale makes Neumann converge.',
    );
    expect(next.map(({ patch }) => patch)).toEqual([{ precision: 'f64' }, { damping: 0.42 }]);
    expect(story(INDEFINITE, { precision: 'f64' }).next).toHaveLength(1);
  });

  it('of a gradient of zero says no more than that', () => {
    const rest = { ...report(DEFINITE, [run('cg', [0])]), gradient: [0, -0] };
    expect(tell({ state: DEFAULT_STATE, report: rest }, null)).toEqual({
      text: 'The gradient is zero: there is nothing to solve.',
      next: [],
    });
  });

  it('tells a good cosine from a good answer', () => {
    const close = run('cg', [0.6924], { trace: { ...run('cg', [0.6924]).trace, cosine_similarity: [0.7375] } });
    const { text } = tell(toPicture(DEFAULT_STATE, report(INDEFINITE, [close])), null);
    expect(text).toContain(
      'CG’s answer points roughly the right way (cosine 0.74), but is off by 69\u00a0% of the exact one’s length.',
    );
  });

  it('judges a scale that the core chose as the core does, though four digits of it are shown', () => {
    const inertia = { ...DEFINITE, largest: 4.2526, best_scale: 2.13 };
    const chosen = report(inertia, [run('cg', [1]), run('neumann', [1], { scale: 2.12635 })]);
    const picture = toPicture({ ...DEFAULT_STATE, autoScale: true }, chosen);
    expect(picture.state.scale).toBe(2.127);
    expect(tell(picture, null).text).not.toContain('diverges');
    expect(tell(picture, null).next).toEqual([]);
    const exact = report(inertia, [run('neumann', [1], { scale: 0.5 })]);
    expect(toPicture({ ...DEFAULT_STATE, autoScale: true }, exact).state.scale).toBe(0.5);
  });

  it('does not say that a series diverges that has converged: b may have no part of what grows', () => {
    const lucky = report(INDEFINITE, [run('cg', [1]), run('neumann', [1e-12], { status: 'converged' })]);
    expect(tell(toPicture(DEFAULT_STATE, lucky), null).text).toMatch(/negative: CG has no guarantee\.$/);
    const past = report(DEFINITE, lucky.methods);
    expect(tell(toPicture({ ...DEFAULT_STATE, scale: 1.9 }, past), null).text).not.toContain('diverges');
  });

  it('offers what the core takes, as it sets it', () => {
    expect(story({ ...INDEFINITE, curing_damping: 1.4e-4 }, {}).next.at(-1)).toEqual({
      label: 'Damping 1.4×10⁻⁴',
      patch: { damping: 1.4e-4 },
    });
    expect(story({ ...DEFINITE, best_scale: 1e-10 }, {}).next).toEqual([]);
  });

  it('of a scale that is too small names λmax/2, and offers the best one', () => {
    const { text, next } = story(DEFINITE, { scale: 1.9 });
    expect(text).toContain('Scale 1.9 is below λmax/2 = 2: an eigenvalue lies past 2s, so Neumann diverges.');
    expect(next[0]?.patch).toEqual({ scale: 2.5 });
    expect(story(DEFINITE, { scale: 1.9996 }).text).toContain('Scale 1.9996 is below λmax/2 = 2:');
  });

  it('beside the mark of −λmin says in two words that the damping is past it, and alone what λmin is', () => {
    const inertia = { ...DEFINITE, smallest: 0.218 };
    expect(dampingHint(inertia, true)).toBe('positive definite');
    expect(dampingHint(inertia, false)).toBe('positive definite: λmin = 0.22');
  });

  it('says that Neumann diverges where the core does: past the edge by more than rounding', () => {
    const inertia = { ...DEFINITE, tolerance: 1e-12 };
    const [edge, past] = ['on the edge: does not converge', 'diverges'];
    expect([1.9, 2 - 1e-9, 2, 2 + 1e-9].map((scale) => scaleHint(inertia, scale))).toEqual([
      past,
      past,
      edge,
      'converges',
    ]);
    expect(story(DEFINITE, { scale: 2 }).text).not.toContain('diverges');
    expect(story(DEFINITE, { scale: 2 - 1e-9 }).text).toContain('diverges');
  });

  it('of a positive definite matrix compares the three', () => {
    expect(story(DEFINITE, { damping: 0.5 }).text).toContain('Every eigenvalue of H + 0.5 I is positive.');
    for (const [curvature, name] of [
      ['ggn', 'G'],
      ['fisher_mc', 'the sampled Fisher matrix'],
      ['fisher_empirical', 'the empirical Fisher matrix'],
    ] as const)
      expect(story(DEFINITE, { damping: 0.5, curvature }).text).toContain(`Every eigenvalue of ${name} + 0.5 I is`);
    expect(story(DEFINITE, {}).text).toContain('Neumann’s is 0.8, and KFAC, an approximation, stays at 0.3.');
  });

  it('of a singular matrix says what exact means', () => {
    const { text, next } = story(SINGULAR, {});
    expect(text).toContain('“exact” is the shortest');
    expect(next.map(({ patch }) => patch)).toEqual([{ damping: 0.1 }]);
  });

  it('of a matrix too large to form does without a spectrum', () => {
    expect(story(null, {}).text).toContain('too large to form');
    expect(story(null, {}).next[0]?.patch).toEqual({ y: 'residual' });
  });

  it('of a switch of arithmetic gives both errors', () => {
    const single = toPicture({ ...DEFAULT_STATE, iterations: 1 }, report(INDEFINITE, methods));
    const double = toPicture({ ...DEFAULT_STATE, precision: 'f64' }, report(INDEFINITE, [run('cg', [1, 1e-3])]));
    expect(tell(single, double).text).toContain('after 1 iteration CG’s error is 0.5 in float32 and 0.001 in float64');
    expect(tell(single, double).next.map(({ label }) => label)).toEqual(['Switch to float64', 'Damping 0.42']);
    expect(onlyPrecisionDiffers(single.state, double.state)).toBe(true);
    expect(onlyPrecisionDiffers(single.state, { ...double.state, damping: 1 })).toBe(false);
  });
});

it('a switch of arithmetic that changes no error has no story of its own', () => {
  const large = toPicture(DEFAULT_STATE, report(null, [run('cg', [])]));
  expect(tell(large, large).text).toMatch(/^The matrix is too large to form/);
  const same = toPicture(DEFAULT_STATE, report(DEFINITE, methods));
  expect(tell(same, same).text).toMatch(/^Every eigenvalue/);
  const other = toPicture(DEFAULT_STATE, report(DEFINITE, [run('cg', [1, 1e-3])]));
  expect(tell(same, other).next.map(({ label }) => label)).toContain('Best scale, 2.5');
});

describe('a status', () => {
  const curved = run('cg', [1, 1, 1, 1], {
    status: 'negative_curvature',
    status_iteration: 2,
    message: 'Curvature is −1. The step −x goes uphill here: its slope is −gᵀx = 0.07.',
    slope: -0.07,
  });

  it('is not told before it is seen', () => {
    expect(statusWords(curved, 1)).toBe('on its way');
    expect(statusReason(curved, 1)).toBe('');
    expect(statusWords(curved, 2)).toBe('negative curvature at 2');
  });

  it('says of the last iterate only at the end', () => {
    expect(statusReason(curved, 2)).toBe('Curvature is −1.');
    expect(statusReason(curved, 3)).toContain('uphill');
  });

  it('says that a step goes uphill at whatever iterate it does', () => {
    const trace = { ...curved.trace, slope: [1, -0.25, 1, -0.07] };
    expect(statusReason({ ...curved, trace }, 1)).toBe('Here the step −x goes uphill: gᵀx = −0.25.');
    expect(statusReason({ ...curved, trace }, 2)).toBe('Curvature is −1.');
  });

  it('of a diverging series holds from the start', () => {
    expect(statusWords(run('neumann', [1, 2], { status: 'diverged', status_iteration: 67 }), 0)).toBe('diverges');
  });
});

describe('names', () => {
  it('lists as a person does', () => {
    expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });
});

describe('numbers', () => {
  it('have the digits that mean something', () => {
    expect([0, null, 0.69241, 1.00302, 96.07, 13540, 3.14159e-7, -0.01449, 123456].map(number)).toEqual([
      '0',
      '–',
      '0.6924',
      '1.003',
      '96.07',
      '1.4e+4',
      '3.1e-7',
      '-0.0145',
      '1.2e+5',
    ]);
    expect([apart(4.7042, 4.7), apart(4.7042, 3), apart(2, 2), apart(-1e-5, 1e-5)]).toEqual([
      ['4.704', '4.7'],
      ['4.7', '3'],
      ['2', '2'],
      ['−1.0×10⁻⁵', '1.0×10⁻⁵'],
    ]);
    expect([1, 0.99884, -0.5].map(alignment)).toEqual(['1', '0.9988', '−0.50']);
    expect([cosine(1), cosine(-0.0067), cosine(null)]).toEqual(['1.0000', '-0.0067', '–']);
    expect([short(999999.9), short(1e6), short(9.999e-4, 2)]).toEqual(['1.0×10⁶', '1.0×10⁶', '0.001']);
    expect([short(-0.28172), short(4.4), short(2e-14, 2), short(0)]).toEqual(['−0.282', '4.4', '2×10⁻¹⁴', '0']);
    expect([-1.5e-4, -1e-4, 0, 0.25, 2e-14].map(tickText)).toEqual(['−1.5×10⁻⁴', '−1×10⁻⁴', '0', '0.25', '2×10⁻¹⁴']);
    expect([-12, 0, 3].map(powerOfTen)).toEqual(['10⁻¹²', '1', '10³']);
  });

  it('of one thing are told of one', () => {
    expect([0, 1, 2].map((steps) => counted(steps, 'inner step'))).toEqual([
      '0 inner steps',
      '1 inner step',
      '2 inner steps',
    ]);
  });
});

describe('a logarithmic slider', () => {
  it('has an exact zero at its left end', () => {
    const mapping = logarithmicFromZero(1e-4, 10, 501);
    expect(mapping.toValue(0)).toBe(0);
    expect(mapping.toPosition(0)).toBe(0);
    expect(mapping.toValue(1)).toBe(1e-4);
    expect(mapping.toValue(501)).toBe(10);
    expect(mapping.toPosition(1e-9)).toBe(1);
  });

  it('moves with every step, up and down', () => {
    const mapping = logarithmic(0.1, 100, 600);
    for (let position = 1; position <= 600; position++) {
      expect(mapping.toValue(position)).toBeGreaterThan(mapping.toValue(position - 1));
      expect(Math.abs(mapping.toPosition(mapping.toValue(position)) - position)).toBeLessThan(0.5);
    }
  });
});

describe('a picture', () => {
  it('keeps the run it was asked for in a newer view', () => {
    const picture = toPicture(DEFAULT_STATE, report(INDEFINITE, methods));
    const seen = inView(picture, { ...DEFAULT_STATE, iterations: 9, damping: 5 });
    expect(seen.state).toMatchObject({ iterations: 9, damping: 0 });
  });
});
