import { describe, expect, it } from 'vitest';
import { firstError, lineOf, placeOf } from './json-places.js';

const text = `{
  "steps": [
    { "name": "one", "url": "x" },
    { "name": "two", "assert": [{ "that": "status", "is": "9xx" }] }
  ]
}`;
const at = (...path: PropertyKey[]) => {
  const { from, to } = placeOf(text, path);
  return text.slice(from, to);
};

describe('a place in a JSON text', () => {
  it('is the value itself where that is short', () => {
    expect(at('steps', 1, 'assert', 0, 'is')).toBe('"9xx"');
    expect(at('steps', 0, 'url')).toBe('"x"');
  });

  it('is the name of what is long', () => {
    expect(at('steps')).toBe('"steps"');
    expect(at('steps', 1, 'assert')).toBe('"assert"');
  });

  it('is what is around it when it is missing', () => {
    expect(at('steps', 1, 'url')).toBe('{');
    expect(at('steps', 9)).toBe('"steps"');
    expect(at('other')).toBe('{');
  });

  it('has a line', () => {
    expect(lineOf(text, placeOf(text, ['steps', 1, 'name']))).toBe(4);
  });

  it('is where the text stops being JSON', () => {
    const broken = '{\n  "a": 1,\n  "b": oops\n}';
    expect(lineOf(broken, firstError(broken))).toBe(3);
  });
});
