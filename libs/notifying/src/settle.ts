import { assertNever } from '@tocsin/kernel';
import { nextAttempt } from './backoff.js';

export type Settlement =
  | { readonly state: 'delivered' }
  | { readonly state: 'planned'; readonly delayMs: number }
  | { readonly state: 'failed'; readonly reason: 'permanent' | 'exhausted' };

/**
 * What becomes of a notification after an attempt.
 * @param tried.attempt 1 for the first since it was planned, or planned again by a person
 * @param tried.random in [0, 1)
 */
export function settleAttempt(
  outcome: {
    readonly result: 'delivered' | 'retry' | 'permanent';
    readonly retryAfterMs?: number | undefined;
  },
  tried: { readonly attempt: number; readonly random: number },
): Settlement {
  switch (outcome.result) {
    case 'delivered':
      return { state: 'delivered' };
    case 'permanent':
      return { state: 'failed', reason: 'permanent' };
    case 'retry': {
      const next = nextAttempt({ ...tried, retryAfterMs: outcome.retryAfterMs });
      return next === 'exhausted' ? { state: 'failed', reason: 'exhausted' } : { state: 'planned', ...next };
    }
    default:
      return assertNever(outcome.result);
  }
}
