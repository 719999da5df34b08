import type { Append } from '@tocsin/event-log';
import { addMs, type Instant, toInstant, toMs } from '@tocsin/kernel';
import { type Bucket, decideDispatch, decideSend, nextAttempt, type Rate, take } from '@tocsin/notifying';
import { failedEvent, mutedEvent } from '../deliveries.js';
import type { Desk, Due, Ending, Job } from './desk.js';

export interface Surroundings {
  readonly now: Instant;
  /** of this process: the backend of its locks */
  readonly worker: number;
  /** every sender that holds its connection */
  readonly liveWorkers: ReadonlySet<number>;
  readonly bucket: Bucket;
  readonly rate: Rate;
}

/** What to do for one destination now: at most one attempt starts, so that messages arrive in order. */
export interface Dispatch {
  readonly start: Job | undefined;
  /** the attempt is the one that finds out whether the destination is back */
  readonly probe: boolean;
  readonly interrupted: readonly { readonly notification_id: string; readonly number: number }[];
  readonly endings: readonly Ending[];
  readonly events: readonly Append[];
  readonly waits: readonly { readonly id: string; readonly behind: string }[];
  readonly bucket: Bucket;
  /** look again then, whatever else happens */
  readonly againAt: Instant | undefined;
}

const UNKNOWN_RECHECK_MS = 1_000;
/** An attempt of a live process is waited for this long; none may take so long. */
const LONGEST_ATTEMPT_MS = 60_000;
const NO_ANSWER = { status: 0, excerpt: '' };

/** Nothing will be sent to it any more. */
export const isClosed = ({ provider, health }: Desk): boolean =>
  provider?.deleted === true || health.disabledReason !== undefined;

/** When the destination may be sent to at all; undefined: now. */
export function closedUntil(desk: Desk, now: Instant): Instant | undefined {
  const { provider, health } = desk;
  if (provider === undefined) return addMs(now, UNKNOWN_RECHECK_MS);
  if (isClosed(desk)) return undefined;
  if (health.heldUntil !== undefined && health.heldUntil > now) return health.heldUntil;
  const decision = decideSend(health.breaker, toMs(now));
  return decision.send ? undefined : addMs(now, decision.waitMs);
}

/** @param due of this destination, in the order they were planned */
export function dispatchDesk(desk: Desk, due: readonly Due[], around: Surroundings): Dispatch {
  const { now } = around;
  const { provider } = desk;
  const done = new Set<string>();
  const plan = {
    start: undefined as Job | undefined,
    probe: desk.health.breaker.state !== 'closed',
    interrupted: [] as { notification_id: string; number: number }[],
    endings: [] as Ending[],
    events: [] as Append[],
    waits: [] as { id: string; behind: string }[],
    bucket: around.bucket,
    againAt: undefined as Instant | undefined,
  };
  const mute = (row: Due, id: string, reason: string) => {
    done.add(id);
    plan.endings.push({ id, state: 'muted', reason, next_attempt_at: null, finished_at: now });
    plan.events.push(mutedEvent(partnerOf(row, id), reason, now));
  };
  const fail = (row: Due, reason: string) => {
    plan.endings.push({ id: row.id, state: 'failed', reason, next_attempt_at: null, finished_at: now });
    plan.events.push(failedEvent(row, reason, NO_ANSWER, now));
  };

  for (const row of due) {
    if (done.has(row.id)) continue;
    if (provider === undefined || row.event_type === null) {
      plan.againAt = addMs(now, UNKNOWN_RECHECK_MS);
      break;
    }
    if (row.last_outcome === 'started') {
      if (isUnderWayElsewhere(row, around)) {
        plan.againAt = addMs(now, UNKNOWN_RECHECK_MS);
        break;
      }
      plan.interrupted.push({ notification_id: row.id, number: row.attempts });
      // What kills the process each time is given up like anything else.
      if (nextAttempt({ attempt: row.attempts - row.attempts_before, random: 0 }) === 'exhausted') {
        fail(row, 'exhausted');
        continue;
      }
    }
    if (provider.deleted) {
      mute(row, row.id, 'provider_deleted');
      continue;
    }
    const decision = decideDispatch(standingOf(row), row.others, now);
    if (decision.decision === 'mute') {
      for (const id of decision.ids) mute(row, id, decision.reason);
      continue;
    }
    if (decision.decision === 'wait') {
      plan.waits.push({ id: row.id, behind: decision.behind });
      continue;
    }
    if (desk.health.disabledReason !== undefined) {
      fail(row, 'provider_disabled');
      continue;
    }
    const taken = take(plan.bucket, toMs(now), around.rate);
    plan.bucket = taken.state;
    if (taken.waitMs > 0) plan.againAt = toInstant(toMs(now) + taken.waitMs);
    else plan.start = { notification: row, provider, number: row.attempts + 1, startedAt: now };
    break;
  }
  return plan;
}

function isUnderWayElsewhere(row: Due, { worker, liveWorkers, now }: Surroundings): boolean {
  const { last_worker: by, last_started_at: since } = row;
  if (by === null || since === null || by === worker || !liveWorkers.has(by)) return false;
  return toMs(now) - toMs(since) < LONGEST_ATTEMPT_MS;
}

const standingOf = (row: Due) => ({
  id: row.id,
  alertEvent: row.alert_event,
  state: row.state,
  reason: row.reason,
  plannedAt: row.planned_at,
  attempts: row.attempts,
  redriven: row.redriven,
});

/** The partner of a pair that is dropped together. */
function partnerOf(row: Due, id: string): Due {
  const other = row.others.find((one) => one.id === id);
  if (other === undefined) return row;
  const { alertEvent: alert_event, alertEventId: alert_event_id, attempts } = other;
  return { ...row, id, alert_event, alert_event_id, attempts };
}
