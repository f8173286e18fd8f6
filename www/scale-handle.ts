// Drags the edge of Neumann's interval, 2s, on the spectrum; where it can be reached by keyboard, arrow keys move it too.

import { slide } from './slide';
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
  #scale = 1;

  constructor(svg: SVGSVGElement, handle: SVGElement, { onDrag, onSettle }: ScaleHandleEvents) {
    handle.addEventListener('pointerdown', (event) => {
      handle.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    handle.addEventListener('pointermove', (event) => {
      if (!this.#x || !handle.hasPointerCapture(event.pointerId)) return;
      const [least, most] = SCALE_ENDS;
      const edge = this.#x.invert(event.clientX - svg.getBoundingClientRect().left);
      onDrag(inThreeDigits(Math.min(Math.max(edge / 2, least), most)));
    });
    handle.addEventListener('lostpointercapture', onSettle);
    handle.addEventListener('keydown', (event) => {
      const [least, most] = SCALE_ENDS.map(Math.log10) as [number, number];
      const place = slide(event, Math.log10(this.#scale), STEP, [least, most]);
      if (place === null) return;
      event.preventDefault();
      onDrag(inThreeDigits(10 ** place));
      onSettle();
    });
  }

  /** The axis that was last drawn, and the scale on it. */
  show(x: Axis, scale: number): void {
    this.#x = x;
    this.#scale = scale;
  }
}

/** What an arrow key moves it by, as a part of a decade. */
const STEP = 0.01;

function inThreeDigits(scale: number): number {
  return Number(scale.toPrecision(3));
}
