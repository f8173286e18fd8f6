// Writes the text of an SVG path, command by command, its numbers to a tenth of a pixel.

/** Bytes of a text: pieces of it put together would be garbage, and a held slider draws its paths anew in every frame. */
let bytes = new Uint8Array(8192);
let length = 0;
const decoder = new TextDecoder();

/** The text of a path that `draw` writes. */
export function written(draw: () => void): string {
  length = 0;
  draw();
  return decoder.decode(bytes.subarray(0, length));
}

/** A command, or several, with whatever stands between numbers. */
export function write(text: string): void {
  for (let index = 0; index < text.length; index++) put(text.charCodeAt(index));
}

/** A command that takes a place. */
export function pair(command: string, x: number, y: number): void {
  write(command);
  number(x);
  put(COMMA);
  number(y);
}

export function number(value: number): void {
  const count = Math.round(value * 10);
  if (Number.isSafeInteger(count)) tenths(count);
  else write(`${value}`);
}

/** A number that is given in tenths. */
export function tenths(count: number): void {
  if (count < 0) put(MINUS);
  const size = Math.abs(count);
  const whole = Math.floor(size / 10);
  digits(whole);
  if (size === 10 * whole) return;
  put(POINT);
  put(ZERO + size - 10 * whole);
}

const [COMMA, MINUS, POINT, ZERO] = [44, 45, 46, 48];

function digits(whole: number): void {
  const rest = Math.floor(whole / 10);
  if (rest > 0) digits(rest);
  put(ZERO + whole - 10 * rest);
}

function put(byte: number): void {
  if (length === bytes.length) {
    const wider = new Uint8Array(2 * length);
    wider.set(bytes);
    bytes = wider;
  }
  bytes[length++] = byte;
}
