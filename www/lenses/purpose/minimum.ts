// Where derivatives by implicit differentiation hold: at a minimum. Two presses lead to one.

import { DEFAULT_STATE, type State, withinLens } from '../../state';
import type { LensHost } from '../lens';

/** Newton's steps: it ends by itself where nothing is left to gain. */
const STEPS = 500;
const WEIGHT_DECAY = 0.01;

/** The problem, trained to a minimum, without damping; with a weight decay, since else there may be no minimum. */
export function trained(state: State): Partial<State> {
  return {
    optimizer: 'newton',
    training: Math.max(state.training, STEPS),
    weightDecay: state.weightDecay || WEIGHT_DECAY,
    damping: 0,
  };
}

/** What the core adds to its word on a minimum once there is damping, as long as it may be; a lens keeps the room for it. */
export function roomForDamping({ damping }: State): string {
  return damping > 0 ? '' : ' The damping 1.0e-4 is in it too: the derivative itself has damping 0.';
}

/** A problem whose fit can be looked at, where that differs from the default. */
export const FITTED_SINE: Partial<State> = {
  layers: [1, 8, 1],
  activation: 'tanh',
  generator: 'sine',
  samples: 40,
  seed: 3,
  precision: 'f64',
  scale: 9.52,
  ...trained(DEFAULT_STATE),
};

const SINE: State = { ...DEFAULT_STATE, ...FITTED_SINE };

export function minimumButtons(host: LensHost, now: () => State): HTMLElement {
  const row = document.createElement('fieldset');
  row.className = 'lens-buttons';
  row.innerHTML = '<legend>To a minimum:</legend>';
  const offer = (label: string, patch: (state: State) => Partial<State>) => {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: label });
    button.addEventListener('click', () => {
      host.set(patch(now()));
      host.settle();
    });
    row.append(button);
  };
  offer('Train this problem', trained);
  offer('A sine, trained', (state) => withinLens(SINE, state));
  return row;
}
