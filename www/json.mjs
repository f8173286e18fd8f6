// Reads JSON as JSON.parse does, and refuses what that passes over in silence: a field named twice, of which it keeps the last.

/** Of valid JSON: its strings, and what opens, parts and closes its lists and objects. */
const TOKENS = /"(?:[^"\\]+|\\.)*"|[{}[\],:]/g;
/** In characters: of a longer path its start will do. */
const LONGEST = 60;

/**
 * A SyntaxError where the text is no JSON, another one where a field stands twice.
 * @param {string} text
 * @returns {unknown}
 */
export function readJson(text) {
  const value = JSON.parse(text);
  const twice = findTwice(text);
  if (twice !== null) throw new Error(`${JSON.stringify(twice.slice(0, LONGEST))} stands twice`);
  return value;
}

/**
 * The path of the first field that its object has had before; `methods[1].scale`, say.
 * @param {string} text
 */
function findTwice(text) {
  /** @type {{ names: Set<string>, place: string | number }[]} */
  const open = [];
  let last = '';
  for (const [token] of text.matchAll(TOKENS)) {
    const inner = open[open.length - 1];
    if (token === '{' || token === '[') open.push({ names: new Set(), place: 0 });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',') step(inner);
    else if (token !== ':') last = token;
    else if (isKnown(inner, JSON.parse(last))) return pathOf(open);
  }
  return null;
}

/** In a list the next place is the next number; in an object its name will tell. */
function step(inner) {
  if (typeof inner.place === 'number') inner.place++;
}

/** Notes a field's name, and says whether it was there before. */
function isKnown(inner, name) {
  const known = inner.names.has(name);
  inner.names.add(name);
  inner.place = name;
  return known;
}

function pathOf(open) {
  const steps = open.map(({ place }) => (typeof place === 'number' ? `[${place}]` : `.${place}`));
  return steps.join('').replace(/^\./, '');
}
