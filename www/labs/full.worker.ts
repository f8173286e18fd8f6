// Answers every question, and refuses in the page's own words.

import type { Experiment } from '../../pkg/hessian_lab';
import { initSync, Lab } from '../../pkg/hessian_lab.js';
import { withFieldName } from '../field-names';
import { type Answer, type Question, serve } from '../worker';

serve((module) => {
  initSync({ module });
  const lab = new Lab();
  return (question, tell) => {
    if ('timed' in question) return { outcome: 'timings', timings: [...lab.timings(question.timed)] };
    if ('retrained' in question) {
      const retraining = lab.retrain(question.retrained);
      const total = retraining.total();
      // Who has seen enough ends this worker.
      for (let part = retraining.step(); part; part = retraining.step()) tell({ outcome: 'part', part, total });
      retraining.free();
      return { outcome: 'end' };
    }
    return { outcome: 'report', report: answer(lab, question) };
  };
}, reword);

type Single = Exclude<Question, { readonly timed: unknown } | { readonly retrained: unknown }>;

function answer(lab: Lab, question: Single): Answer {
  if ('sketch' in question) return lab.sketch(question.sketch);
  if ('without' in question) return lab.without(question.without, question.datum);
  if ('experiment' in question) return lab.solve(question.experiment);
  const changes = Float64Array.from(question.changes, (change) => change ?? Number.NaN);
  return lab.agreement(question.agreeing, changes);
}

/** The core names a field by its path; the page has names for them. */
function reword(refusal: string, question: Question): string {
  const asked = Object.values(question).find((value): value is Experiment => Object(value).methods !== undefined);
  return withFieldName(refusal, asked?.methods.map(({ method }) => method) ?? []);
}
