// Ten thousand drawn inputs through the real module: each has a report that keeps the contract, or a message that names the field.
// FUZZ_SEED draws others, FUZZ_COUNT more of them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { initSync, Lab } from '../../pkg/hessian_lab.js';
import { assertReport, assertSketchReport } from './contract.mjs';
import { Draws } from './draws.mjs';
import { drawExperiment, drawSketch } from './experiments.mjs';
import { spoil, spoilText } from './spoiled.mjs';

const SEED = Number(process.env.FUZZ_SEED ?? 1);
const COUNT = Number(process.env.FUZZ_COUNT ?? 10_000);

const FIELDS = [
  'network|data|validation|loss|weight_decay|training|curvature|fisher_samples|fisher_seed|damping|right_hand_side',
  'precision|methods|include|analysis|glimpse|applications|race|eigenvalues|experiment',
].join('|');
/** A field's path, then what is wrong with it: one line, and a short one. */
const REFUSAL = new RegExp(`^(${FIELDS})(\\.\\w+|\\[\\d+\\])*: .{4,300}$`, 'u');
/** The same of a field that nobody knows, its name quoted where it is no plain one. */
const UNKNOWN = /^[^\n]{1,100}: there is no such field; the fields here are [\w, ]{4,250}$/u;
/** What can't even be read. */
const UNREADABLE = /^[^\n]{1,140}: (is nested more than|cannot be read|holds more than)[\w, ]{2,80}$/u;
/** What good input may be refused for: numbers past the arithmetic, a rate that diverges, an application without an inverse. */
const TOO_LARGE = /overflow|gradient descent diverges|has no inverse/;

initSync({ module: readFileSync(new URL('../../pkg/hessian_lab_bg.wasm', import.meta.url)) });
// One lab for all, as in the page: whatever it was asked before must not matter.
const lab = new Lab();

/** The report, or null with the message of a refusal. Anything but a refusal's own plain Error ends the test. */
function answer(ask) {
  try {
    return { report: ask(), message: null };
  } catch (error) {
    if (Object.getPrototypeOf(error) !== Error.prototype) throw error;
    const forms = [REFUSAL, UNKNOWN, UNREADABLE];
    assert.ok(
      forms.some((form) => form.test(error.message)),
      error.message,
    );
    return { report: null, message: error.message };
  }
}

/** Good input has a report, unless its numbers leave the arithmetic. */
function askGood(experiment) {
  const { report, message } = answer(() => lab.solve(experiment));
  if (report) assertReport(experiment, report);
  else assert.match(message, TOO_LARGE);
  return message;
}

/** Spoiled input has one too where nothing that matters was spoiled; as JSON it is then still what it was. */
function askSpoiled(experiment) {
  const { report, message } = answer(() => lab.solve(experiment));
  if (report) assertReport(JSON.parse(JSON.stringify(experiment)), report);
  return message;
}

/** A kind of input: its share of all, and an attempt that returns the message of a refusal, or null. */
const KINDS = {
  'experiments of every kind': [0.3, (draws) => askGood(drawExperiment(draws))],
  'experiments at the limits of their ranges': [0.2, (draws) => askGood(drawExperiment(draws, { extreme: true }))],
  'spoiled experiments': [0.3, (draws) => askSpoiled(spoil(drawExperiment(draws), draws))],
  'experiments from spoiled text': [0.1, (draws) => askSpoiled(spoilText(drawExperiment(draws), draws))],
  'drawn spectra': [
    0.05,
    (draws) => {
      const sketch = drawSketch(draws);
      const { report, message } = answer(() => lab.sketch(sketch));
      assert.equal(message, null);
      assertSketchReport(sketch, report);
      return message;
    },
  ],
  'spoiled spectra': [
    0.05,
    (draws) => {
      const sketch = spoil(drawSketch(draws), draws);
      const { report, message } = answer(() => lab.sketch(sketch));
      if (report) assertSketchReport(JSON.parse(JSON.stringify(sketch)), report);
      return message;
    },
  ],
};

for (const [name, [share, attempt]] of Object.entries(KINDS))
  test(`${name}, ${share * COUNT} from seed ${SEED}`, (t) => {
    let refused = 0;
    for (let index = 0; index < share * COUNT; index++) {
      try {
        if (attempt(new Draws(SEED * 1_000_003 + index)) !== null) refused += 1;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        throw new Error(`${name}, seed ${SEED}, number ${index}: ${message}`, { cause: error });
      }
    }
    t.diagnostic(`${refused} refused`);
  });
