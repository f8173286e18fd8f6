// Plays the iterations: one press and K runs to the end of its slider; another steps it by one, another resets it.

import { TRACE_END } from './experiment';

const PER_SECOND = 24;

export interface PlayButtons {
  readonly play: HTMLButtonElement;
  readonly step: HTMLButtonElement;
  readonly reset: HTMLButtonElement;
}

export interface PlayEvents {
  readonly now: () => number;
  readonly onStep: (iterations: number) => void;
  /** What the first button says while nothing plays. */
  readonly label?: string;
}

/**
 * The first button starts and stops; anything else that moves K takes over from where it is. Who wants less motion is shown
 * the end at once, and the start on the next press.
 */
export function startPlay(buttons: PlayButtons, { now, onStep, label = 'Play' }: PlayEvents): void {
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const button = buttons.play;
  let timer: ReturnType<typeof setInterval> | undefined;
  const show = () => {
    button.textContent = timer === undefined ? label : 'Pause';
    button.parentElement?.classList.toggle('playing', timer !== undefined);
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    show();
  };
  const step = () => {
    onStep(Math.min(now() + 1, TRACE_END));
    if (now() >= TRACE_END) stop();
  };
  button.addEventListener('click', () => {
    if (timer !== undefined) return stop();
    if (still.matches) return onStep(now() >= TRACE_END ? 0 : TRACE_END);
    if (now() >= TRACE_END) onStep(0);
    timer = setInterval(step, 1000 / PER_SECOND);
    show();
  });
  const take = (iterations: number) => {
    stop();
    onStep(iterations);
  };
  buttons.step.addEventListener('click', () => take(Math.min(now() + 1, TRACE_END)));
  buttons.reset.addEventListener('click', () => take(0));
}
