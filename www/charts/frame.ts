// The room a chart has on the page, in pixels and in the page's own type size.

export interface Frame {
  readonly width: number;
  readonly height: number;
  /** The chart's font size: margins and gaps are multiples of it. */
  readonly em: number;
}

export function frameOf(svg: SVGSVGElement): Frame {
  const { width, height } = svg.getBoundingClientRect();
  return { width, height, em: Number.parseFloat(getComputedStyle(svg).fontSize) };
}
