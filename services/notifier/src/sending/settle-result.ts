import type { Append } from '@tocsin/event-log';
import { addMs, assertNever, toMs } from '@tocsin/kernel';
import {
  breakerEvent,
  evolveBreaker,
  followIncident,
  type ProviderSign,
  type Settlement,
  settleAttempt,
} from '@tocsin/notifying';
import { deliveredEvent, failedEvent } from '../deliveries.js';
import type { Ending, Health, Result } from './desk.js';

export interface Settled {
  readonly ending: Ending;
  readonly events: readonly Append[];
  readonly health: Health;
  /** the project's other providers are to be told that this one fails */
  readonly tell: boolean;
}

/** Reasons that say the settings themselves can never work. */
const HOPELESS: ReadonlySet<string> = new Set(['gone', 'invalid_url', 'scheme_refused', 'settings_invalid']);

/** What an attempt means for its notification and for the destination. @param random in [0, 1) */
export function settleResult(result: Result, before: Health, random: number): Settled {
  const { job, outcome, finishedAt } = result;
  const { notification, number } = job;
  const settlement = settleAttempt(outcome, { attempt: number - notification.attempts_before, random });
  const delivery = { ...notification, attempts: number };
  const events =
    settlement.state === 'delivered'
      ? [deliveredEvent(delivery, outcome.answer, finishedAt)]
      : settlement.state === 'failed'
        ? [failedEvent(delivery, settlement.reason, outcome.answer, finishedAt)]
        : [];
  return { ending: endingOf(result, settlement), events, ...healthAfter(result, before, settlement) };
}

function endingOf({ job, finishedAt }: Result, settlement: Settlement): Ending {
  const { id, reason } = job.notification;
  switch (settlement.state) {
    case 'planned':
      return {
        id,
        state: 'planned',
        reason,
        next_attempt_at: addMs(finishedAt, settlement.delayMs),
        finished_at: null,
      };
    case 'delivered':
      return { id, state: 'delivered', reason, next_attempt_at: null, finished_at: finishedAt };
    case 'failed':
      return {
        id,
        state: 'failed',
        reason: settlement.reason,
        next_attempt_at: null,
        finished_at: finishedAt,
      };
    default:
      return assertNever(settlement);
  }
}

function healthAfter(
  { outcome, ownFault, finishedAt, job }: Result,
  before: Health,
  settlement: Settlement,
): { health: Health; tell: boolean } {
  const nowMs = toMs(finishedAt);
  const breaker = ownFault
    ? before.breaker
    : evolveBreaker(before.breaker, breakerEvent(outcome.result, outcome.answer.status, nowMs));
  const hopeless =
    outcome.result === 'permanent' && (outcome.disableProvider === true || HOPELESS.has(outcome.reason));
  const disabled = hopeless ? outcome.reason : before.disabledReason;
  const retryAfterMs = outcome.result === 'retry' ? outcome.retryAfterMs : undefined;
  const sign = signOf(settlement, breaker.state !== 'closed', outcome);
  // A message about another provider opens no incident here, or two dead ones would tell on each other.
  const aside = job.notification.alert_event === 'provider.failing' && sign?.type === 'gave_up';
  const followed =
    sign === undefined || aside
      ? { incident: before.incident, tell: false }
      : followIncident(before.incident, sign, finishedAt);
  return {
    tell: followed.tell,
    health: {
      ...before,
      breaker,
      incident: followed.incident,
      disabledReason: disabled,
      disabledAt: hopeless ? (before.disabledAt ?? finishedAt) : before.disabledAt,
      lastUsedAt: settlement.state === 'delivered' ? finishedAt : before.lastUsedAt,
      // Whoever asks for patience asks it of all messages, not only of this one.
      heldUntil: retryAfterMs === undefined ? undefined : addMs(finishedAt, retryAfterMs),
    },
  };
}

function signOf(
  settlement: Settlement,
  unreachable: boolean,
  outcome: Result['outcome'],
): ProviderSign | undefined {
  if (settlement.state === 'delivered') return { type: 'delivered' };
  if (settlement.state === 'failed' && outcome.result !== 'delivered')
    return { type: 'gave_up', reason: outcome.reason };
  return unreachable ? { type: 'unreachable' } : undefined;
}
