export interface Rate {
  /** sustained messages per second */
  readonly perSecond: number;
  /** messages that may go at once after a rest; at least 1 */
  readonly burst: number;
}

/** A token bucket kept as one number: until when what was taken is paid for (milliseconds since the epoch). */
export interface Bucket {
  readonly spentUntilMs: number;
}

export const FULL_BUCKET: Bucket = { spentUntilMs: 0 };

/**
 * Takes one token. `waitMs` 0: taken; otherwise nothing was taken, and one will be there after that time.
 *
 * A clock that jumps back costs at most one full refill, never silence for the length of the jump.
 */
export function take(
  bucket: Bucket,
  nowMs: number,
  rate: Rate,
): { readonly state: Bucket; readonly waitMs: number } {
  const intervalMs = Math.ceil(1000 / rate.perSecond);
  const fullMs = rate.burst * intervalMs;
  const spentUntilMs = Math.min(Math.max(bucket.spentUntilMs, nowMs), nowMs + fullMs);
  const waitMs = spentUntilMs + intervalMs - (nowMs + fullMs);
  if (waitMs > 0) return { state: { spentUntilMs }, waitMs };
  return { state: { spentUntilMs: spentUntilMs + intervalMs }, waitMs: 0 };
}
