// Whatever an address, a CSV or a JSON file says: a valid state, or an error whose message can be shown. Seeded draws, the same on
// every run; a spoiled text is a good one with something cut, doubled, swapped or put in.

import { describe, expect, it, vi } from 'vitest';
import { Draws } from '../../tests/node/draws.mjs';
import { toBenchExperiment } from '../../www/bench-experiment';
import { bringData, bringJson } from '../../www/bringing';
import { readCsv } from '../../www/csv';
import { toExperiment } from '../../www/experiment';
import { readPacked, toOwn, unpacked } from '../../www/own';
import { pinsFromText, pinsToText } from '../../www/pins';
import { PRESETS } from '../../www/presets';
import { DEFAULT_STATE, type State } from '../../www/state';
import { ADDRESS_KEYS, fromAddress, toAddress } from '../../www/state-text';

const COUNT = 2_000;
/** A busy machine is slow, not wrong. */
vi.setConfig({ testTimeout: 60_000 });

/** What tends to break readers. */
const TOXINS = [
  ...['', '0', '-1', '1e999', '-0', 'NaN', 'Infinity', '9'.repeat(400), '1e-400', '0x10', '1_000', '٣', '½'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'undefined', 'true'],
  ...['<img src=x onerror=alert(1)>', '"', "'", '\\', '\0', '\uFEFF', '\u202E', '\uD800', '💥', '%', '%00', '%E0%A4%A'],
  ...['&', '=', '#', '*', '**', '-', '_', ',', ';', '\t', '\n', '\r\n', '{', '}', '[', ']', ':', 'e', '.', ' '],
];

function spoil(draws: Draws, text: string): string {
  let spoiled = text;
  for (let change = draws.whole(1, 3); change > 0; change--) {
    const [from, to] = [draws.whole(0, spoiled.length), draws.whole(0, spoiled.length)].sort((a, b) => a - b) as [
      number,
      number,
    ];
    const put = draws.pick([draws.pick(TOXINS), '', spoiled.slice(from, to).repeat(2)]);
    spoiled = spoiled.slice(0, from) + put + spoiled.slice(draws.chance(0.5) ? from : to);
  }
  return spoiled;
}

