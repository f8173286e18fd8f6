// The reader's own data and weights: into the address and back, and nothing else with them.

import { describe, expect, it } from 'vitest';
import { bringData, bringJson } from '../../www/bringing';
import { toExperiment } from '../../www/experiment';
import { isLeftOut, readPacked, toOwn, unpacked } from '../../www/own';
import { chosen } from '../../www/problem';
import { DEFAULT_STATE, type State } from '../../www/state';
import { fromAddress, toAddress } from '../../www/state-text';

const DATA = {
  inputs: [
    [1, 2],
    [3, 4.5],
  ],
  targets: [[0.1], [-7e-3]],
};

async function throughAddress(state: State): Promise<State> {
  const read = fromAddress(toAddress(state));
  return { ...read, own: await unpacked(read.own) };
}

describe('own data', () => {
  it('come back from an address', async () => {
    const state = { ...DEFAULT_STATE, layers: [2, 5, 1], own: await toOwn(DATA, [1, 2, 3]) };
    expect(await throughAddress(state)).toEqual(state);
  });

  it('come back as classes too', async () => {
    const own = await toOwn({ inputs: [[1], [2]], targets: [0, 1] }, null);
    expect(await throughAddress({ ...DEFAULT_STATE, own })).toEqual({ ...DEFAULT_STATE, own });
  });

  it('are left out of a link that they are too large for, and the link says so', async () => {
    const noise = Array.from({ length: 1000 }, (_, index) => [Math.sin(index * 7.31), Math.cos(index * index)]);
    const own = await toOwn({ inputs: noise, targets: noise.map(() => [0]) }, null);
    expect(isLeftOut(own)).toBe(true);
    const address = toAddress({ ...DEFAULT_STATE, own });
    expect(address).toBe('own=left-out');
    expect(() => fromAddress(address)).toThrow(/too large for a link and were left out; open the sender’s Experiment/);
  });

  it.each([
    ['q1YqVrIy', /damaged/],
    ['AAAA', /damaged/],
  ])('%s is refused', async (packed, message) => {
    await expect(unpacked(readPacked(packed))).rejects.toThrow(message);
  });

  it.each([
    [{ data: { inputs: 'x', targets: [] } }, /no rows/],
    [{ data: { inputs: [['<img>']], targets: [1] } }, /row 1 is no list of numbers/],
    [{ data: { inputs: [[null]], targets: [[1]] } }, /row 1/],
    [{ weights: { length: 3 } }, /weights is no list/],
    [{ other: 1 }, /neither data nor weights/],
    [[1, 2], /neither/],
  ])('%j inside is refused', async (value, message) => {
    const packed = await packedText(value);
    await expect(unpacked(readPacked(packed))).rejects.toThrow(message);
  });

  it('that unpack to more than memory should hold are refused', async () => {
    await expect(unpacked(readPacked(await packedText('0'.repeat(3_000_000))))).rejects.toThrow(/damaged/);
  });
});

describe('another loss', () => {
  const change = (state: State, loss: string): State => {
    const patch = chosen(state, 'loss', loss);
    if (typeof patch === 'string') throw new Error(patch);
    return { ...state, ...patch };
  };
  const bring = async (state: State, text: string, outputs: number): Promise<State> => ({
    ...state,
    ...(await bringData(state, text, outputs)).patch,
  });

  it('takes targets as classes and gives them back as they were', async () => {
    const state = await bring(DEFAULT_STATE, '1,2,0\n2,3,1\n3,4,2', 1);
    const classifier = change(state, 'cross_entropy');
    expect(classifier.layers).toEqual([2, 5, 3]);
    expect(toExperiment(classifier).data).toMatchObject({ targets: [0, 1, 2] });
    expect(change(classifier, 'mse')).toEqual(state);
  });

  it('has two classes at least', async () => {
    expect(change(await bring(DEFAULT_STATE, '1,0\n2,0', 1), 'cross_entropy').layers).toEqual([1, 5, 2]);
  });

  it('takes classes as numbers', async () => {
    const state = await bring({ ...DEFAULT_STATE, loss: 'cross_entropy' }, '1,2,0\n2,3,2', 1);
    const regression = change(state, 'mse');
    expect(regression.layers).toEqual([2, 5, 1]);
    expect(regression.own).toBe(state.own);
    expect(change(regression, 'cross_entropy')).toEqual(state);
  });

  it.each([
    ['1,2,0\n2,3,0.5', 1, /datum 2, column 3: 0.5 is not a class, a whole number from 0 to 127/],
    ['1,2,-1', 1, /datum 1, column 3: -1 is not a class/],
    ['1,2,128', 1, /128 is not a class/],
    ['1,2,0', 2, /there are 2 columns of targets, and cross-entropy takes one, the class/],
  ])('does not take %j with %i for targets, and says why', async (text, outputs, message) => {
    expect(chosen(await bring(DEFAULT_STATE, text, outputs), 'loss', 'cross_entropy')).toMatch(message);
  });
});

