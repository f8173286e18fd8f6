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

export function chartSvg(chart: SVGSVGElement): string {
  const { width, height } = chart.getBoundingClientRect();
  const copy = chart.cloneNode(true) as SVGSVGElement;
  inscribe(chart, copy);
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}`, overflow: 'visible' }))
    copy.setAttribute(name, `${value}`);
  const paper = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({
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
  const { width, height } = chart.getBoundingClientRect();
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
