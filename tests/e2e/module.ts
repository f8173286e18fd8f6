// The page's WebAssembly module with less memory than it needs, so that it runs out of it as on a small machine.

const MEMORY_SECTION = 5;
const PAGE_BYTES = 65_536;

/** The same module, whose memory may grow by no more than so many bytes over what it starts with. */
export function withLittleMemory(module: Uint8Array, more: number): Buffer {
  const sections: Uint8Array[] = [module.subarray(0, 8)];
  for (let at = 8; at < module.length; ) {
    const [size, start] = readNumber(module, at + 1);
    const end = start + size;
    sections.push(
      module[at] === MEMORY_SECTION ? limited(module.subarray(start, end), more) : module.subarray(at, end),
    );
    at = end;
  }
  return Buffer.concat(sections);
}

/** The section of one memory, which has a maximum now. */
function limited(section: Uint8Array, more: number): Uint8Array {
  const [least] = readNumber(section, 2);
  const body = [1, 1, ...number(least), ...number(least + Math.ceil(more / PAGE_BYTES))];
  return Uint8Array.from([MEMORY_SECTION, ...number(body.length), ...body]);
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
