import { setTimeout as delay } from 'node:timers/promises';
import type { EventLog } from '@tocsin/event-log';
import type { Logger } from '@tocsin/service-kit';
import { type Kysely, sql } from 'kysely';
import { type Bell, createBell } from './bell.js';
import { runDeadlines } from './deadline.loop.js';
import { createDuePublisher, type DuePublisher } from './due.publisher.js';
import { createLogicalClock, type LogicalClock, type TimeSources } from './logical-clock.js';
import type { SchedulerMetrics } from './scheduler.metrics.js';
import { createShardKeeper } from './shards.loop.js';
import { createTimetable, type Timetable } from './timetable.js';

export interface ClockOptions {
  readonly db: Kysely<unknown>;
  readonly log: Pick<EventLog, 'publish' | 'describe' | 'read'>;
  readonly isConnected: () => boolean;
  readonly time: TimeSources;
  /** rung when schedules have changed */
  readonly changed: Bell;
  readonly logger: Logger;
  readonly metrics: SchedulerMetrics;
  readonly upkeepMs?: number;
  /** longest sleep between two looks at the time, milliseconds */
  readonly maxSleepMs?: number;
  /** see `runDeadlines` */
  readonly settleMs?: number;
  /** at the end, what is on its way gets this long to arrive, milliseconds */
  readonly drainMs?: number;
}

/** What comes due within this long goes out together: fewer wake-ups, and well within a hundred milliseconds. */
const TOGETHER_MS = 5;
const RETRY_MS = 500;

/**
 * Turns time into events until the signal. The locks of the shards, their marks and the reading of their schedules share
 * one connection: with it all is lost, and another replica, or this one anew, goes on from the marks.
 */
export async function runClock(options: ClockOptions, signal: AbortSignal): Promise<void> {
  const { db, logger, time } = options;
  const clock = createLogicalClock(time);
  while (!signal.aborted) {
    try {
      await db.connection().execute(async (connection) => {
        try {
          await tenure(options, clock, connection, signal);
        } finally {
          // The connection goes back to the pool, its locks must not.
          await sql`select pg_advisory_unlock_all()`.execute(connection).catch(() => undefined);
        }
      });
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ err: error }, 'the clock was interrupted, starting again from its marks');
      await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function tenure(
  options: ClockOptions,
  clock: LogicalClock,
  connection: Kysely<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const { log, logger, metrics, changed, upkeepMs = 1_000, maxSleepMs = 1_000, drainMs = 2_000 } = options;
  const ended = new AbortController();
  const loops = AbortSignal.any([signal, ended.signal]);
  const lost = new AbortController();
  const due = createBell();
  const overdue = createBell();
  const timetable = createTimetable();
  const publisher = createDuePublisher({
    log,
    now: clock.now,
    logger,
    metrics,
    signal: lost.signal,
    onRoom: due.ring,
  });
  let shards = 0;
  const keeper = createShardKeeper({
    connection,
    log,
    clock,
    timetable,
    publisher,
    changed,
    onPut: () => {
      due.ring();
      overdue.ring();
    },
    onShards: (count) => {
      shards = count;
    },
    logger,
    upkeepMs,
  });
  metrics.watch(() => ({
    schedules: timetable.size,
    shards,
    aheadSeconds: clock.aheadMs() / 1_000,
    inFlight: publisher.inFlight,
  }));
  const running = [
    keeper.run(loops),
    publishDue({ clock, timetable, publisher, due, maxSleepMs }, loops),
    runDeadlines(
      {
        connection,
        log,
        isConnected: options.isConnected,
        timetable,
        publisher,
        now: clock.now,
        bell: overdue,
        logger,
        settleMs: options.settleMs ?? 5_000,
      },
      loops,
    ),
  ];
  try {
    await Promise.all(running);
    await Promise.race([publisher.idle(), delay(drainMs)]);
    await keeper.saveProgress();
  } finally {
    ended.abort();
    lost.abort(new Error('the clock has lost its connection'));
    await Promise.allSettled(running);
  }
}

interface PublishLoop {
  readonly clock: LogicalClock;
  readonly timetable: Timetable;
  readonly publisher: DuePublisher;
  readonly due: Bell;
  readonly maxSleepMs: number;
}

/** Publishes what is due as long as the log takes it; what it does not take yet is planned anew when it does. */
async function publishDue(
  { clock, timetable, publisher, due, maxSleepMs }: PublishLoop,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const nowMs = clock.now();
    for (;;) {
      const room = publisher.room();
      const taken = room === 0 ? [] : timetable.takeChecks(nowMs, room);
      for (const one of taken) void publisher.publish(one);
      if (taken.length === 0) break;
    }
    const next = timetable.nextCheckMs;
    const waitMs = next === undefined || publisher.room() === 0 ? maxSleepMs : next - clock.now();
    await due.wait(Math.min(maxSleepMs, Math.max(TOGETHER_MS, waitMs)), signal);
  }
}
