// The small functions the charts are made of.

import { scaleLinear, scaleLog } from 'd3-scale';
import { describe, expect, it } from 'vitest';
import { labelBeyond } from '../../www/charts/contours';
import { type Curve, cursorPlace, entryAt, pathOf, round, splitAt } from '../../www/charts/curve';
import { decadeText, decadeTicks } from '../../www/charts/decade-ticks';
import { fitDecades, keepDecades } from '../../www/charts/domain';
import { interpolateRound } from '../../www/charts/interpolation';
import { networkLayout } from '../../www/charts/network';
import { pathThrough, regionAbove } from '../../www/charts/path';
import { ticksByPowers } from '../../www/charts/powers';
import { kindOf, spectrumScale } from '../../www/charts/spectrum';
import { spread } from '../../www/charts/spread';

const FRAME = { width: 300, height: 200, em: 10 };

function curve(xs: number[], ys: (number | null)[]): Curve {
  return { name: 'cg', label: 'CG', colour: 'blue', dash: '', xs, ys };
}

describe('the vertical axis', () => {
  it('shows at least from a thousandth to ten', () => {
    expect(fitDecades([[0.5, 1]])).toEqual([-3, 1]);
    expect(fitDecades([])).toEqual([-3, 1]);
  });

  it('holds what falls, and cuts what explodes', () => {
    expect(fitDecades([[1, 3e-9]])).toEqual([-9, 1]);
    expect(fitDecades([Array.from({ length: 100 }, (_, k) => 2 ** k)])).toEqual([-3, 4]);
    expect(fitDecades([[1, 1e-40, null, 0]])).toEqual([-16, 1]);
  });

  it('lets a spike leave the chart', () => {
    expect(fitDecades([Array.from({ length: 100 }, (_, k) => (k === 50 ? 1e3 : 0.7))])).toEqual([-3, 1]);
  });

  it('holds still while what it shows still serves', () => {
    expect(keepDecades([-8, 2], [-6, 1])).toEqual([-8, 2]);
    expect(keepDecades([-8, 2], [-9, 1])).toEqual([-9, 1]);
    expect(keepDecades([-16, 4], [-3, 1])).toEqual([-3, 1]);
  });
});

describe('the ticks of a logarithmic axis', () => {
  const exponents = (decades: [number, number], room: number) => decadeTicks(decades, room).map(Math.log10);

  it('are every power of ten where there is room', () => {
    expect(exponents([-3, 1], 10)).toEqual([-3, -2, -1, 0, 1]);
    expect(exponents([-2.5, 1.5], Number.POSITIVE_INFINITY)).toEqual([-2, -1, 0, 1]);
  });

  it('are evenly apart where there is less, 1 among them', () => {
    expect(exponents([-16, 4], 7)).toEqual([-15, -12, -9, -6, -3, 0, 3]);
    expect(exponents([-3, 1], 0)).toEqual([0]);
  });

  it('are called by their powers', () => {
    expect(decadeTicks([-2, 1], 5).map(decadeText)).toEqual(['10⁻²', '10⁻¹', '1', '10¹']);
  });
});

describe('a curve', () => {
  const scales = { x: scaleLinear([0, 10], [0, 100]), y: scaleLog([1e-2, 1], [20, 0]) };

  it('is cut at the cursor, which both halves hold', () => {
    const [before, after] = splitAt(curve([0, 1, 2, 3], [1, 2, 3, 4]), 2, 2, 10);
    expect(before.map(([x]) => x)).toEqual([0, 1, 2]);
    expect(after.map(([x]) => x)).toEqual([2, 3]);
  });

  it('of one entry is a level line', () => {
    expect(splitAt(curve([0], [0.5]), 4, 4, 10)).toEqual([
      [
        [0, 0.5],
        [4, 0.5],
      ],
      [
        [4, 0.5],
        [10, 0.5],
      ],
    ]);
  });

  it('of one entry starts at its cost', () => {
    expect(
      splitAt(curve([26], [0.5]), 4, 30, 99)
        .flat()
        .map(([x]) => x),
    ).toEqual([26, 30, 30, 99]);
    expect(
      splitAt(curve([26], [0.5]), 4, 4, 99)
        .flat()
        .map(([x]) => x),
    ).toEqual([26, 99]);
  });

  it('has a gap where there is no value, and runs along the floor below it', () => {
    const points = [
      [0, 1],
      [1, null],
      [2, 0],
      [3, 1e-9],
    ] as const;
    expect(pathOf(points, scales)).toBe('M0,0ZM20,20L30,20');
  });

  it('is read at the last entry before a place', () => {
    const products = curve([1, 2, 4, 8], [1, 1, 1, 1]);
    expect([0, 1, 3, 4, 99].map((place) => entryAt(products, place))).toEqual([0, 0, 1, 2, 3]);
  });

  it('that iterates says where the cursor stands', () => {
    expect(cursorPlace([curve([0], [1]), curve([1, 2, 3], [1, 1, 1]), curve([0, 9], [1, 1])], 1)).toBe(9);
    expect(cursorPlace([curve([0], [1])], 7)).toBe(7);
  });
});

