import { describe, expect, it } from 'vitest';
import { countsOf, fuller, sumOf, type Tally } from './tally.js';

const tally = (more: Partial<Tally>): Tally => ({
  checks: 0,
  up: 0,
  degraded: 0,
  down: 0,
  error: 0,
  latencySum: 0,
  latencyCount: 0,
  latencyMin: null,
  latencyMax: null,
  p50: null,
  p95: null,
  p99: null,
  ...more,
});

describe('uptime', () => {
  it.each([
    [{ up: 3, down: 1 }, 75],
    [{ up: 1, degraded: 1, down: 2 }, 50],
    [{ down: 2 }, 0],
    // We could not look: it says nothing about the target.
    [{ up: 1, error: 9 }, 100],
    [{ error: 9 }, null],
    [{}, null],
  ])('of %j is %s', (counts, uptimePercent) => {
    expect(countsOf(tally(counts)).uptimePercent).toBe(uptimePercent);
  });
});

describe('a sum', () => {
  it('adds counts, keeps extremes and weighs percentiles by their checks', () => {
    const few = { checks: 10, up: 10, latencySum: 100, latencyCount: 10, latencyMin: 1, latencyMax: 20 };
    const many = { checks: 40, up: 30, latencySum: 900, latencyCount: 30, latencyMin: 5, latencyMax: 90 };
    const sum = sumOf([
      tally({ ...few, p50: 10, p95: 20, p99: 20 }),
      tally({ ...many, down: 10, p50: 30, p95: 60, p99: 80 }),
      tally({ checks: 5, error: 5 }),
    ]);
    expect(sum).toEqual(
      tally({
        checks: 55,
        up: 40,
        down: 10,
        error: 5,
        latencySum: 1000,
        latencyCount: 40,
        latencyMin: 1,
        latencyMax: 90,
        p50: 25,
        p95: 50,
        p99: 65,
      }),
    );
    expect(countsOf(sum).latencyMs).toMatchObject({ avg: 25, min: 1, max: 90 });
  });

  it('of nothing has no latency', () => {
    expect(sumOf([])).toEqual(tally({}));
    expect(countsOf(sumOf([])).latencyMs).toBeNull();
  });
});

it('of two sources the one that knows more checks is believed', () => {
  const [less, more] = [tally({ checks: 3 }), tally({ checks: 4 })];
  expect([fuller(less, more), fuller(more, less), fuller(undefined, less)]).toEqual([more, more, less]);
});
