// The race's own controls: who runs, at which rate and with which momentum, what is counted, and play.

import { short } from '../../format';
import { startPlay } from '../../play';
import { LINEAR, logarithmic, Slider } from '../../slider';
import { DEFAULT_STATE, MOMENTUM_RANGE, RATE_RANGE, type State } from '../../state';
import type { LensHost } from '../lens';
import { choice } from './choice';
import { dialElement } from './dial';
import { RACERS } from './racers';
import { toggles } from './toggles';

const COUNTS = [
  { name: 'iterations', label: 'Steps' },
  { name: 'products', label: 'Products' },
  { name: 'milliseconds', label: 'Milliseconds' },
] as const;

/** The rate's range: what is beyond it can be typed. */
const RATES = { low: 1e-3, high: 10, positions: 400 };

export class RaceSettings {
  readonly head = document.createElement('div');
  readonly dials = document.createElement('div');
  readonly #host: LensHost;
  readonly #racers;
  readonly #counts;
  readonly #rate: Slider;
  readonly #momentum: Slider;
  readonly #player = document.createElement('span');
  #state: State = DEFAULT_STATE;

  constructor(host: LensHost) {
    this.#host = host;
    this.#racers = toggles('Optimizers', RACERS, (resting) => this.#set({ resting: [...resting] }));
    this.#counts = choice('race-count', 'Count', COUNTS, (x) => this.#set({ x: x as State['x'] }));
    this.head.className = 'lens-foot';
    this.head.append(this.#racers.element, this.#counts.element, this.#player);
    this.#fillPlayer();
    const rate = dialElement({
      id: 'race-rate',
      label: 'Learning rate',
      symbol: 'η',
      low: RATE_RANGE[0],
      high: RATE_RANGE[1],
      last: RATES.positions,
      step: 1,
    });
    const momentum = dialElement({
      id: 'race-momentum',
      label: 'Momentum',
      symbol: 'β',
      low: MOMENTUM_RANGE[0],
      high: MOMENTUM_RANGE[1],
      last: MOMENTUM_RANGE[1],
      step: 0.001,
    });
    this.dials.className = 'dials';
    this.dials.append(rate, momentum);
    const onSettle = host.settle;
    const { low, high, positions } = RATES;
    this.#rate = new Slider(rate, logarithmic(low, high, positions), {
      onInput: (learningRate) => host.set({ learningRate }),
      onSettle,
    });
    this.#momentum = new Slider(momentum, LINEAR, { onInput: (beta) => host.set({ momentum: beta }), onSettle });
  }

  show(state: State): void {
    this.#state = state;
    this.#racers.show(state.resting);
    this.#counts.show(state.x);
    this.#rate.show(state.learningRate, short(state.learningRate));
    this.#momentum.show(state.momentum, short(state.momentum));
  }

  /** Play counts on, before the page has drawn what was set. */
  #set(patch: Partial<State>): void {
    this.#state = { ...this.#state, ...patch };
    this.#host.set(patch);
    this.#host.settle();
  }

  /** It moves Iterations, as the bench's own player does. */
  #fillPlayer(): void {
    this.#player.className = 'play';
    this.#player.innerHTML = `<button type="button"></button><button type="button" aria-label="One step of the race">+1</button><button type="button" aria-label="Back to the same start">0</button>`;
    const [play, step, reset] = [...this.#player.querySelectorAll('button')] as [
      HTMLButtonElement,
      HTMLButtonElement,
      HTMLButtonElement,
    ];
    const events = { now: () => this.#state.iterations, onStep: (iterations: number) => this.#set({ iterations }) };
    play.textContent = 'Race';
    startPlay({ play, step, reset }, { ...events, label: 'Race' });
  }
}
