// The room a chart has on the page, in pixels and in the page's own type size.

export interface Frame {
  readonly width: number;
  readonly height: number;
  /** The chart's font size: margins and gaps are multiples of it. */
  readonly em: number;
}

/** What was measured is kept until it changes: to measure what has just been drawn on makes the browser lay the page out again. */
const frames = new WeakMap<Element, Frame>();
const listeners: (() => void)[] = [];
let observer: ResizeObserver | null = null;

export function frameOf(svg: Element): Frame {
  const known = frames.get(svg);
  if (known) return known;
  const frame = measure(svg);
  frames.set(svg, frame);
  observer ??= new ResizeObserver(forget);
  observer.observe(svg);
  return frame;
}

/** Calls `onChange` when a chart that was measured has other room. */
export function followFrames(onChange: () => void): void {
  listeners.push(onChange);
}

function measure(svg: Element): Frame {
  const { width, height } = svg.getBoundingClientRect();
  return { width, height, em: Number.parseFloat(getComputedStyle(svg).fontSize) };
}

/** The observer tells of every chart once at its beginning too, when nothing has changed. */
function forget(entries: readonly ResizeObserverEntry[]): void {
  const changed = entries.map(({ target }) => target).filter(hasChanged);
  for (const chart of changed) frames.delete(chart);
  if (changed.length > 0) for (const listener of listeners) listener();
}

function hasChanged(chart: Element): boolean {
  const [known, now] = [frames.get(chart), measure(chart)];
  return !known || known.width !== now.width || known.height !== now.height || known.em !== now.em;
}
