// Answers every question.

import { initSync, Lab } from '../../pkg/hessian_lab.js';
import { serve } from '../worker';

serve((module) => {
  initSync({ module });
  const lab = new Lab();
  return (question) => {
    if ('timed' in question) return { outcome: 'timings', timings: [...lab.timings(question.timed)] };
    const report = 'sketch' in question ? lab.sketch(question.sketch) : lab.solve(question.experiment);
    return { outcome: 'report', report };
  };
});
