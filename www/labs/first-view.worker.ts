// Answers what the page's first view asks, and says so where a question is not for it.

import { initSync, Lab } from '../../pkg/first_view.js';
import { serve } from '../worker';

serve((module) => {
  initSync({ module });
  const lab = new Lab();
  return (question) => {
    const report = 'experiment' in question ? lab.solve(question.experiment) : undefined;
    return report ? { outcome: 'report', report } : { outcome: 'elsewhere' };
  };
});
