// The page's WebAssembly module as it may be on a bad day: with less memory than it needs, or with a panic in it.

const GLOBALS = 6;
const MEMORY = 5;
const EXPORTS = 7;
const BODIES = 10;
const PAGE_BYTES = 65_536;
/** What a module begins with: its name and its format's version. */
const HEAD_BYTES = 8;

type Rewriting = (section: Uint8Array) => number[];

/** The same module, whose memory may grow by no more than so many bytes over what it starts with, as on a small machine. */
export function withLittleMemory(module: Uint8Array, more: number): Buffer {
  return rewrite(module, { [MEMORY]: (section) => limited(section, more) });
}

/** The same module, whose exported function panics, as Rust does, once it has been called so many times, and ever after. */
export function withPanic(module: Uint8Array, name: string, calls: number): Buffer {
  const [index, counter] = [indexOf(module, name), readNumber(sectionOf(module, GLOBALS), 0)[0]];
  return rewrite(module, {
    [GLOBALS]: withCounter,
    [BODIES]: (section) => withHead(section, index - importsOf(module), panicAfter(calls, counter)),
  });
}

function rewrite(module: Uint8Array, changes: Record<number, Rewriting>): Buffer {
  const sections = [...sectionsOf(module)].map(([id, content]) => {
    const changed = changes[id]?.(content) ?? content;
    return Buffer.from([id, ...number(changed.length), ...changed]);
  });
  return Buffer.concat([module.subarray(0, HEAD_BYTES), ...sections]);
}

function* sectionsOf(module: Uint8Array): Iterable<[id: number, content: Uint8Array]> {
  for (let at = HEAD_BYTES; at < module.length; ) {
    const [size, start] = readNumber(module, at + 1);
    yield [module[at] ?? 0, module.subarray(start, start + size)];
    at = start + size;
  }
}

function sectionOf(module: Uint8Array, wanted: number): Uint8Array {
  for (const [id, content] of sectionsOf(module)) if (id === wanted) return content;
  throw new Error(`the module has no section ${wanted}`);
}

/** The section of one memory, which has a maximum now. */
function limited(section: Uint8Array, more: number): number[] {
  const [least] = readNumber(section, 2);
  return [1, 1, ...number(least), ...number(least + Math.ceil(more / PAGE_BYTES))];
}

/** One global more, the last: a number that starts at 0. */
function withCounter(section: Uint8Array): number[] {
  const [count, start] = readNumber(section, 0);
  return [...number(count + 1), ...section.subarray(start), 0x7f, 1, 0x41, 0, 0x0b];
}

/** If the counter is there: unreachable, which is what Rust's panic ends in. Else it goes on by one. */
function panicAfter(calls: number, counter: number): number[] {
  const get = [0x23, ...number(counter)];
  // Constants have a sign, so that one byte ends at 63.
  const constant = [0x41, (calls % 128) | 128, Math.floor(calls / 128)];
  return [...get, ...constant, 0x46, 0x04, 0x40, 0x00, 0x0b, ...get, 0x41, 1, 0x6a, 0x24, ...number(counter)];
}

/** The section of functions' bodies, one of which starts with these instructions. */
function withHead(section: Uint8Array, wanted: number, head: number[]): number[] {
  let [count, at] = readNumber(section, 0);
  for (let index = 0; index < count; index++) {
    const [size, start] = readNumber(section, at);
    if (index === wanted) {
      const code = afterLocals(section, start);
      const body = [...section.subarray(start, code), ...head, ...section.subarray(code, start + size)];
      return [...section.subarray(0, at), ...number(body.length), ...body, ...section.subarray(start + size)];
    }
    at = start + size;
  }
  throw new Error(`of ${count} functions none is ${wanted}`);
}

/** Locals stand before the instructions: how many groups, and of each its size and its type. */
function afterLocals(section: Uint8Array, start: number): number {
  let [groups, at] = readNumber(section, start);
  for (; groups > 0; groups--) at = readNumber(section, at)[1] + 1;
  return at;
}

/** An exported function's place among all of them, those that are imported first. */
function indexOf(module: Uint8Array, wanted: string): number {
  const section = sectionOf(module, EXPORTS);
  let [count, at] = readNumber(section, 0);
  for (; count > 0; count--) {
    const [length, start] = readNumber(section, at);
    const name = new TextDecoder().decode(section.subarray(start, start + length));
    const [index, next] = readNumber(section, start + length + 1);
    if (name === wanted) return index;
    at = next;
  }
  throw new Error(`the module exports no ${wanted}`);
}

function importsOf(module: Uint8Array): number {
  const compiled = new WebAssembly.Module(Uint8Array.from(module));
  return WebAssembly.Module.imports(compiled).filter(({ kind }) => kind === 'function').length;
}

/** A number in LEB128, and where the next byte is. */
function readNumber(bytes: Uint8Array, from: number): [number, number] {
  let value = 0;
  for (let at = from, place = 1; ; at++, place *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * place;
    if (byte < 128) return [value, at + 1];
  }
}

function number(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...number(Math.floor(value / 128))];
}
