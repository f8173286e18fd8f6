// JSON is read as JSON.parse reads it, but for fields that stand twice.

import { describe, expect, it } from 'vitest';
import { readJson } from '../../www/json.mjs';

describe('JSON', () => {
  it.each([
    'null',
    '[]',
    '{}',
    '"{\\"a\\": 1, \\"a\\": 2}"',
    '{"a": {"a": ["a", "a", {"a": 1}]}, "b": {"a": "a"}}',
    '[{"a": 1}, {"a": 2}, [{"a": 3}]]',
    '{"a": "\\\\", "b": "\\"a\\": {[,", "": 0, "__proto__": []}',
  ])('with no field twice is what it says: %s', (text) => {
    expect(readJson(text)).toEqual(JSON.parse(text));
  });

  it.each([
    ['{"damping": 1, "damping": 1}', '"damping"'],
    ['{"a": [1, {"b": 0}, {"b": [], "c": {}, "b": 1}]}', '"a[2].b"'],
    ['[[0], [1, {"x": 1, "\\u0078": 2}]]', '"[1][1].x"'],
    ['{"a": {"b": {}}, "c": 0, "a": 1}', '"a"'],
    ['{"": 1, "": 2}', '""'],
    ['{"__proto__": 1, "__proto__": 2}', '"__proto__"'],
    ['{"a\\n": 1, "a\\n": 2}', '"a\\n"'],
    [`{"${'x'.repeat(99)}": 1, "${'x'.repeat(99)}": 2}`, `"${'x'.repeat(60)}"`],
  ])('with a field twice is refused by its path: %s', (text, path) => {
    expect(() => readJson(text)).toThrow(new Error(`${path} stands twice`));
  });

  it('that is none is a SyntaxError', () => {
    expect(() => readJson('{"a": 1, "a"}')).toThrow(SyntaxError);
  });

  it('of a million characters or a hundred thousand numbers is read', () => {
    const text = JSON.stringify({ word: '\\"x'.repeat(300_000), numbers: Array.from({ length: 100_000 }, () => 0.5) });
    expect(readJson(text)).toEqual(JSON.parse(text));
  });
});
