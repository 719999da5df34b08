import { describe, expect, it } from 'vitest';
import { differences } from './differences.js';
import { hunks, lineDiff } from './line-diff.js';

describe('differences', () => {
  it('name the place of what changed, and nothing else', () => {
    const before = { name: 'shop', alertConfig: { enabled: true, failureThreshold: 1 }, tags: ['a'] };
    const after = { name: 'shop', alertConfig: { enabled: true, failureThreshold: 3 }, tags: ['a', 'b'] };
    expect(differences(before, after)).toEqual([
      { path: 'alertConfig.failureThreshold', before: 1, after: 3 },
      { path: 'tags', before: ['a'], after: ['a', 'b'] },
    ]);
  });

  it('tell what was not there from what is null', () => {
    expect(differences({ a: null }, { b: 1 })).toEqual([
      { path: 'a', before: null, after: undefined },
      { path: 'b', before: undefined, after: 1 },
    ]);
  });

  it('go into lists of the same length', () => {
    expect(
      differences({ steps: [{ url: 'a' }, { url: 'b' }] }, { steps: [{ url: 'a' }, { url: 'c' }] }),
    ).toEqual([{ path: 'steps[1].url', before: 'b', after: 'c' }]);
  });

  it('are none where the order of fields alone differs', () => {
    expect(differences({ a: { b: 1, c: [{ d: 2, e: 3 }] } }, { a: { c: [{ e: 3, d: 2 }], b: 1 } })).toEqual(
      [],
    );
  });

  it('are the whole of what is new', () => {
    expect(differences(undefined, { a: 1 })).toEqual([{ path: '', before: undefined, after: { a: 1 } }]);
  });
});

describe('the lines of two texts', () => {
  const text = (before: string, after: string) =>
    lineDiff(before, after).map(({ sign, text: line }) => sign + line);

  it.each([
    ['a\nb\nc', 'a\nx\nc', [' a', '-b', '+x', ' c']],
    ['a\nb', 'a\nb', [' a', ' b']],
    ['', 'a', ['-', '+a']],
    ['a\nb\nc\nd', 'b\nd\ne', ['-a', ' b', '-c', ' d', '+e']],
  ])('%j to %j', (before, after, lines) => {
    expect(text(before, after)).toEqual(lines);
  });

  it('are folded where nothing changed', () => {
    const before = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const after = before.with(10, 'changed');
    const [first, second, third] = hunks(lineDiff(before.join('\n'), after.join('\n')));
    expect(first).toEqual({ skipped: 8, at: 0 });
    expect(second).toHaveLength(6);
    expect(third).toEqual({ skipped: 7, at: 14 });
  });
});
