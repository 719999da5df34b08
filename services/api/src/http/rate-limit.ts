import { type Bucket, FULL_BUCKET, type Rate, take } from '@tocsin/notifying';

/** How many callers are remembered; the longest unseen is forgotten first, which hands it a full bucket again. */
const REMEMBERED = 10_000;

export interface RateLimit {
  /** takes one from the caller's bucket. @returns whether there was one */
  allow(caller: string): boolean;
  /** whether one is left, without taking it */
  has(caller: string): boolean;
}

/** Per process: what it bounds is the work one caller can cause here, so replicas need not agree. */
export function rateLimit(rate: Rate, nowMs: () => number): RateLimit {
  const buckets = new Map<string, Bucket>();
  return {
    allow(caller) {
      const { state, waitMs } = take(buckets.get(caller) ?? FULL_BUCKET, nowMs(), rate);
      buckets.delete(caller);
      buckets.set(caller, state);
      const [oldest] = buckets.keys();
      if (buckets.size > REMEMBERED && oldest !== undefined) buckets.delete(oldest);
      return waitMs === 0;
    },
    has: (caller) => take(buckets.get(caller) ?? FULL_BUCKET, nowMs(), rate).waitMs === 0,
  };
}
