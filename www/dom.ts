// Finds the elements that index.html promises, and writes on them what differs: to a browser, what is written anew has changed,
// and it styles and lays it out again.

export function element<T extends Element>(selector: string, root: ParentNode = document): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

/** An element's text. Its text node stays: to replace it would have `:has()` looked at again. */
export function write(place: Element, text: string): void {
  const only = place.childNodes.length === 1 ? place.firstChild : null;
  if (!(only instanceof Text)) {
    if (place.textContent !== text) place.textContent = text;
  } else if (only.data !== text) only.data = text;
}

export function writeAttribute(place: Element, name: string, value: string): void {
  if (place.getAttribute(name) !== value) place.setAttribute(name, value);
}

/** Gives the focus to what no key leads to, for once: else a press there would take it too, and the next key frame it. */
export function focusOn(place: HTMLElement): void {
  place.tabIndex = -1;
  place.addEventListener('blur', () => place.removeAttribute('tabindex'), { once: true });
  place.focus();
}

export type Attributes = Readonly<Record<string, string | number>>;

/** Attributes of an element, where there is one. */
export function writeAttributes(place: Element | null | undefined, attributes: Attributes): void {
  if (place) for (const [name, value] of Object.entries(attributes)) writeAttribute(place, name, `${value}`);
}

/** What a field or a slider shows: to set it again would have it laid out again. */
export function writeValue(input: HTMLInputElement, value: string): void {
  if (input.value !== value) input.value = value;
}
