import { describe, expect, it } from 'vitest';
import { isMet, type Measurement, ratioOf } from './bench.js';
import { bucketsBetween, bucketsOf, percentile, quantileBound } from './statistics.js';
import { figure, table } from './table.js';

const row = (rest: Partial<Measurement>): Measurement => ({ what: 'x', measured: 10, unit: '/s', ...rest });

describe('what a measurement is held against', () => {
  it.each([
    [row({}), undefined],
    [row({ expected: { of: 'measured', atLeast: 10 } }), true],
    [row({ expected: { of: 'measured', atLeast: 10.1 } }), false],
    [row({ expected: { of: 'measured', atMost: 10 } }), true],
    [row({ measured: Number.NaN, expected: { of: 'measured', atMost: 10 } }), false],
    [row({ peer: { what: 'raw', measured: 14 }, expected: { of: 'ratio', atLeast: 0.7 } }), true],
    [row({ peer: { what: 'raw', measured: 15 }, expected: { of: 'ratio', atLeast: 0.7 } }), false],
    [row({ expected: { of: 'ratio', atLeast: 0.7 } }), false],
  ])('%o is judged %s', (measurement, met) => {
    expect(isMet(measurement)).toBe(met);
  });

  it('has no ratio to a peer that did nothing', () => {
    expect(ratioOf(row({ peer: { what: 'raw', measured: 0 } }))).toBeUndefined();
  });
});

describe('percentiles', () => {
  it('takes the nearest rank, whatever the order', () => {
    const values = Array.from({ length: 100 }, (_, n) => 100 - n);
    expect([percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1)]).toEqual([50, 99, 100]);
  });

  it('is no number of nothing', () => {
    expect(percentile([], 0.5)).toBeNaN();
    expect(quantileBound(new Map([[Infinity, 0]]), 0.99)).toBeNaN();
  });

  it('never makes a histogram look faster than it was', () => {
    const text = [
      '# TYPE late_seconds histogram',
      'late_seconds_bucket{le="0.01",trigger="first"} 1',
      'late_seconds_bucket{le="0.1",trigger="first"} 1',
      'late_seconds_bucket{le="+Inf",trigger="first"} 1',
      'late_seconds_bucket{le="0.01",trigger="schedule"} 97',
      'late_seconds_bucket{le="0.1",trigger="schedule"} 99',
      'late_seconds_bucket{le="+Inf",trigger="schedule"} 100',
      'late_seconds_sum{trigger="schedule"} 1',
    ].join('\n');
    const buckets = bucketsOf(text, 'late_seconds');
    expect([0.5, 0.98, 0.99, 1].map((share) => quantileBound(buckets, share))).toEqual([
      0.01,
      0.1,
      0.1,
      Infinity,
    ]);
    const since = bucketsBetween(buckets, new Map([...buckets].map(([le, count]) => [le, count + 1])));
    expect(quantileBound(since, 0.99)).toBe(0.01);
  });
});

describe('the table', () => {
  it('says what was measured, next to what, what was promised and whether it was kept', () => {
    const peer = { what: 'rows/s', measured: 40_000 };
    const measurement = row({ measured: 26_123.4, peer, expected: { of: 'measured', atLeast: 25_000 } });
    expect(
      table([{ bench: 'a', measurement }])
        .split('\n')
        .at(-1)
        ?.replaceAll(/ {2,}/g, ' | '),
    ).toBe('a | x | 26,123 /s | 40,000 rows/s | 0.65 | ≥ 25,000 | yes');
  });

  it.each([
    [0.7512, '0.751'],
    [12.34, '12.3'],
    [99_999.6, '100,000'],
    [Number.NaN, 'none'],
  ])('writes %d as %s', (value, text) => {
    expect(figure(value)).toBe(text);
  });
});
