// Spoils good input: a wrong value, a missing or unknown field, a hostile key, or something JSON has no word for.

/** Makes one to three changes anywhere in a copy of `input`. */
export function spoil(input, draws) {
  let spoiled = structuredClone(input);
  for (let change = draws.whole(1, 3); change > 0; change--) spoiled = changeSomewhere(spoiled, draws);
  return spoiled;
}

/** Makes changes anywhere in the JSON of `input` until what comes out is JSON again. */
export function spoilText(input, draws) {
  const text = JSON.stringify(input);
  for (;;) {
    let spoiled = text;
    for (let change = draws.whole(1, 3); change > 0; change--) spoiled = changeCharacters(spoiled, draws);
    try {
      return JSON.parse(spoiled);
    } catch {
      // Most are no JSON, and never get as far as the module.
    }
  }
}

function changeCharacters(text, draws) {
  const at = draws.whole(0, text.length - 1);
  const put = draws.chance(0.2)
    ? text.slice(at, at + draws.whole(1, 20))
    : draws.pick([...'0123456789.-eE[]{},:"nul ']);
  return text.slice(0, at) + put + text.slice(at + draws.whole(0, draws.chance(0.2) ? 20 : 2));
}

function changeSomewhere(value, draws) {
  const keys = typeof value === 'object' && value !== null ? safeKeys(value) : [];
  if (keys.length === 0 || draws.chance(0.15)) return replacement(value, draws);
  if (draws.chance(0.15)) return changeEntries(value, draws);
  const key = draws.pick(keys);
  put(value, key, changeSomewhere(value[key], draws));
  return value;
}

/** What was put in before may itself throw when another is made of it. */
function replacement(value, draws) {
  const make = draws.pick(KINDS);
  try {
    return make(value, draws);
  } catch {
    return make(0, draws);
  }
}

/** Of what was put in before, only plain entries are gone into. */
function safeKeys(value) {
  try {
    const plain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
    if (!plain || value.length > 100) return [];
    return Object.entries(Object.getOwnPropertyDescriptors(value))
      .filter(([, { enumerable, writable }]) => enumerable && writable)
      .map(([key]) => key);
  } catch {
    return [];
  }
}

function changeEntries(value, draws) {
  if (Array.isArray(value)) {
    if (draws.chance(0.5)) value.push(structuredCloneOf(value[0]));
    else value.splice(draws.whole(0, value.length), 1);
    return value;
  }
  if (draws.chance(0.4)) delete value[draws.pick(Object.keys(value))];
  else put(value, draws.pick(HOSTILE_KEYS), replacement(value, draws));
  return value;
}

/** As its own entry, whatever the key: an assignment to `__proto__` would be something else. */
function put(object, key, value) {
  Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
}

function structuredCloneOf(value) {
  try {
    return structuredClone(value);
  } catch {
    return value;
  }
}

const HOSTILE_KEYS = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  ' ',
  '0',
  'damping\n',
  '<img src=x onerror=alert(1)>',
  '\ud800',
  '\u202e',
  '\0',
  'é'.repeat(300),
  'methods[0]',
  'network.layers',
  'dampnig',
];

const NUMBERS = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -0,
  0,
  -1,
  0.5,
  1,
  2,
  1e-320,
  1e6,
  1.000001e6,
  1e300,
  Number.MAX_VALUE,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 63),
];
const WORDS = [
  '',
  'auto',
  'gradient',
  'cg',
  'kfac',
  'mse',
  'identity',
  'f32',
  'ggn',
  'x'.repeat(5_000),
  '\ud800',
  '__proto__',
];

/** Each makes a value to put in the place of another. */
const KINDS = [
  (_, draws) => draws.pick(NUMBERS),
  (_, draws) => draws.pick(NUMBERS),
  (_, draws) => draws.pick(WORDS),
  (_, draws) => draws.pick([null, undefined, true, false]),
  (value) => [value],
  (value) => ({ value }),
  (value) => (typeof value === 'number' ? String(value) : Number(typeof value === 'string' ? value : 7)),
  (value) => new Proxy(Object(value), {}),
  () => [],
  () => ({}),
  (_, draws) => new Array(draws.pick([3, 1_000, 2 ** 32 - 1])),
  (_, draws) => new (draws.pick([Float64Array, Uint8Array, BigInt64Array, ArrayBuffer]))(draws.whole(0, 20)),
  (value) => new Set([value]),
  (value) => new Map([['network', value]]),
  (value) => new WeakSet([Object(value)]),
  () => () => 1,
  () => class Experiment {},
  () => Symbol('symbol'),
  (_, draws) => draws.pick([3n, 10n ** 30n]),
  () => new Date(0),
  () => /x/,
  () => new Error('an error'),
  () => Promise.resolve(1),
  () => Object(1),
  () => Object('cg'),
  (value) => Object.create(value instanceof Object ? value : null),
  (value) => Object.assign(Object.create(null), value),
  () => {
    const circle = { network: {} };
    circle.network.network = circle;
    return circle;
  },
  () => {
    const circle = [];
    circle.push(circle, circle);
    return circle;
  },
  (_, draws) => draws.list(draws.pick([20, 5_000]), () => 0).reduce((inner) => [inner], 1),
  () => ({
    get damping() {
      throw new TypeError('a getter that throws');
    },
    get layers() {
      throw new TypeError('a getter that throws');
    },
  }),
  () =>
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new RangeError('a trap that throws');
        },
      },
    ),
  () =>
    new Proxy([1], {
      get: () => {
        throw 'no error at all';
      },
    }),
  (value) => {
    const { proxy, revoke } = Proxy.revocable(Object(value), {});
    revoke();
    return proxy;
  },
];
