// Plays the iterations: one press and K runs to the end of its slider.

import { TRACE_END } from './experiment';

const PER_SECOND = 24;

export interface PlayEvents {
  readonly now: () => number;
  readonly onStep: (iterations: number) => void;
}

/** The button starts and stops; anything else that moves K takes over from where it is. */
export function startPlay(button: HTMLButtonElement, { now, onStep }: PlayEvents): void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const show = () => {
    button.textContent = timer === undefined ? 'Play' : 'Pause';
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    show();
  };
  const step = () => {
    onStep(now() + 1);
    if (now() >= TRACE_END) stop();
  };
  button.addEventListener('click', () => {
    if (timer !== undefined) return stop();
    if (now() >= TRACE_END) onStep(0);
    timer = setInterval(step, 1000 / PER_SECOND);
    show();
  });
}
