// Makes d3's selections write only what differs: a chart is drawn anew at every move, and most of it stays.

import { type BaseType, selection } from 'd3-selection';
import { write, writeAttribute } from '../dom';

type Selected = ReturnType<typeof selection>;
type Value = string | number | boolean | null | undefined;
type ValueOf = (this: BaseType, ...place: unknown[]) => Value;

/** Every selection's own methods, of which d3 lets them be extended. */
const methods = selection.prototype as {
  attr: (...given: unknown[]) => unknown;
  style: (...given: unknown[]) => unknown;
  text: (...given: unknown[]) => unknown;
};

export function drawSparingly(): void {
  const { attr, style, text } = methods;
  methods.attr = function (this: Selected, ...given: unknown[]) {
    const [name, value] = given as [string, Value | ValueOf];
    return given.length < 2
      ? attr.call(this, name)
      : writeEach(this, value, (place, next) => setAttribute(place, name, next));
  };
  methods.style = function (this: Selected, ...given: unknown[]) {
    const [name, value] = given as [string, Value | ValueOf];
    return given.length < 2
      ? style.call(this, name)
      : writeEach(this, value, (place, next) => setStyle(place as SVGElement, name, `${next ?? ''}`));
  };
  methods.text = function (this: Selected, ...given: unknown[]) {
    const [value] = given as [Value | ValueOf];
    return given.length < 1 ? text.call(this) : writeEach(this, value, (place, next) => write(place, `${next ?? ''}`));
  };
}

function writeEach(all: Selected, value: Value | ValueOf, write: (place: Element, next: Value) => void): Selected {
  return all.each(function (...place) {
    write(this as unknown as Element, typeof value === 'function' ? value.apply(this, place) : value);
  });
}

function setAttribute(place: Element, name: string, value: Value): void {
  if (value === null || value === undefined) place.removeAttribute(name);
  else writeAttribute(place, name, `${value}`);
}

function setStyle({ style }: SVGElement, name: string, value: string): void {
  if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
}
