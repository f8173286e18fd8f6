// A chart as it is seen, as a file: SVG with its styles written into it, or PNG.

/** The styles that make a chart's look. */
const STYLES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'stroke-opacity',
  'opacity',
  'paint-order',
  'visibility',
  'display',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
];
/** Pixels of a PNG for each of the screen's. */
const DENSITY = 3;

interface Extent {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The chart's box, and whatever words stand out of it. */
function extentOf(chart: SVGSVGElement): Extent {
  const box = chart.getBoundingClientRect();
  const words = [...chart.querySelectorAll('text')].filter(({ textContent }) => textContent !== '');
  const boxes = [box, ...words.map((text) => text.getBoundingClientRect()).filter(({ width }) => width > 0)];
  const [left, right] = [Math.min(...boxes.map(({ left }) => left)), Math.max(...boxes.map(({ right }) => right))];
  const [top, bottom] = [Math.min(...boxes.map(({ top }) => top)), Math.max(...boxes.map(({ bottom }) => bottom))];
  return { x: left - box.left, y: top - box.top, width: right - left, height: bottom - top };
}

export function chartSvg(chart: SVGSVGElement): string {
  const { x, y, width, height } = extentOf(chart);
  const copy = chart.cloneNode(true) as SVGSVGElement;
  inscribe(chart, copy);
  for (const [name, value] of Object.entries({
    width,
    height,
    viewBox: `${x} ${y} ${width} ${height}`,
    overflow: 'visible',
  }))
    copy.setAttribute(name, `${value}`);
  // What it says of itself first; in a file no keys read it out.
  if (chart.ariaLabel) copy.setAttribute('aria-label', chart.ariaLabel.replace(/[.;:].*/s, ''));
  const paper = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({
    x: `${x}`,
    y: `${y}`,
    width: '100%',
    height: '100%',
    fill: getComputedStyle(document.body).backgroundColor,
  }))
    paper.setAttribute(name, value);
  copy.prepend(paper);
  return new XMLSerializer().serializeToString(copy);
}

/** A picture in a file has no styles of its own, and nothing in it moves. */
const OF_THE_PAGE = /^(class|style|color|tabindex|role|aria-value.*)$/;

/** Writes computed styles as attributes, element by element, and drops what only the page needs. */
function inscribe(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  for (const name of STYLES) {
    const value = style.getPropertyValue(name);
    if (value && !(name === 'display' && value !== 'none')) to.setAttribute(name, value);
  }
  for (const name of to.getAttributeNames())
    if (OF_THE_PAGE.test(name) || (name === 'id' && from.tagName !== 'clipPath')) to.removeAttribute(name);
  const [source, target] = [[...from.children], [...to.children]];
  for (const [index, child] of source.entries()) inscribe(child, target[index] as Element);
}

export async function chartPng(chart: SVGSVGElement): Promise<Blob> {
  const { width, height } = extentOf(chart);
  const address = URL.createObjectURL(new Blob([chartSvg(chart)], { type: 'image/svg+xml' }));
  try {
    const image = new Image(width * DENSITY, height * DENSITY);
    image.src = address;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), {
      width: width * DENSITY,
      height: height * DENSITY,
    });
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture could not be made'))), 'image/png'),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}