describe('what is brought along', () => {
  it('is inputs, then targets, and the network follows', async () => {
    const { layers, own } = (await bringData(DEFAULT_STATE, 'a,b,c,y,z\n1,2,3,4,5\n6,7,8,9,10', 2)).patch;
    expect(layers).toEqual([3, 5, 2]);
    expect(own?.data).toEqual({
      inputs: [
        [1, 2, 3],
        [6, 7, 8],
      ],
      targets: [
        [4, 5],
        [9, 10],
      ],
    });
  });

  it('is a class in the last column for cross-entropy', async () => {
    const state = { ...DEFAULT_STATE, loss: 'cross_entropy' } as const;
    const { layers, own } = (await bringData(state, '1,2,0\n3,4,2', 1)).patch;
    expect(layers).toEqual([2, 5, 3]);
    expect(own?.data?.targets).toEqual([0, 2]);
    await expect(bringData(state, '1,2,0.5', 1)).rejects.toThrow(/datum 1, column 3: 0.5 is not a class/);
  });

  it('needs columns for inputs', async () => {
    await expect(bringData(DEFAULT_STATE, '1\n2', 1)).rejects.toThrow(/^there is 1 column: .* none is left/);
    await expect(bringData(DEFAULT_STATE, '1,2', 2)).rejects.toThrow(
      /^there are 2 columns: .* none is left for inputs$/,
    );
  });

  it.each(['{"foo":1}', '{"data":{},"loss":"mse"}', '{"0.weight":[1],"0.bias":2}', '{}', '5', 'null', '"text"'])(
    'is refused as %s, neither an Experiment nor weights',
    async (text) => {
      await expect(bringJson(DEFAULT_STATE, text)).rejects.toThrow(
        /^this is neither an Experiment nor a list of weights$/,
      );
    },
  );

  it('may be weights as a list, or by PyTorch’s names', async () => {
    const flat = Array.from({ length: 26 }, (_, index) => index / 10);
    const rows = Array.from({ length: 5 }, (_, row) => flat.slice(3 * row, 3 * row + 3));
    const named = {
      '0.weight': rows,
      '0.bias': flat.slice(15, 20),
      '2.weight': [flat.slice(20, 25)],
      '2.bias': [flat[25]],
    };
    for (const value of [flat, named]) {
      const { own } = (await bringJson(DEFAULT_STATE, JSON.stringify(value))).patch;
      expect(own?.weights).toEqual(flat);
    }
    await expect(bringJson(DEFAULT_STATE, '[1]')).rejects.toThrow(/^there is 1 weight, and a network 3-5-1 has 26$/);
    await expect(bringJson(DEFAULT_STATE, '[1,2]')).rejects.toThrow(/there are 2 weights, and a network 3-5-1 has 26/);
    await expect(bringJson(DEFAULT_STATE, '[1,"x"]')).rejects.toThrow(/the JSON\[1\] is not a number/);
    await expect(bringJson(DEFAULT_STATE, '{')).rejects.toThrow(/this is not JSON/);
    const twice = `{"0.weight": ${JSON.stringify(rows)}, "0.bias": [1, 2, 3, 4, 5], "0.bias": [1, 2, 3, 4, 5, 6]}`;
    await expect(bringJson(DEFAULT_STATE, twice)).rejects.toThrow(/^"0.bias" stands twice$/);
  });

  it('may be an exported Experiment, which gets no further than a link would', async () => {
    const experiment = {
      network: { layers: [2, 4, 1], activation: 'tanh', seed: 3 },
      data: DATA,
      loss: 'mse',
      weight_decay: 0.01,
      training: { optimizer: 'newton', steps: 5 },
      curvature: 'ggn',
      damping: 0.25,
    };
    const { patch, unshown } = await bringJson(DEFAULT_STATE, JSON.stringify(experiment));
    expect(unshown).toEqual([]);
    expect(patch).toMatchObject({
      layers: [2, 4, 1],
      activation: 'tanh',
      weightDecay: 0.01,
      training: 5,
      damping: 0.25,
    });
    expect(patch.own?.data).toEqual(DATA);
    const bad = { ...experiment, network: { layers: [2, '<b>'], activation: 'tanh' } };
    await expect(bringJson(DEFAULT_STATE, JSON.stringify(bad))).rejects.toThrow(/layers/);
    const twice = JSON.stringify(experiment).replace(/}$/, ', "damping": 0.5}');
    await expect(bringJson(DEFAULT_STATE, twice)).rejects.toThrow(/^"damping" stands twice$/);
  });

  it('may be an exported Experiment with all that the page sets, which then is as it was', async () => {
    const states: State[] = [
      { ...DEFAULT_STATE, also: ['minres', 'lissa', 'cg_ekfac'], scale: 2.61, start: 'zero', precision: 'f64' },
      { ...DEFAULT_STATE, autoScale: true, damping: 0.7, curvature: 'fisher_mc' },
      { ...DEFAULT_STATE, generator: 'moons', layers: [2, 4, 1], noise: 0.3, training: 7, weightDecay: 0.02 },
      {
        ...DEFAULT_STATE,
        layers: [2, 5, 1],
        own: await toOwn(
          DATA,
          Array.from({ length: 21 }, (_, index) => index / 10),
        ),
      },
    ];
    for (const state of states) {
      const { patch, unshown } = await bringJson(DEFAULT_STATE, JSON.stringify(toExperiment(state)));
      expect(unshown).toEqual([]);
      expect(patch).toEqual({ ...state, scale: state.autoScale ? DEFAULT_STATE.scale : state.scale });
    }
  });

  it('keep the reader’s axes, and the Experiment’s defaults where the file is silent', async () => {
    const view: State = { ...DEFAULT_STATE, x: 'products', y: 'residual', iterations: 7 };
    const file = { ...toExperiment(DEFAULT_STATE), network: { layers: [3, 5, 1], activation: 'tanh' }, data: {} };
    const methods = [{ method: 'cg', iterations: 5 }];
    const { patch } = await bringJson(view, JSON.stringify({ ...file, methods, precision: undefined }));
    expect(patch).toMatchObject({ x: 'products', y: 'residual', iterations: 7 });
    expect(patch).toMatchObject({ seed: 0, start: 'zero', precision: 'f64', hidden: ['exact', 'neumann', 'kfac'] });
  });

  it('say what of an Experiment the page has no control for', async () => {
    const file = {
      ...toExperiment(DEFAULT_STATE),
      data: { generator: 'notebook', samples: 10, seed: 5 },
      training: { optimizer: 'gradient_descent', steps: 3, learning_rate: 0.5 },
      analysis: ['bounds'],
      dampng: 1,
      methods: [
        { method: 'neumann', iterations: 9, scale: 3, preconditioner: 'none' },
        { method: 'lissa', iterations: 9, scale: 2, batch: 5, repeats: 9, seed: DEFAULT_STATE.seed },
        { method: 'kfac', fisher: 'mc', damping_convention: 'exact' },
      ],
    };
    const { unshown } = await bringJson(DEFAULT_STATE, JSON.stringify(file));
    expect(unshown).toEqual([
      'Seed of the data',
      'Learning rate of the training',
      'dampng',
      'Scale of the second method (LiSSA)',
      'Repeats of the second method (LiSSA)',
      'Fisher matrix of the third method (KFAC)',
    ]);
    const strange = JSON.stringify({ ...file, methods: [{ method: 'magic' }] });
    await expect(bringJson(DEFAULT_STATE, strange)).rejects.toThrow('the first method is none of this page’s');
  });
});

async function packedText(value: unknown): Promise<string> {
  const stream = new Blob([JSON.stringify(value)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return Buffer.from(await new Response(stream).arrayBuffer()).toString('base64url');
}
