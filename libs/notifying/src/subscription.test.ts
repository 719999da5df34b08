import { addMs, msBetween } from '@tocsin/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SUBSCRIPTION_SCHEDULE_MS, type SubscriptionStanding, settleDelivery } from './subscription.js';

const NOW = '2026-03-01T12:00:00.000Z';
const DAY_MS = 86_400_000;
const failed = { result: 'failed' } as const;
const around = { now: NOW, random: 0.999_999, giveUpAfterMs: 3 * DAY_MS };
const delivering: SubscriptionStanding = { state: 'delivering' };

describe('a subscription', () => {
  it('goes on after an answer that says yes, whatever was before', () => {
    const retrying = { state: 'retrying', since: NOW, failures: 4, nextAttemptAt: NOW } as const;
    for (const before of [delivering, retrying])
      expect(settleDelivery(before, { result: 'delivered' }, around)).toEqual(delivering);
  });

  it('is tried on the whole schedule, then every day, for ever', () => {
    let standing: SubscriptionStanding = delivering;
    let now = NOW;
    const waited: number[] = [];
    for (let n = 0; n < SUBSCRIPTION_SCHEDULE_MS.length + 3; n += 1) {
      standing = settleDelivery(standing, failed, { now, random: 0.999_999_999, giveUpAfterMs: undefined });
      if (standing.state !== 'retrying') throw new Error(standing.state);
      waited.push(Math.ceil(msBetween(now, standing.nextAttemptAt) / 1000) * 1000);
      now = standing.nextAttemptAt;
    }
    expect(waited).toEqual([...SUBSCRIPTION_SCHEDULE_MS, DAY_MS, DAY_MS, DAY_MS]);
    expect(standing).toMatchObject({ since: NOW, failures: 15 });
  });

  it('switches itself off after days of nothing but failures, with a last attempt at their end', () => {
    const since = addMs(NOW, -3 * DAY_MS + 60_000);
    const before = { state: 'retrying', since, failures: 12, nextAttemptAt: NOW } as const;
    const last = settleDelivery(before, failed, around);
    expect(last).toMatchObject({ state: 'retrying', nextAttemptAt: addMs(NOW, 60_000) });
    const now = addMs(NOW, 60_000);
    expect(settleDelivery(last, failed, { ...around, now })).toEqual({
      state: 'disabled',
      reason: 'failing_too_long',
      at: now,
      since,
    });
  });

  it('switches itself off at once when its receiver is gone', () => {
    const gone = settleDelivery(delivering, { ...failed, gone: true }, around);
    expect(gone).toMatchObject({ state: 'disabled', reason: 'gone' });
  });

  it('is never tried sooner than it asked, nor later than the schedule and what it asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.option(fc.integer({ min: 0, max: DAY_MS }), { nil: undefined }),
        (failures, random, retryAfterMs) => {
          const before = { state: 'retrying', since: NOW, failures, nextAttemptAt: NOW } as const;
          const outcome = { ...failed, retryAfterMs };
          const next = settleDelivery(before, outcome, { now: NOW, random, giveUpAfterMs: undefined });
          if (next.state !== 'retrying') throw new Error(next.state);
          const waitMs = msBetween(NOW, next.nextAttemptAt);
          const ceilingMs = SUBSCRIPTION_SCHEDULE_MS[failures] ?? DAY_MS;
          expect(waitMs).toBeGreaterThanOrEqual(retryAfterMs ?? 0);
          expect(waitMs).toBeLessThanOrEqual(Math.max(ceilingMs, (retryAfterMs ?? 0) * 1.1 + 1100));
        },
      ),
    );
  });
});
