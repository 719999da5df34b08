import { assertNever, type Instant, msBetween } from '@tocsin/kernel';

/** One notification among those of the same alert and provider. */
export interface Standing {
  readonly id: string;
  /** `alert.raised`, `alert.unmuted`, `alert.resolved`; others stand alone */
  readonly alertEvent: string;
  readonly state: 'planned' | 'delivered' | 'failed' | 'muted';
  readonly reason: string | null;
  readonly plannedAt: Instant;
  /** attempts started, interrupted ones included */
  readonly attempts: number;
  /** a person asked for it: it is not dropped as out of date */
  readonly redriven: boolean;
}

export type DispatchDecision =
  | { readonly decision: 'send' }
  | { readonly decision: 'wait'; readonly behind: string }
  | {
      readonly decision: 'mute';
      readonly reason: 'superseded' | 'did_not_hear';
      readonly ids: readonly string[];
    };

/** News this old that is over is not worth waking anybody for; a restart of ours makes nothing that old. */
export const SUPERSEDED_AFTER_MS = 60_000;

const SEND: DispatchDecision = { decision: 'send' };
const mute = (reason: 'superseded' | 'did_not_hear', ...ids: string[]): DispatchDecision => ({
  decision: 'mute',
  reason,
  ids,
});

const isEnd = ({ alertEvent }: Standing): boolean => alertEvent === 'alert.resolved';

/**
 * What to do with a planned notification that is due, so that an alert is told in order and nobody hears of its
 * beginning after its end.
 *
 * A beginning that has waited long and was never attempted when its end is planned is dropped together with the end:
 * nobody heard anything, and news that is over wakes people for nothing. Once an attempt was made it may have been
 * heard, so both are told, one after the other.
 *
 * @param others those of the same alert and provider
 */
export function decideDispatch(own: Standing, others: readonly Standing[], now: Instant): DispatchDecision {
  return isEnd(own) ? dispatchEnd(own, others, now) : dispatchBeginning(own, others, now);
}

function dispatchBeginning(own: Standing, others: readonly Standing[], now: Instant): DispatchDecision {
  const end = others.find(isEnd);
  if (end === undefined) return SEND;
  switch (end.state) {
    case 'delivered':
      return mute('superseded', own.id);
    case 'planned':
      return isStale(own, now) ? mute('superseded', own.id, end.id) : SEND;
    case 'failed':
    case 'muted':
      return SEND;
    default:
      return assertNever(end.state);
  }
}

function dispatchEnd(own: Standing, others: readonly Standing[], now: Instant): DispatchDecision {
  const beginnings = others.filter((other) => !isEnd(other));
  const pending = beginnings.find(({ state }) => state === 'planned');
  if (pending !== undefined)
    return isStale(pending, now)
      ? mute('superseded', pending.id, own.id)
      : { decision: 'wait', behind: pending.id };
  const wanted = own.redriven || own.reason === 'recovery_alone';
  if (wanted || beginnings.some(({ state }) => state === 'delivered')) return SEND;
  return mute('did_not_hear', own.id);
}

const isStale = ({ attempts, redriven, plannedAt }: Standing, now: Instant): boolean =>
  attempts === 0 && !redriven && msBetween(plannedAt, now) >= SUPERSEDED_AFTER_MS;

export type RedriveDecision =
  | { readonly decision: 'again'; readonly end?: string | undefined }
  | { readonly decision: 'refused'; readonly reason: 'not_failed' | 'already_over' };

/**
 * Whether a notification is planned again when a person asks for it. With a beginning comes the `end` that was kept
 * from the provider because it had not heard the beginning (R6).
 */
export function decideRedrive(asked: Standing, others: readonly Standing[]): RedriveDecision {
  if (asked.state !== 'failed') return { decision: 'refused', reason: 'not_failed' };
  const end = isEnd(asked) ? undefined : others.find(isEnd);
  if (end?.state === 'delivered') return { decision: 'refused', reason: 'already_over' };
  const keptFrom = end?.state === 'muted' && end.reason === 'did_not_hear';
  return { decision: 'again', end: keptFrom ? end.id : undefined };
}
