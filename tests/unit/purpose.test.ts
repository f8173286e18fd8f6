// The small functions that the applications' panels are made of.

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { initSync, Lab } from '../../pkg/hessian_lab.js';
import { lossReach, roundTicks } from '../../www/charts/loss-curve';
import { isWithin, reachOf } from '../../www/charts/scatter';
import { tableCsv } from '../../www/export/csv';
import { alignment } from '../../www/format';
import { applied } from '../../www/lenses/purpose/asking';
import { influenceSentence } from '../../www/lenses/purpose/influence-words';
import { roomForDamping, trained } from '../../www/lenses/purpose/minimum';
import { byInverse, reference, whose } from '../../www/lenses/purpose/solver';
import { happened } from '../../www/lenses/purpose/truth';
import { methodStyle, SOLVERS } from '../../www/methods';
import { DEFAULT_STATE } from '../../www/state';

beforeAll(() => {
  initSync({ module: readFileSync('pkg/hessian_lab_bg.wasm') });
});

describe('the room that is kept for what damping adds', () => {
  it('holds what the core then says', () => {
    const question = applied({ ...DEFAULT_STATE, damping: 1e-4 }, ['influence']);
    if (typeof question === 'string') throw new Error(question);
    const message = new Lab().solve(question.experiment).applications?.influence?.minimum.message ?? '';
    expect(message.endsWith(roomForDamping(DEFAULT_STATE))).toBe(true);
    expect(roomForDamping({ ...DEFAULT_STATE, damping: 1e-4 })).toBe('');
  });
});

describe('a table as CSV', () => {
  it('has every digit of a number, and nothing where there is none', () => {
    const rows = [['λ₁', -0.1234567890123, 4e-300, null, undefined, 0]];
    expect(tableCsv({ columns: [], rows })).toBe('\nλ₁,-0.1234567890123,4e-300,,,0\n');
  });

  it('quotes what would break it', () => {
    const table = {
      columns: ['what', 'a, b'],
      rows: [
        ['say “x"y”', -1],
        ['two\nlines', null],
      ],
    };
    expect(tableCsv(table)).toBe('what,"a, b"\n"say “x""y”",-1\n"two\nlines",\n');
  });
});

describe('a comparison with retraining', () => {
  it('is said of the retrainings that it compared, though more are known by now', () => {
    const run = { method: 'exact', on_validation_loss: [1, 2, 3, 4, 5, 6], correlation: 1, relative_error: 0 };
    const influence = {
      on_validation_loss: [1, 2, 3, 4, 5, 6],
      by_method: [run],
      minimum: { reached: true, message: '' },
      fit: null,
    };
    const agreement = { method: 'exact', correlation: 0.996 };
    const seen = {
      influence,
      method: run,
      style: methodStyle('exact'),
      matrix: 'H',
      changes: [1, null, 3, 5, 7],
      compared: 4,
      agreement,
      exact: 0.996,
      without: 0,
      change: null,
      failure: '',
    } as unknown as Parameters<typeof influenceSentence>[0];
    expect(influenceSentence(seen)).toBe(
      'After 4 of 6 retrainings, the exact inverse’s predictions have correlation 0.9960 with the real changes. 1 of them ended in no minimum and does not count.',
    );
    expect(influenceSentence({ ...seen, agreement: null, compared: 0 })).toContain(
      'After 5 of 6 retrainings: comparing.',
    );
    expect(influenceSentence({ ...seen, compared: 3 })).toBe(
      'After 3 of 6 retrainings, too few to compare. 1 of them ended in no minimum and does not count.',
    );
    const alike = { ...seen, agreement: { method: 'exact', correlation: null } };
    expect(influenceSentence(alike)).toContain('predictions have no correlation with the real changes');
  });
});

describe('what is predicted before anything is retrained', () => {
  const sentence = (...values: number[]) => told('H', 'kfac', ...values);
  const told = (matrix: string, name: string, ...values: number[]) => {
    const run = { method: name, on_validation_loss: values, correlation: 0.5, relative_error: 320 };
    const influence = { on_validation_loss: values, by_method: [run], minimum: { reached: true, message: '' } };
    const style = methodStyle(name);
    const seen = { influence, method: run, style, matrix, changes: [], without: 0, failure: '' };
    return influenceSentence(seen as unknown as Parameters<typeof influenceSentence>[0]);
  };

  it('names the two ends, whatever their signs', () => {
    expect(sentence(0.5, -2)).toContain('would rise most, by 0.5; without datum 2 it would fall most, by 2.');
    expect(sentence(0.5, 2)).toContain(
      '2 the validation loss would rise most, by 2; without datum 1 it would rise least',
    );
    expect(sentence(0.5)).toMatch(/^Without datum 1 the validation loss would rise by 0.5\. KFAC/);
    expect(sentence(-3)).toMatch(/^Without datum 1 the validation loss would fall by 3\. KFAC/);
    expect(sentence(-3, -2)).toContain(
      '2 the validation loss would fall least, by 2; without datum 1 it would fall most',
    );
  });

  it('says how far a method is off', () => {
    expect(sentence(0.5, -2)).toMatch(
      /KFAC’s predictions have correlation 0\.50\d* with the exact ones; its H⁻¹∇L has relative error 320\.$/,
    );
  });

  it('holds the exact inverse of another matrix against the Hessian’s', () => {
    expect(told('H', 'exact', 0.5, -2)).toMatch(/by 2\.$/);
    expect(told('G', 'exact', 0.5, -2)).toMatch(
      /The exact inverse of G’s predictions have correlation 0\.50\d* with the Hessian’s; its H⁻¹∇L has relative error 320\.$/,
    );
  });
});

