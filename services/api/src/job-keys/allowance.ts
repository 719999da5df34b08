import { addMs, type Instant, msBetween } from '@tocsin/kernel';

/** What a key may still do. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  /** until there is room for one more than now; 0 when there is nothing to wait for */
  readonly resetSeconds: number;
}

/** @param oldest start that counts, undefined when none does */
export function allowanceOf(
  { limit, perSeconds }: { readonly limit: number; readonly perSeconds: number },
  starts: number,
  oldest: Instant | undefined,
  now: Instant,
): Allowance {
  const waitMs = oldest === undefined ? 0 : msBetween(now, addMs(oldest, perSeconds * 1000));
  return {
    limit,
    remaining: Math.max(0, limit - starts),
    resetSeconds: Math.max(0, Math.ceil(waitMs / 1000)),
  };
}

/** In the names of the IETF draft, where the reset is a time to wait, and in the older ones, where it is a moment. */
export const headersOf = ({ limit, remaining, resetSeconds }: Allowance, now: Instant) => ({
  'ratelimit-limit': String(limit),
  'ratelimit-remaining': String(remaining),
  'ratelimit-reset': String(resetSeconds),
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': String(Math.ceil(Date.parse(now) / 1000) + resetSeconds),
});
