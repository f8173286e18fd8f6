// Times the tasks of a module that is loaded, in Node or in a page; it stands alone, as a page loads it too.

/** Samples of which the median is taken, what one should take at least, and all of them at most, in milliseconds. */
const SAMPLES = 15;
const SAMPLE_MS = 10;
const MOST_MS = 2000;

/** One answer for each job: a network and the tasks to time on it. */
export function timeAll({ Bench, peak_flops }, work) {
  return work.map(({ layers, samples, tasks }) => {
    const bench = new Bench(layers, samples);
    const times = Object.fromEntries(tasks.map((task) => [task, milliseconds((count) => bench.run(task, count))]));
    const answer = { parameters: bench.parameters(), check: bench.check(), peak_flops: peak_flops(), times };
    bench.free();
    return answer;
  });
}

/** The median time of one `run`, which is told how often to do its work; null where it cannot. */
function milliseconds(run) {
  const timed = (count) => {
    const start = performance.now();
    return run(count) ? performance.now() - start : Number.NaN;
  };
  if (Number.isNaN(timed(1))) return null;
  const count = enough(timed);
  const samples = [];
  const started = performance.now();
  while (samples.length < SAMPLES && (samples.length < 3 || performance.now() - started < MOST_MS))
    samples.push(timed(count) / count);
  return samples.sort((a, b) => a - b)[samples.length >> 1];
}

/** Repetitions that take long enough for a coarse clock; finding them warms the compiler up too. */
function enough(timed) {
  let count = 1;
  while (timed(count) < SAMPLE_MS) count *= 2;
  return count;
}
