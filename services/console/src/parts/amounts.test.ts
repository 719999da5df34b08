import { describe, expect, it } from 'vitest';
import { durationText, intervalText, percentText, plural, sizeText, words } from './amounts.js';

describe('amounts in words', () => {
  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [2_400, '2.4 s'],
    [9_990, '10 s'],
    [59_499, '59 s'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
    [3_599_600, '1 h'],
    [18_720_000, '5 h 12 min'],
    [273_600_000, '3 d 4 h'],
  ])('%d ms is "%s"', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  it.each([
    [null, '—'],
    [100, '100 %'],
    [99.999, '99.99 %'],
    [98.5, '98.50 %'],
    [0, '0 %'],
    [0.004, '0.00 %'],
  ])('an uptime of %s is "%s", never rounded up to all', (percent, text) => {
    expect(percentText(percent)).toBe(text);
  });

  it('speaks of intervals as people do', () => {
    expect([30, 60, 300, 3_600, 5_400].map(intervalText)).toEqual([
      'every 30 s',
      'every minute',
      'every 5 min',
      'every hour',
      'every 1 h 30 min',
    ]);
  });

  it('counts, sizes and reads codes', () => {
    expect([plural(1, 'monitor'), plural(0, 'monitor'), plural(1_234, 'query', 'queries')]).toEqual([
      '1 monitor',
      '0 monitors',
      '1,234 queries',
    ]);
    expect([0, 1_023, 1_536, 5 * 1_024 ** 3].map(sizeText)).toEqual(['0 B', '1023 B', '1.5 KiB', '5 GiB']);
    expect(words('threshold_reached')).toBe('threshold reached');
  });
});
