import type { Instant } from '@tocsin/kernel';
import type { MonitorSchedule } from './schedule.js';

/** What was known of a heartbeat when it was at this revision, before everything was folded again. */
export interface Heard {
  readonly revision: number;
  readonly enabledAt: Instant;
  readonly lastReceivedAt?: Instant | undefined;
  readonly deadlineAt: Instant;
}

/**
 * A schedule folded again, with what the log has forgotten of its heartbeats. Another revision is another cadence, whose
 * deadlines say nothing of this one; and none is brought forward: its slot may be used.
 */
export function recall(schedule: MonitorSchedule, heard: Heard | undefined): MonitorSchedule {
  const { heartbeat, revision, enabledAt } = schedule;
  if (heartbeat === undefined || heard?.revision !== revision || heard.enabledAt !== enabledAt)
    return schedule;
  return {
    ...schedule,
    heartbeat: {
      graceSeconds: heartbeat.graceSeconds,
      lastReceivedAt: later(heartbeat.lastReceivedAt, heard.lastReceivedAt),
      deadlineAt: heard.deadlineAt > heartbeat.deadlineAt ? heard.deadlineAt : heartbeat.deadlineAt,
    },
  };
}

const later = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a;
