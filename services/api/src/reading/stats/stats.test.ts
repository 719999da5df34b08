import { describe, expect, it } from 'vitest';
import { isCovered, mergeStats, type Part, rawFrom, windowOf } from './stats.js';

const NOW = '2026-01-31T12:34:56.000Z';

const part = (startAt: string, checks: number, more: Partial<Part> = {}): Part => ({
  location: 'local',
  startAt: `${startAt}:00.000Z`,
  checks,
  up: checks,
  degraded: 0,
  down: 0,
  error: 0,
  latencySum: checks,
  latencyCount: checks,
  latencyMin: 1,
  latencyMax: 1,
  p50: 1,
  p95: 1,
  p99: 1,
  ...more,
});

describe('a window', () => {
  it.each([
    ['24h', '2026-01-30T13:00:00.000Z', 3600, 24],
    ['7d', '2026-01-24T13:00:00.000Z', 3600, 168],
    ['30d', '2026-01-02T00:00:00.000Z', 86_400, 30],
    ['90d', '2025-11-03T00:00:00.000Z', 86_400, 90],
  ] as const)('of %s is whole hours or days, the last still running', (period, from, seconds, buckets) => {
    expect(windowOf(period, NOW)).toEqual({ from, to: NOW, bucketMs: seconds * 1000, buckets });
  });
});

describe('results themselves are counted', () => {
  const window = windowOf('24h', NOW);
  it.each([
    ['from the beginning while nothing was rolled up', [], window.from],
    [
      'from the hour before this one, which may have had results since',
      ['2026-01-31T12:00'],
      '2026-01-31T11:00',
    ],
    [
      'from the last hour that was rolled up, which was running then',
      ['2026-01-31T07:00', '2026-01-31T05:00'],
      '2026-01-31T07:00',
    ],
    ['from the beginning where rollups stopped before it', ['2026-01-20T05:00'], window.from],
  ])('%s', (_, hours, from) => {
    const hourly = hours.map((hour) => part(hour, 1));
    expect(rawFrom(window, hourly)).toBe(from.length === 16 ? `${from}:00.000Z` : from);
  });
});

describe('a merge', () => {
  it('takes each hour once, from results while its rollup lags and from the rollup once they are gone', () => {
    const { total, buckets } = mergeStats(windowOf('24h', NOW), {
      daily: [],
      hourly: [part('2026-01-31T10:00', 60), part('2026-01-31T11:00', 60), part('2026-01-31T12:00', 20)],
      raw: [part('2026-01-31T11:00', 12), part('2026-01-31T12:00', 34)],
    });
    expect(buckets.slice(-3).map(({ checks }) => checks)).toEqual([60, 60, 34]);
    expect([buckets.length, total.checks]).toEqual([24, 154]);
  });

  it('keeps locations apart before it adds them', () => {
    const berlin = { location: 'berlin' };
    const { total } = mergeStats(windowOf('24h', NOW), {
      daily: [],
      hourly: [part('2026-01-31T11:00', 60), part('2026-01-31T11:00', 10, berlin)],
      raw: [part('2026-01-31T11:00', 5), part('2026-01-31T11:00', 30, berlin)],
    });
    expect(total.checks).toBe(90);
  });

  it('makes days of hours where the day is not rolled up yet, and of nothing a day of nothing', () => {
    const { buckets } = mergeStats(windowOf('30d', NOW), {
      daily: [part('2026-01-29T00:00', 1440), part('2026-01-30T00:00', 100), part('2026-01-31T00:00', 5)],
      hourly: [part('2026-01-30T22:00', 60), part('2026-01-30T23:00', 60), part('2026-01-31T11:00', 60)],
      raw: [part('2026-01-31T12:00', 34)],
    });
    expect(buckets.slice(-4).map(({ checks }) => checks)).toEqual([0, 1440, 120, 94]);
  });
});

describe('a window is covered by results', () => {
  const window = windowOf('30d', NOW);
  const hourly = [part('2026-01-30T22:00', 60)];
  it.each([
    ['when no rollup is older', hourly, [part('2026-01-30T00:00', 60)], '2026-01-30T22:00:10.000Z', true],
    ['not when an hour is', hourly, [], '2026-01-30T23:00:00.000Z', false],
    ['not when a day is', hourly, [part('2026-01-10T00:00', 60)], '2026-01-30T22:00:10.000Z', false],
    ['not without any', [], [], undefined, false],
  ])('%s', (_, hours, daily, first, expected) => {
    expect(isCovered(window, { hourly: hours, daily, raw: [] }, first)).toBe(expected);
  });
});
