import { assertNever } from '@tocsin/kernel';

/** Times are milliseconds since the epoch: the state is stored and outlives the process. */
export type Breaker =
  | { readonly state: 'closed'; readonly failures: number }
  | { readonly state: 'open'; readonly openings: number; readonly untilMs: number }
  /** one attempt is under way; if nothing is heard of it by `untilMs` another may go */
  | { readonly state: 'half_open'; readonly openings: number; readonly untilMs: number };

export const CLOSED_BREAKER: Breaker = { state: 'closed', failures: 0 };

export type BreakerEvent =
  | { readonly type: 'probe_started'; readonly atMs: number }
  /** the destination answered, whatever it said */
  | { readonly type: 'answered' }
  /** it could not be reached or could not answer */
  | { readonly type: 'transport_failed'; readonly atMs: number };

export type BreakerDecision =
  | { readonly send: true; readonly reason: 'closed' | 'probe' }
  | { readonly send: false; readonly reason: 'open' | 'probe_under_way'; readonly waitMs: number };

const OPENS_AFTER = 5;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;
/** Longer than any attempt may take: only a probe whose process died is older. */
const PROBE_PATIENCE_MS = 120_000;

/** May an attempt start now? A `probe` must be recorded as `probe_started` before it is sent. */
export function decideSend(breaker: Breaker, nowMs: number): BreakerDecision {
  if (breaker.state === 'closed') return { send: true, reason: 'closed' };
  if (nowMs >= breaker.untilMs) return { send: true, reason: 'probe' };
  const reason = breaker.state === 'open' ? 'open' : 'probe_under_way';
  return { send: false, reason, waitMs: breaker.untilMs - nowMs };
}

export function evolveBreaker(breaker: Breaker, event: BreakerEvent): Breaker {
  switch (event.type) {
    case 'answered':
      return CLOSED_BREAKER;
    case 'probe_started':
      return breaker.state === 'closed'
        ? breaker
        : { state: 'half_open', openings: breaker.openings, untilMs: event.atMs + PROBE_PATIENCE_MS };
    case 'transport_failed':
      return afterFailure(breaker, event.atMs);
    default:
      return assertNever(event);
  }
}

function afterFailure(breaker: Breaker, atMs: number): Breaker {
  switch (breaker.state) {
    case 'closed':
      return breaker.failures + 1 < OPENS_AFTER
        ? { state: 'closed', failures: breaker.failures + 1 }
        : open(1, atMs);
    case 'open':
      // An attempt that was under way when the breaker opened: it says nothing new.
      return breaker;
    case 'half_open':
      return open(breaker.openings + 1, atMs);
    default:
      return assertNever(breaker);
  }
}

function open(openings: number, atMs: number): Breaker {
  const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (openings - 1), LONGEST_PAUSE_MS);
  return { state: 'open', openings, untilMs: atMs + pauseMs };
}

/**
 * What an attempt tells about the road to the destination. `429` and other refusals are answers; `421` is the mail
 * server's word for "not available".
 * @param status HTTP status or SMTP reply code, 0 when there was no answer
 */
export function breakerEvent(
  result: 'delivered' | 'retry' | 'permanent',
  status: number,
  atMs: number,
): BreakerEvent {
  const unreachable = result === 'retry' && (status === 0 || status === 421 || status >= 500);
  return unreachable ? { type: 'transport_failed', atMs } : { type: 'answered' };
}
