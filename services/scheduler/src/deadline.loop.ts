import { filters } from '@tocsin/contracts';
import type { EventLog } from '@tocsin/event-log';
import { shardOf, toInstant, toMs } from '@tocsin/kernel';
import { onDeadline } from '@tocsin/monitoring';
import type { Logger } from '@tocsin/service-kit';
import type { Kysely } from 'kysely';
import type { Bell } from './bell.js';
import { foldedUntil } from './checkpoint.store.js';
import type { DuePublisher } from './due.publisher.js';
import { heartbeatMissedEvents } from './due-events.js';
import { cadenceOf, isActive, type MonitorSchedule } from './schedule.js';
import { SCHEDULE_PROJECTION } from './schedule.projection.js';
import { schedulesById } from './schedule.store.js';
import type { Timetable } from './timetable.js';
import { unfoldedEntities } from './unfolded.reader.js';

export interface DeadlineLoopOptions {
  readonly connection: Kysely<unknown>;
  readonly log: Pick<EventLog, 'read'>;
  /** whether the log is at hand now */
  readonly isConnected: () => boolean;
  readonly timetable: Timetable;
  readonly publisher: DuePublisher;
  readonly now: () => number;
  readonly bell: Bell;
  readonly logger: Logger;
  /** after an outage of the log heartbeats that were accepted meanwhile get this long to arrive in it, milliseconds */
  readonly settleMs: number;
}

/** Deadlines are gathered this long, so that many cost one look at the log. */
const GATHER_MS = 200;
const IDLE_MS = 1_000;
const BATCH = 1_000;
const AGAIN_MS = 1_000;

/** Reports heartbeats that did not come, once it is certain that they did not. */
export async function runDeadlines(options: DeadlineLoopOptions, signal: AbortSignal): Promise<void> {
  const { timetable, now, isConnected, bell, logger, settleMs } = options;
  let connectedSince: number | undefined;
  while (!signal.aborted) {
    connectedSince = isConnected() ? (connectedSince ?? performance.now()) : undefined;
    const isSettled = connectedSince !== undefined && performance.now() - connectedSince >= settleMs;
    const nowMs = now();
    const overdue = isSettled ? timetable.takeDeadlines(nowMs, BATCH) : [];
    if (overdue.length > 0)
      try {
        await judge(options, overdue, nowMs, signal);
      } catch (error) {
        if (signal.aborted) return;
        logger.warn({ err: error, monitors: overdue.length }, 'overdue heartbeats cannot be judged yet');
        for (const monitorId of overdue) timetable.judgeAt(monitorId, nowMs + AGAIN_MS);
      }
    const next = timetable.nextDeadlineMs;
    const waitMs = next === undefined || !isSettled ? IDLE_MS : next - now();
    await bell.wait(Math.min(IDLE_MS, Math.max(GATHER_MS, waitMs)), signal);
  }
}

async function judge(
  { connection, log, timetable, publisher, now }: DeadlineLoopOptions,
  overdue: readonly string[],
  nowMs: number,
  signal: AbortSignal,
): Promise<void> {
  // 1. load: how far is folded, then the states, then what came after; a heartbeat is in one of the two
  const shards = [...new Set(overdue.map(shardOf))];
  const { sequence } = await foldedUntil(connection, SCHEDULE_PROJECTION, 'RESULTS', shards);
  const schedules = await schedulesById(connection, overdue);
  const subject = filters.allHeartbeats;
  const unfolded = await unfoldedEntities({ log, subject, shards, after: sequence, signal });
  // 2. decide
  const publishing: Promise<boolean>[] = [];
  for (const monitorId of overdue) {
    const schedule = schedules.get(monitorId);
    if (schedule?.heartbeat === undefined || !isActive(schedule)) continue;
    if (unfolded.has(monitorId)) timetable.judgeAt(monitorId, nowMs + AGAIN_MS);
    else publishing.push(judgeOne(schedule, { timetable, publisher, nowMs, now }));
  }
  // 3. publish
  await Promise.all(publishing);
}

async function judgeOne(
  schedule: MonitorSchedule,
  {
    timetable,
    publisher,
    nowMs,
    now,
  }: Pick<DeadlineLoopOptions, 'timetable' | 'publisher' | 'now'> & { nowMs: number },
): Promise<boolean> {
  const { monitorId, heartbeat } = schedule;
  // A shard that was given away meanwhile is judged by its new owner.
  if (heartbeat === undefined || !timetable.has(monitorId)) return true;
  const decision = onDeadline(heartbeat, toInstant(nowMs), cadenceOf(schedule, heartbeat));
  timetable.judgeAt(monitorId, toMs(decision.state.deadlineAt));
  if (decision.reason === 'not_yet') return true;
  return await publisher.publishAll(heartbeatMissedEvents(schedule, heartbeat, decision, toInstant(now())));
}