describe('an axis', () => {
  it('of changes holds them all, and zero', () => {
    const [low, high] = reachOf([2, null, 5]);
    expect(low).toBeCloseTo(-0.4);
    expect(high).toBeCloseTo(5.4);
    expect(reachOf([null])).toEqual([-1, 1]);
    expect([isWithin(2, [-1, 3]), isWithin(4, [-1, 3]), isWithin(-2, [-1, 3])]).toEqual([true, false, false]);
  });

  it('of losses holds them in powers of ten, with room for tangents where they hardly differ', () => {
    const [low, high] = lossReach([0.01, null, 0, 1]);
    expect(low).toBeCloseTo(-2.16);
    expect(high).toBeCloseTo(0.16);
    const [below, above] = lossReach([0.1]);
    expect(below).toBeCloseTo(-1.2);
    expect(above).toBeCloseTo(-0.8);
    expect(lossReach([])).toEqual([-0.2, 0.2]);
  });

  it('names round numbers, or where there are many powers of ten, these alone', () => {
    expect(roundTicks([-1.2, 0.2]).map((tick) => Number(tick.toPrecision(3)))).toEqual([0.1, 0.2, 0.5, 1]);
    expect(roundTicks([-1.8, -1.6])).toEqual([0.016, 0.018, 0.02, 0.022, 0.024]);
    expect(roundTicks([-3, 0]).map((tick) => Number(tick.toPrecision(3)))).toEqual([0.001, 0.01, 0.1, 1]);
  });
});

describe('words', () => {
  it.each([
    [0.9991, '0.99910'],
    [0.977, '0.977'],
    [0.5, '0.50'],
    [-0.2, '−0.20'],
    [1 - 1e-9, '1'],
    [-1, '−1'],
    [-0.001, '0.00'],
  ])('give a correlation of %s the digits that tell it from 1', (correlation, text) => {
    expect(alignment(correlation)).toBe(text);
  });

  it('name the inverse by its method, the exact one as such', () => {
    const [exact, cg] = [methodStyle('exact'), methodStyle('cg')];
    expect([byInverse(exact, 'H'), byInverse(cg, 'H')]).toEqual(['by the exact inverse', 'by CG']);
    expect([whose(exact, 'H'), whose(cg, 'G')]).toEqual(['the exact inverse’s', 'CG’s']);
    expect([byInverse(exact, 'G'), reference('G'), reference('H')]).toEqual([
      'by the exact inverse of G',
      'the Hessian’s inverse',
      'the exact inverse',
    ]);
  });
});

describe('what is asked of the core', () => {
  it('has validation data of the same law, and every method that can be chosen, to the step that is set', () => {
    const question = applied({ ...DEFAULT_STATE, iterations: 7 }, ['influence']);
    if (typeof question === 'string') throw new Error(question);
    const { data, validation, methods, applications } = question.experiment;
    expect(validation).toEqual(data);
    expect(methods.map(({ method }) => method)).toEqual(SOLVERS);
    expect(methods.find(({ method }) => method === 'cg')).toMatchObject({ iterations: 7 });
    expect(applications).toEqual(['influence']);
  });

  it('cannot be asked of own data', () => {
    const own = { data: { inputs: [[1]], targets: [[2]] }, weights: null, packed: '' };
    expect(applied({ ...DEFAULT_STATE, own }, ['influence'])).toMatch(/your own data come without/);
  });

  it('is trained to a minimum by Newton, with a weight decay where there is none', () => {
    expect(trained(DEFAULT_STATE)).toEqual({ optimizer: 'newton', training: 500, weightDecay: 0.01, damping: 0 });
    expect(trained({ ...DEFAULT_STATE, training: 900, weightDecay: 0.2 })).toMatchObject({
      training: 900,
      weightDecay: 0.2,
    });
  });
});

describe('what really happened', () => {
  const report = { applications: { influence: { on_validation_loss: [1, 2, 3] } } } as Parameters<typeof happened>[0];

  it('is what the exact inverse predicts until something was retrained, and then what is known', () => {
    expect(happened(report, [])).toEqual([1, 2, 3]);
    expect(happened(report, [1.5])).toEqual([1.5, null, null]);
    expect(happened(report, [1.5, null, 3])).toEqual([1.5, null, 3]);
  });
});
