// Drags the edge of Neumann's interval, 2s, on the spectrum; the Scale slider is the same control by keyboard.

import { SCALE_ENDS } from './slider';

/** An axis, from pixels back to eigenvalues. */
interface Axis {
  readonly invert: (pixels: number) => number;
}

export interface ScaleHandleEvents {
  readonly onDrag: (scale: number) => void;
  readonly onSettle: () => void;
}

export class ScaleHandle {
  #x: Axis | null = null;

  constructor(svg: SVGSVGElement, handle: SVGElement, { onDrag, onSettle }: ScaleHandleEvents) {
    handle.addEventListener('pointerdown', (event) => {
      handle.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    handle.addEventListener('pointermove', (event) => {
      if (!this.#x || !handle.hasPointerCapture(event.pointerId)) return;
      const [least, most] = SCALE_ENDS;
      const edge = this.#x.invert(event.clientX - svg.getBoundingClientRect().left);
      onDrag(Number(Math.min(Math.max(edge / 2, least), most).toPrecision(3)));
    });
    handle.addEventListener('lostpointercapture', onSettle);
  }

  /** The axis that was last drawn. */
  show(x: Axis): void {
    this.#x = x;
  }
}
