import { describe, expect, it } from 'vitest';
import { clockTime, dayOf, exactTime, relativeTime } from './time.js';

const NOW = Date.parse('2026-03-29T12:00:00.000Z');
const ago = (seconds: number) => new Date(NOW - seconds * 1_000).toISOString();

describe('a time in words', () => {
  it.each([
    [0, 'just now'],
    [4, 'just now'],
    [5, '5 s ago'],
    [59, '59 s ago'],
    [60, '1 min ago'],
    [3_599, '59 min ago'],
    [3_600, '1 h ago'],
    [86_399, '23 h ago'],
    [86_400, '1 d ago'],
    [29 * 86_400, '29 d ago'],
    [-3, 'in a moment'],
    [-90, 'in 1 min'],
    [-7_200, 'in 2 h'],
  ])('%d seconds back is "%s"', (seconds, words) => {
    expect(relativeTime(ago(seconds), NOW)).toBe(words);
  });

  it('is a date when it is long ago', () => {
    expect(relativeTime('2026-01-31T12:00:00.000Z', NOW)).toBe('31 Jan 2026');
  });

  it('says what is no time as it is', () => {
    expect([relativeTime('soon', NOW), exactTime('soon', 'UTC'), dayOf('soon', 'UTC')]).toEqual([
      'soon',
      'soon',
      'soon',
    ]);
  });
});

describe('the very instant', () => {
  it.each([
    ['2026-03-29T00:59:59.999Z', '2026-03-29 01:59:59.999 +01:00 (Europe/Berlin)'],
    ['2026-03-29T01:00:00.000Z', '2026-03-29 03:00:00.000 +02:00 (Europe/Berlin)'],
  ])('%s shows its offset on both sides of a change of the clocks', (at, text) => {
    expect(exactTime(at, 'Europe/Berlin')).toBe(text);
  });

  it('has an offset in UTC too', () => {
    expect(exactTime('2026-03-29T01:02:03.004Z', 'UTC')).toBe('2026-03-29 01:02:03.004 +00:00 (UTC)');
  });

  it('has midnight as 00', () => {
    expect(clockTime('2026-03-29T00:00:00.000Z', 'UTC')).toBe('29 Mar, 00:00:00');
  });
});
