import { describe, expect, it } from 'vitest';
import { alertCursor, keepMasked, MASK, maskSecrets, resultCursor } from './index.js';

const key: [string, string] = ['2026-01-31T12:00:00.000Z', '0192f0c1-7a5e-7c3b-9d21-4f0a6be1c7d8'];

describe('a cursor', () => {
  it('leads back to its place', () => {
    expect(alertCursor.decode(alertCursor.encode(key))).toEqual(key);
  });

  it.each([
    ['of another list', resultCursor.encode([key[0], 'local'])],
    ['cut short', alertCursor.encode(key).slice(0, -3)],
    ['with padding', `${alertCursor.encode(key)}=`],
    ['with a changed letter', `A${alertCursor.encode(key).slice(1)}`],
    ['that is no base64', '%%%'],
    ['made by hand', btoa('["alerts",["now",1]]')],
  ])('%s is refused by name', (_, cursor) => {
    expect(() => alertCursor.decode(cursor)).toThrow(
      expect.objectContaining({
        code: 'invalid_cursor',
        problems: [expect.objectContaining({ field: 'cursor' })],
      }),
    );
  });
});

describe('a masked secret', () => {
  it('comes back as what is stored, unless it was changed', () => {
    const stored = { url: 'https://a.example', headers: { key: 's' } };
    const paths = [['url'], ['headers', 'key']];
    const shown = maskSecrets(stored, paths);
    expect(shown).toEqual({ url: MASK, headers: { key: MASK } });
    expect(keepMasked({ ...shown, url: 'https://b.example' }, stored, paths)).toEqual({
      url: 'https://b.example',
      headers: { key: 's' },
    });
  });
});
