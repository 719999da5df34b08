import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextAttempt, RETRY_SCHEDULE_MS } from './backoff.js';

const delayOf = (answer: ReturnType<typeof nextAttempt>): number => {
  if (answer === 'exhausted') throw new Error('exhausted');
  return answer.delayMs;
};
const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('when to try again', () => {
  it.each([
    [1, 0, 1000],
    [1, 0.5, 3000],
    [1, 0.9999, 4999],
    [2, 0, 1000],
    [2, 0.5, 15_500],
    [13, 0.5, 7_200_500],
  ])('after attempt %i with chance %f it waits %i ms', (attempt, random, delayMs) => {
    expect(nextAttempt({ attempt, random })).toEqual({ delayMs });
  });

  it('gives up after the whole schedule, which is at most a day', () => {
    expect(nextAttempt({ attempt: RETRY_SCHEDULE_MS.length + 1, random: 0 })).toBe('exhausted');
    const totalHours = RETRY_SCHEDULE_MS.reduce((sum, ms) => sum + ms, 0) / 3_600_000;
    expect(totalHours).toBeGreaterThan(23);
    expect(totalHours).toBeLessThanOrEqual(24);
  });

  it('never waits less than a second, more than its step, or less than it was asked to', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: RETRY_SCHEDULE_MS.length }),
        anyRandom,
        fc.integer({ min: 0, max: 86_400_000 }),
        (attempt, random, retryAfterMs) => {
          const step = RETRY_SCHEDULE_MS[attempt - 1] ?? 0;
          const free = delayOf(nextAttempt({ attempt, random }));
          expect(free).toBeGreaterThanOrEqual(1000);
          expect(free).toBeLessThanOrEqual(step);
          const asked = delayOf(nextAttempt({ attempt, random, retryAfterMs }));
          expect(asked).toBeGreaterThanOrEqual(retryAfterMs);
          expect(asked).toBeLessThanOrEqual(Math.max(step, retryAfterMs * 1.1));
        },
      ),
    );
  });

  it('spreads those that were all told the same Retry-After', () => {
    const asked = { attempt: 1, retryAfterMs: 60_000 };
    expect(delayOf(nextAttempt({ ...asked, random: 0.9 }))).toBeGreaterThan(
      delayOf(nextAttempt({ ...asked, random: 0.1 })),
    );
  });
});
