// The presets against what the page says of them.

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { initSync, Lab } from '../../pkg/hessian_lab.js';
import { toExperiment } from '../../www/experiment';
import { PRESETS } from '../../www/presets';
import type { State } from '../../www/state';

beforeAll(() => {
  initSync({ module: readFileSync('pkg/hessian_lab_bg.wasm') });
});

describe('a preset', () => {
  it.each(['Damped', 'Trained', 'Classifier', 'Ill-conditioned'])(
    '%s has the best scale, as the core rounds it',
    (name) => {
      const state = PRESETS.find((preset) => preset.name === name)?.state as State;
      expect(new Lab().solve(toExperiment(state)).inertia?.best_scale).toBe(state.scale);
    },
  );
});
