// Moves the sliders to where they must be, as a hand would; what is no slider is set at once.

import { MAPPINGS } from '../slider';
import type { State } from '../state';
import type { Store } from '../store';

const GLIDE_MS = 1200;

/** The sliders' own mappings, so that a value moves evenly along its track; K stays whole between its positions. */
const SLIDERS = { ...MAPPINGS, iterations: { ...MAPPINGS.iterations, toValue: Math.round } } as const;
type Slid = keyof typeof SLIDERS;
const SLID = Object.keys(SLIDERS) as Slid[];

/** Ends early when anything else moves a slider. */
export function glide(store: Store<State>, target: Partial<State>, still: boolean): void {
  const from = pick(store.value);
  const to = { ...from, ...pick(target) };
  const begun = performance.now();
  let last = still ? to : from;
  store.set({ ...target, ...last });
  const step = () => {
    if (SLID.some((name) => store.value[name] !== last[name])) return;
    const progress = Math.min((performance.now() - begun) / GLIDE_MS, 1);
    last = progress === 1 ? to : between(from, to, progress * progress * (3 - 2 * progress));
    store.set(last);
    if (progress < 1) requestAnimationFrame(step);
  };
  if (SLID.some((name) => last[name] !== to[name])) requestAnimationFrame(step);
}

type Places = Record<Slid, number>;

function pick(state: Partial<State>): Places {
  return Object.fromEntries(SLID.flatMap((name) => (name in state ? [[name, state[name]]] : []))) as Places;
}

function between(from: Places, to: Places, progress: number): Places {
  const mixed = SLID.map((name) => {
    const { toPosition, toValue } = SLIDERS[name];
    const [a, b] = [toPosition(from[name]), toPosition(to[name])];
    return [name, toValue(a + (b - a) * progress)];
  });
  return Object.fromEntries(mixed);
}
