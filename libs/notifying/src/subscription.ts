import { addMs, type Instant, msBetween } from '@tocsin/kernel';
import { delayBelow } from './backoff.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The longest wait after failure 1, 2, 3 …; the last one is repeated for ever. */
export const SUBSCRIPTION_SCHEDULE_MS: readonly number[] = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** How another system takes what it is sent. */
export type SubscriptionStanding =
  | { readonly state: 'delivering' }
  | {
      readonly state: 'retrying';
      /** of the first failure in a row */
      readonly since: Instant;
      /** in a row */
      readonly failures: number;
      readonly nextAttemptAt: Instant;
    }
  | {
      readonly state: 'disabled';
      readonly reason: SubscriptionEnd;
      readonly at: Instant;
      /** of the first failure in a row */
      readonly since: Instant;
    };

/** `gone`: it said so (410). `failing_too_long`: nothing but failures for as long as the operator allows */
export type SubscriptionEnd = 'gone' | 'failing_too_long';

export interface DeliveryOutcome {
  readonly result: 'delivered' | 'failed';
  /** it answered 410 */
  readonly gone?: boolean | undefined;
  readonly retryAfterMs?: number | undefined;
}

/**
 * What an attempt says of a subscription. No event is ever skipped: the one that failed is tried again, and nothing
 * behind it is sent before.
 * @param around.random in [0, 1)
 * @param around.giveUpAfterMs of failing without a break; undefined: never
 */
export function settleDelivery(
  before: SubscriptionStanding,
  outcome: DeliveryOutcome,
  around: { readonly now: Instant; readonly random: number; readonly giveUpAfterMs: number | undefined },
): SubscriptionStanding {
  const { now, random, giveUpAfterMs } = around;
  if (outcome.result === 'delivered') return { state: 'delivering' };
  const since = before.state === 'delivering' ? now : before.since;
  if (outcome.gone === true) return { state: 'disabled', reason: 'gone', at: now, since };
  const leftMs = giveUpAfterMs === undefined ? Infinity : giveUpAfterMs - msBetween(since, now);
  if (leftMs <= 0) return { state: 'disabled', reason: 'failing_too_long', at: now, since };
  const failures = before.state === 'retrying' ? before.failures + 1 : 1;
  const ceilingMs = SUBSCRIPTION_SCHEDULE_MS[failures - 1] ?? SUBSCRIPTION_SCHEDULE_MS.at(-1) ?? 0;
  // The last attempt is made when the time is over, not a day before.
  const delayMs = Math.min(delayBelow(ceilingMs, { random, retryAfterMs: outcome.retryAfterMs }), leftMs);
  return { state: 'retrying', since, failures, nextAttemptAt: addMs(now, delayMs) };
}
