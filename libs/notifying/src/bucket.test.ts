import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bucket, FULL_BUCKET, take } from './bucket.js';

const NOW = 1_700_000_000_000;

describe('the rate of a destination', () => {
  it('gives the burst at once, then one per interval', () => {
    const rate = { perSecond: 2, burst: 3 };
    let state: Bucket = FULL_BUCKET;
    const waits = Array.from({ length: 5 }, () => {
      const taken = take(state, NOW, rate);
      state = taken.state;
      return taken.waitMs;
    });
    expect(waits).toEqual([0, 0, 0, 500, 500]);
  });

  it('has one when it said it would have one', () => {
    const rates = fc.record({
      perSecond: fc.double({ min: 0.01, max: 100, noNaN: true }),
      burst: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(rates, fc.array(fc.integer({ min: 0, max: 5000 })), (rate, gaps) => {
        let state: Bucket = FULL_BUCKET;
        let nowMs = NOW;
        for (const gap of gaps) {
          nowMs += gap;
          const first = take(state, nowMs, rate);
          nowMs += first.waitMs;
          const second = first.waitMs === 0 ? first : take(first.state, nowMs, rate);
          expect(second.waitMs).toBe(0);
          state = second.state;
        }
      }),
    );
  });

  it('never gives more than the burst and the rate allow in any stretch of time', () => {
    const rate = { perSecond: 5, burst: 4 };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1 }), (gaps) => {
        let state: Bucket = FULL_BUCKET;
        let elapsedMs = 0;
        let given = 0;
        for (const gap of gaps) {
          elapsedMs += gap;
          const taken = take(state, NOW + elapsedMs, rate);
          state = taken.state;
          if (taken.waitMs === 0) given += 1;
        }
        expect(given).toBeLessThanOrEqual(rate.burst + (elapsedMs * rate.perSecond) / 1000);
      }),
    );
  });

  it('is not silent for two hours when the clock goes back two hours', () => {
    const rate = { perSecond: 1, burst: 5 };
    const { state } = take(FULL_BUCKET, NOW, rate);
    expect(take(state, NOW - 7_200_000, rate).waitMs).toBeLessThanOrEqual(1000);
  });
});
