// The reader's own data and weights, and their compressed text in the address.

import type { ExplicitData } from '../pkg/hessian_lab';

/** What the address carries of them, at most. */
export const MAX_PACKED = 8_192;
/** What a packed text may grow to: a small address must not fill the memory. */
const MAX_UNPACKED = 2_000_000;
/** What an address says in their place when they are too large for it. */
const LEFT_OUT = 'left-out';

export interface Own {
  readonly data: ExplicitData | null;
  readonly weights: number[] | null;
  /** The address's text for both; `left-out` where that would be too long. */
  readonly packed: string;
}

export async function toOwn(data: ExplicitData | null, weights: number[] | null): Promise<Own | null> {
  if (!data && !weights) return null;
  const packed = await pack(JSON.stringify({ ...(data && { data }), ...(weights && { weights }) }));
  return { data, weights, packed: packed.length <= MAX_PACKED ? packed : LEFT_OUT };
}

export function isLeftOut(own: Own | null): boolean {
  return own?.packed === LEFT_OUT;
}

/** What an address says, still packed: unpacking takes a moment, and `unpacked` does it. */
export function readPacked(text: string): Own | null {
  if (text === LEFT_OUT)
    throw new Error(
      'own: its data and weights were too large for a link and were left out; open the sender’s Experiment file in their place',
    );
  if (!/^[\w-]+$/.test(text) || text.length > MAX_PACKED) throw new Error('own: this is not packed data');
  return { data: null, weights: null, packed: text };
}

export async function unpacked(own: Own | null): Promise<Own | null> {
  if (!own || own.data || own.weights) return own;
  const value = await unpack(own.packed).catch(() => {
    throw new Error('own: the packed data is damaged');
  });
  const { data, weights } = Object(value) as { data?: unknown; weights?: unknown };
  if (data === undefined && weights === undefined)
    throw new Error('own: the packed data holds neither data nor weights');
  return {
    data: data === undefined ? null : checkedData(data),
    weights: weights === undefined ? null : checkedNumbers(weights, 'weights'),
    packed: own.packed,
  };
}

/** The core checks the rest: widths, sizes, and what fits the network. */
function checkedData(value: unknown): ExplicitData {
  const { inputs, targets } = Object(value) as { inputs?: unknown; targets?: unknown };
  if (!Array.isArray(inputs) || inputs.length === 0 || !Array.isArray(targets))
    throw new Error('own: the packed data has no rows');
  const rows = inputs.map((row, index) => checkedNumbers(row, `row ${index + 1}`));
  const flat = targets.every((target) => typeof target === 'number');
  return {
    inputs: rows,
    targets: flat ? (targets as number[]) : targets.map((row, index) => checkedNumbers(row, `target ${index + 1}`)),
  };
}

function checkedNumbers(value: unknown, what: string): number[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'number' && Number.isFinite(item)))
    throw new Error(`own: ${what} is no list of numbers`);
  return value;
}

async function pack(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

async function unpack(packed: string): Promise<unknown> {
  const binary = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return JSON.parse(text);
    text += decoder.decode(value, { stream: true });
    if (text.length > MAX_UNPACKED) throw new Error('too large');
  }
}