/** The message is shown as it is: no longer than can be read, and about the text, not about the program. */
function assertShown(error: unknown): void {
  expect(error).toBeInstanceOf(Error);
  const { name, message } = error as Error;
  expect(name, message).toBe('Error');
  expect(message).toMatch(/^[\s\S]{8,600}$/);
  expect(message).not.toMatch(/is not a function|of undefined|of null|call stack|not iterable|\[object/);
}

/** A state that can be written, read again and asked of the core. */
function assertValid(state: State): void {
  expect(Object.keys(state).sort()).toEqual(Object.keys(DEFAULT_STATE).sort());
  for (const value of Object.values(state)) if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
  expect(state.layers.every((width) => Number.isInteger(width))).toBe(true);
  const { own, ...rest } = state;
  const { own: _, ...again } = fromAddress(toAddress({ ...state, own: null }));
  expect(again).toEqual(rest);
  expect(JSON.parse(JSON.stringify(toExperiment(state)))).toBeTypeOf('object');
  expect(JSON.parse(JSON.stringify(toBenchExperiment(state)))).toBeTypeOf('object');
}

/** Draws and reads; both what is read and what is refused must occur, or the draws test nothing. */
async function each(seed: number, act: (draws: Draws) => void | Promise<void>): Promise<void> {
  const draws = new Draws(seed);
  let [good, bad] = [0, 0];
  for (let draw = 0; draw < COUNT; draw++)
    try {
      await act(draws);
      good++;
    } catch (error) {
      if ((error as Error).name === 'AssertionError') throw error;
      assertShown(error);
      bad++;
    }
  expect(Math.min(good, bad), `${good} were read, ${bad} refused`).toBeGreaterThan(20);
}

const GOOD_ADDRESSES = [
  ...PRESETS.map(({ state }) => toAddress(state)),
  'lens=matrices&matrices=hessian_kfac&hide=cg-kfac&also=minres',
  'lesson=clusters&guess=0.5&back=damping%3D0.7&drawn=0.2_1.5_-1',
  'layers=2-6-3&loss=cross-entropy&data=blobs&samples=30&noise=0.2&seed=7&train=12&optimizer=newton&decay=1e-3',
  'precision=float64&matrix=gauss-newton&damping=0.5&scale=2.5&auto=yes&iterations=7&x=products&y=residual&start=zero',
];

describe('an address', () => {
  it('that is spoiled is a state or a message', async () => {
    await each(1, (draws) => assertValid(fromAddress(spoil(draws, draws.pick(GOOD_ADDRESSES)))));
  });

  it('of drawn settings is a state or a message', async () => {
    const values = [...TOXINS, ...GOOD_ADDRESSES.flatMap((address) => [...new URLSearchParams(address).values()])];
    await each(2, (draws) => {
      const parts = draws.list(draws.whole(1, 3), () => [draws.pick(ADDRESS_KEYS), draws.pick(values)]);
      assertValid(fromAddress(new URLSearchParams(parts as [string, string][]).toString()));
    });
  });

  it.each(['constructor_kfac', 'kfac_toString', '__proto__'])('names no matrix that every object has: %s', (words) => {
    expect(() => fromAddress(`matrices=${words}`)).toThrow(/^matrices: /);
  });

  it('with spoiled pins is a list of states or a message', async () => {
    const states = PRESETS.map(({ state }) => state);
    await each(3, (draws) => {
      const text = pinsToText(
        draws.list(draws.whole(1, 3), () => draws.pick(states)),
        DEFAULT_STATE,
      );
      for (const state of pinsFromText(spoil(draws, text), DEFAULT_STATE)) assertValid(state);
    });
  });

  it('with spoiled data or weights is these or a message', async () => {
    const data = {
      inputs: [
        [1, 2.5],
        [-3, 0],
      ],
      targets: [[1], [0.5]],
    };
    const packed = (await Promise.all([toOwn(data, null), toOwn(data, [1, 2, 3]), toOwn(null, [0.5])])).map(
      (own) => own?.packed ?? '',
    );
    await each(4, async (draws) => {
      const own = await unpacked(
        readPacked(draws.chance(0.05) ? draws.pick(packed) : spoil(draws, draws.pick(packed))),
      );
      expect(own?.data || own?.weights).toBeTruthy();
      for (const numbers of [...(own?.data?.inputs ?? []), own?.weights ?? []])
        expect(numbers.every(Number.isFinite)).toBe(true);
    });
  });
});

const GOOD_TABLES = [
  'width,height,y\n0.5,1,2\n-1,0.25,1\n0.75,-0.5,0',
  '0.5;1,25;2\r\n-1;0,25;1\r\n',
  '\uFEFF"a"\t"b"\n1e-3\t+2\n.5\t-1.\n',
  '1,0\n2,1\n3,2',
];

describe('a table', () => {
  it('that is spoiled is rows of as many finite numbers each, or a message', async () => {
    await each(5, (draws) => {
      const { rows, header } = readCsv(spoil(draws, draws.pick(GOOD_TABLES)));
      const columns = header?.length ?? rows[0]?.length;
      for (const row of rows) {
        expect(row.length).toBe(columns);
        expect(row.every(Number.isFinite)).toBe(true);
      }
    });
  });

  it('that is brought is a state or a message', async () => {
    await each(6, async (draws) => {
      const state: State = { ...DEFAULT_STATE, loss: draws.pick(['mse', 'cross_entropy'] as const) };
      const outputs = draws.pick([1, 1, 1, 2, 0, -1, 1.5, Number.NaN, 1e9]);
      const { patch } = await bringData(state, spoil(draws, draws.pick(GOOD_TABLES)), outputs);
      assertValid({ ...state, ...patch });
    });
  });
});

const EXPERIMENT = {
  network: { layers: [2, 3, 1], activation: 'relu', seed: 3 },
  data: { generator: 'moons', samples: 30, noise: 0.1 },
  loss: 'mse',
  weight_decay: 0.01,
  training: { optimizer: 'newton', steps: 4 },
  curvature: 'ggn',
  precision: 'f32',
  damping: 1,
};
const GOOD_JSON = [
  JSON.stringify(EXPERIMENT),
  JSON.stringify({
    ...EXPERIMENT,
    data: {
      inputs: [
        [1, 2],
        [3, 4],
      ],
      targets: [[0], [1]],
    },
  }),
  JSON.stringify(Array.from({ length: 26 }, (_, index) => index / 10)),
  JSON.stringify({
    'layers.0.weight': [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
      [1, 2, 3],
      [4, 5, 6],
    ],
    rest: Array(11).fill(0),
  }),
];
const VALUES = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  'x',
  [],
  {},
  [[]],
  [null],
  ['3', '1'],
  { length: 3 },
  '__proto__',
  [[2], [1]],
];

describe('JSON', () => {
  it('that is spoiled is a state or a message', async () => {
    await each(7, async (draws) => {
      const { patch } = await bringJson(DEFAULT_STATE, spoil(draws, draws.pick(GOOD_JSON)));
      assertValid({ ...DEFAULT_STATE, ...patch });
    });
  });

  it('with a field that is something else is a state or a message', async () => {
    await each(8, async (draws) => {
      const value = JSON.parse(JSON.stringify(EXPERIMENT));
      const holder = draws.pick([value, value.network, value.data, value.training]);
      holder[draws.pick([...Object.keys(holder), 'inputs', 'targets', 'parameters'])] = draws.pick(VALUES);
      assertValid({ ...DEFAULT_STATE, ...(await bringJson(DEFAULT_STATE, JSON.stringify(value))).patch });
    });
  });

  it.each(['[', '{"a":'])('that is nested without end is refused: %s', async (opening) => {
    const closing = opening === '[' ? ']' : '}';
    const text = `${opening.repeat(50_000)}1${closing.repeat(50_000)}`;
    await bringJson(DEFAULT_STATE, text).then(
      () => expect.unreachable(),
      (error) => assertShown(error),
    );
  });
});
