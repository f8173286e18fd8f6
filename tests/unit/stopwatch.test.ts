// Whose times a pinned run is given: its own, whatever was measured last.

import { expect, it, vi } from 'vitest';
import type { Experiment, Report } from '../../pkg/hessian_lab';
import type { Aside } from '../../www/aside';
import { DEFAULT_STATE, type State } from '../../www/state';
import { Stopwatch } from '../../www/stopwatch';

/** A run takes as long as its network has hidden units. */
function stopwatch() {
  const timings = vi.fn(({ network, methods }: Experiment) =>
    Promise.resolve(methods.map(() => network.layers[1] as number)),
  );
  return { timings, watch: new Stopwatch({ timings } as unknown as Aside, vi.fn()) };
}

const run = (state: State) => ({ state, report: {} as Report });

it('a pinned run has its own times, not those of what was on the bench last', async () => {
  vi.useFakeTimers();
  const { watch, timings } = stopwatch();
  watch.want(DEFAULT_STATE);
  await vi.runAllTimersAsync();
  expect(watch.durations.get('cg')?.last).toBe(DEFAULT_STATE.layers[1]);
  const measured = timings.mock.calls.length;

  const same = run(DEFAULT_STATE);
  expect(watch.ofPinned(same)).toBe(watch.durations);
  const other = run({ ...DEFAULT_STATE, layers: [3, 17, 1] });
  expect(watch.ofPinned(other).size).toBe(0);
  await vi.runAllTimersAsync();
  expect(watch.ofPinned(other).get('cg')?.last).toBe(17);
  expect(timings.mock.calls.length).toBe(2 * measured);
  watch.want(other.state);
  await vi.runAllTimersAsync();
  expect(watch.ofPinned(same).get('cg')?.last).toBe(DEFAULT_STATE.layers[1]);
  vi.useRealTimers();
});

it('a pinned run that cannot be measured is not asked for again and again', async () => {
  const { watch, timings } = stopwatch();
  timings.mockRejectedValue(new Error('broken'));
  const pin = run(DEFAULT_STATE);
  for (let look = 0; look < 3; look++) {
    expect(watch.ofPinned(pin).size).toBe(0);
    await vi.waitFor(() => expect(timings).toHaveBeenCalledTimes(1));
  }
});
