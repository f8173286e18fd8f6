// What the page tells of its workers: that one has been silent for long, that one had to be started again.

/** Long honest work is never ended by itself: the reader is told, and may stop it or wait. */
export const SILENCE_SECONDS = 10;

export interface HealthListener {
  /** Whether any worker has been silent for long, and how to stop those that have. */
  readonly onSilence: (stop: (() => void) | null) => void;
  readonly onRestart: (reason: string) => void;
}

const silent = new Set<Patience>();
let listener: HealthListener = { onSilence: () => undefined, onRestart: () => undefined };

export function followHealth(next: HealthListener): void {
  listener = next;
}

export function tellRestart(reason: string): void {
  listener.onRestart(reason);
}

function tellSilence(): void {
  listener.onSilence(silent.size === 0 ? null : () => [...silent].map((patience) => patience.stop()));
}

/** Waits for a worker's next sign of life. */
export class Patience {
  readonly #onStop: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onStop: () => void) {
    this.#onStop = onStop;
  }

  /** Begins anew at every sign of life. */
  wait(): void {
    this.end();
    this.#timer = setTimeout(() => {
      silent.add(this);
      tellSilence();
    }, SILENCE_SECONDS * 1000);
  }

  end(): void {
    clearTimeout(this.#timer);
    if (silent.delete(this)) tellSilence();
  }

  stop(): void {
    this.end();
    this.#onStop();
  }
}
