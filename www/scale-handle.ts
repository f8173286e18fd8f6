// Drags the edge of Neumann's interval, 2s, on the spectrum; the Scale slider is the same control by keyboard.

import type { ScaleSymLog } from 'd3-scale';

const LEAST = 0.1;
const MOST = 100;

export interface ScaleHandleEvents {
  readonly onDrag: (scale: number) => void;
  readonly onSettle: () => void;
}

export class ScaleHandle {
  #x: ScaleSymLog<number, number> | null = null;

  constructor(svg: SVGSVGElement, handle: SVGElement, { onDrag, onSettle }: ScaleHandleEvents) {
    handle.addEventListener('pointerdown', (event) => {
      handle.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    handle.addEventListener('pointermove', (event) => {
      if (!this.#x || !handle.hasPointerCapture(event.pointerId)) return;
      const edge = this.#x.invert(event.clientX - svg.getBoundingClientRect().left);
      onDrag(Number(Math.min(Math.max(edge / 2, LEAST), MOST).toPrecision(3)));
    });
    handle.addEventListener('lostpointercapture', onSettle);
  }

  /** The axis that was last drawn. */
  show(x: ScaleSymLog<number, number>): void {
    this.#x = x;
  }
}
