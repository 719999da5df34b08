import { describe, expect, it } from 'vitest';
import { decodePosition, encodePosition } from './live-position.js';

describe('the id of a live event', () => {
  it.each([
    [{ status: 12, alert: 5, delivery: 7 }, 's12.a5.d7'],
    [{ alert: 0 }, 'a0'],
    [{ delivery: 3, status: 1 }, 's1.d3'],
  ])('of %j leads back to its places', (position, text) => {
    expect(encodePosition(position)).toBe(text);
    expect(decodePosition(text)).toEqual(position);
  });

  it.each(['', 'x1', 's', 's1.', 's1.s2', 's-1', 's1e9', 's1.5', 's9999999999999999', '12', 's1 a2'])(
    '"%s" is refused by name',
    (text) => {
      expect(() => decodePosition(text)).toThrow(
        expect.objectContaining({
          code: 'validation_failed',
          problems: [expect.objectContaining({ field: 'Last-Event-ID' })],
        }),
      );
    },
  );
});
