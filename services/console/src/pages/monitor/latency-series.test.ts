import type { ResultView, StatsView } from '@tocsin/http-api';
import { describe, expect, it } from 'vitest';
import { isEmpty, seriesOfBuckets, seriesOfResults } from './latency-series.js';

const check = (slot: string, outcome: ResultView['outcome'], latencyMs: number): ResultView =>
  ({
    slot,
    outcome,
    latencyMs,
    location: 'local',
    timings: { connectMs: 2, totalMs: latencyMs },
  }) as ResultView;

describe('the latency chart', () => {
  it('has the oldest check first, and a gap where the check failed', () => {
    const results = [
      check('2026-01-01T00:02:00.000Z', 'up', 30),
      check('2026-01-01T00:01:00.000Z', 'down', 10_000),
      check('2026-01-01T00:00:00.000Z', 'degraded', 20),
    ];
    const { times, series } = seriesOfResults(results, 'percentiles');
    expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 60, 120]);
    expect(series).toEqual([{ label: 'Latency', values: [20, null, 30] }]);
  });

  it('shows only phases that were measured', () => {
    const { series } = seriesOfResults([check('2026-01-01T00:00:00.000Z', 'up', 30)], 'phases');
    expect(series).toEqual([{ label: 'Connect', values: [2] }]);
  });

  it('is empty where no hour had a check', () => {
    const buckets = [{ startAt: '2026-01-01T00:00:00.000Z', latencyMs: null, phases: null }];
    expect(isEmpty(seriesOfBuckets(buckets as StatsView['buckets'], 'percentiles'))).toBe(true);
  });
});
