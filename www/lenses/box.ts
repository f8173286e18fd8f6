// The elements that figures are put together from.

export function box(className: string, ...children: Element[]): HTMLElement {
  const element = Object.assign(document.createElement('div'), { className });
  element.append(...children);
  return element;
}

/** What a figure's signs mean, in a line or two. */
export function keyOf(html: string): HTMLElement {
  return Object.assign(document.createElement('p'), { className: 'lens-key', innerHTML: html });
}
