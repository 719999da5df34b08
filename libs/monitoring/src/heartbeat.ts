import { addMs, type Instant, toInstant, toMs } from '@tocsin/kernel';
import { catchUpOnGrid } from './slots.js';

/** How often a heartbeat is expected, and how late it may be. */
export interface HeartbeatCadence {
  readonly intervalSeconds: number;
  readonly graceSeconds: number;
}

export const LONGEST_GRACE_SECONDS = 7 * 86_400;

export interface HeartbeatState {
  readonly lastReceivedAt?: Instant | undefined;
  /** without a heartbeat by then it is missed; the miss has this instant as its slot */
  readonly deadlineAt: Instant;
}

export type DeadlineDecision =
  | { readonly reason: 'not_yet'; readonly state: HeartbeatState }
  | {
      readonly reason: 'deadline_passed';
      /** the deadline to report as a failed result */
      readonly slot: Instant;
      /** earlier deadlines that passed while nobody looked: recorded, never counted */
      readonly missed?: { readonly firstSlot: Instant; readonly lastSlot: Instant; readonly count: number };
      readonly state: HeartbeatState;
    };

const patienceMs = ({ intervalSeconds, graceSeconds }: HeartbeatCadence): number =>
  (intervalSeconds + graceSeconds) * 1000;

const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);
const earlier = (a: Instant, b: Instant): Instant => (a < b ? a : b);

/** A heartbeat that was never received has one interval and its grace from the moment it is enabled. */
export function initialDeadline(enabledAt: Instant, intervalSeconds: number, graceSeconds: number): Instant {
  return addMs(enabledAt, patienceMs({ intervalSeconds, graceSeconds }));
}

/** A repeated or overtaken heartbeat changes nothing, and none brings a deadline forward: its slot may be used. */
export function onReceived(
  state: HeartbeatState,
  receivedAt: Instant,
  cadence: HeartbeatCadence,
): HeartbeatState {
  if (state.lastReceivedAt !== undefined && receivedAt <= state.lastReceivedAt) return state;
  return {
    lastReceivedAt: receivedAt,
    deadlineAt: later(state.deadlineAt, addMs(receivedAt, patienceMs(cadence))),
  };
}

/**
 * Judges the deadline at `now`, which must not be ahead of the heartbeats folded so far. A miss moves the deadline by
 * one interval without another grace, so that consecutive misses can be counted; after downtime only one is reported.
 */
export function onDeadline(state: HeartbeatState, now: Instant, cadence: HeartbeatCadence): DeadlineDecision {
  const intervalMs = cadence.intervalSeconds * 1000;
  const { dueMs, missed } = catchUpOnGrid(toMs(state.deadlineAt), intervalMs, toMs(now));
  if (dueMs === undefined) return { reason: 'not_yet', state };
  return {
    reason: 'deadline_passed',
    slot: toInstant(dueMs),
    ...(missed && {
      missed: {
        firstSlot: toInstant(missed.firstSlotMs),
        lastSlot: toInstant(missed.lastSlotMs),
        count: missed.count,
      },
    }),
    state: { ...state, deadlineAt: toInstant(dueMs + intervalMs) },
  };
}

/**
 * An edit of interval or grace moves the deadline to where the new cadence puts it. Shortening never makes an
 * instant miss: the sender has one whole new cadence from the edit, or until the old deadline if that is sooner.
 */
export function onCadenceChanged(
  state: HeartbeatState,
  edit: { readonly changedAt: Instant; readonly enabledAt: Instant; readonly cadence: HeartbeatCadence },
): HeartbeatState {
  const patience = patienceMs(edit.cadence);
  const byLastReceived = addMs(state.lastReceivedAt ?? edit.enabledAt, patience);
  const byEdit = earlier(state.deadlineAt, addMs(edit.changedAt, patience));
  return { ...state, deadlineAt: later(byLastReceived, byEdit) };
}