describe('labels', () => {
  it('are kept apart and in their room', () => {
    const placed = spread([50, 51, 10, 99], 12, 0, 100);
    const sorted = [...placed].sort((a, b) => a - b);
    for (const [index, place] of sorted.slice(1).entries())
      expect(place - (sorted[index] as number)).toBeGreaterThanOrEqual(12);
    expect(Math.max(...placed)).toBeLessThanOrEqual(100);
    expect(placed[2]).toBe(10);
  });
});

describe('the spectrum', () => {
  it('has a place for zero and for the damped eigenvalues', () => {
    const x = spectrumScale([-0.4, 1e-4, 4.3], FRAME);
    expect(x(0)).toBeGreaterThan(x(-0.4));
    expect(x(4.3 + 10)).toBeLessThan(FRAME.width);
    expect(ticksByPowers(x, 26)).toContain(0);
  });

  it('works where there is nothing, or only zero', () => {
    for (const eigenvalues of [[], [0, 0]]) expect(Number.isFinite(spectrumScale(eigenvalues, FRAME)(0))).toBe(true);
  });

  it('tells an eigenvalue inside Neumann’s interval from one outside', () => {
    expect([-1, 1e-16, 1, 4, 4.001, 5].map((value) => kindOf(value, { scale: 2, tolerance: 1e-15 }))).toEqual([
      'negative',
      'zero-value',
      'inside',
      'inside',
      'outside',
      'outside',
    ]);
  });
});

describe('the network', () => {
  it('reads θ in PyTorch’s order: W by rows, then b', () => {
    const theta = [1, 2, 3, 4, 5, 6, 0.1, 0.2, 0.3, 7, 8, 9, 0.4];
    const { nodes, edges } = networkLayout({ layers: [2, 3, 1], theta }, FRAME);
    expect(edges.map(({ weight }) => weight)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(nodes[1]?.[2]?.title).toBe('layer 1, unit 3: bias 0.3');
    expect(nodes[2]?.[0]?.title).toBe('layer 2, unit 1: bias 0.4');
  });
});

describe('a path', () => {
  it('goes through its places, is interrupted where there is none, and closes a point that stands alone', () => {
    expect(pathThrough([[0, 1.5], [2, 3], null, [4, 5], null, null, [6, 7], [8, 9]])).toBe('M0,1.5L2,3M4,5ZM6,7L8,9');
    expect(pathThrough([null])).toBeNull();
  });

  it('has its numbers to a tenth, as they are read elsewhere', () => {
    const numbers = [
      0, -0, 0.04, 0.05, -0.04, -0.06, 9.95, 9.96, -9.95, 123.45, -1234.5, 1e5, -100000.26, 1e15, 1e16, 2e300,
    ];
    for (let k = 0; k < 2000; k++) numbers.push(Math.sin(k * k) * 10 ** (k % 7));
    const pairs = numbers.map((value, index) => [value, -(numbers[index + 1] ?? 0)] as const);
    const expected = pairs.map(([x, y], index) => `${index > 0 ? 'L' : 'M'}${round(x)},${round(y)}`).join('');
    expect(pathThrough(pairs)).toBe(expected);
  });

  it('goes around the region above a floor', () => {
    expect(
      regionAbove(9, [
        [0, 1],
        [2, 3],
      ]),
    ).toBe('M0,1L2,3L2,9L0,9Z');
    expect(regionAbove(9, [])).toBeNull();
  });
});

it('scales place numbers, and read them back, without what d3 has for colours', () => {
  const x = scaleLinear([2, 6], [0, 100]);
  const y = scaleLog([1e-4, 1], [80, 0]);
  expect([x(2), x(3), x(8), x.invert(25)]).toEqual([0, 25, 150, 3]);
  expect([y(1e-4), y(1e-3), y(1e-2)]).toEqual([80, 60, 40]);
  expect(scaleLinear([0, 1], [0, 9]).interpolate(interpolateRound)(0.3)).toBe(3);
});

describe('the label of an arrow that leaves the picture', () => {
  it('points where the arrow does, on the side that it goes to', () => {
    expect(labelBeyond('KFAC', [30, 1])).toBe('KFAC →');
    expect(labelBeyond('KFAC', [-30, 1])).toBe('← KFAC');
    expect(labelBeyond('KFAC', [-30, -1])).toBe('← KFAC');
  });

  it('goes up and down, and between', () => {
    expect(labelBeyond('CG', [1, -30])).toBe('CG ↑');
    expect(labelBeyond('CG', [1, 30])).toBe('CG ↓');
    expect(labelBeyond('CG', [20, -20])).toBe('CG ↗');
    expect(labelBeyond('CG', [-20, 20])).toBe('↙ CG');
  });
});
