import { setTimeout as delay } from 'node:timers/promises';
import type { NewEvent } from '@tocsin/contracts';
import { connectDatabase, migrate } from '@tocsin/database';
import { createInMemoryLog, type EventLog, runProjection } from '@tocsin/event-log';
import { newId, toInstant } from '@tocsin/kernel';
import { createLogger, createMetrics } from '@tocsin/service-kit';
import { createBell } from './bell.js';
import { runClock } from './clock.loop.js';
import { migrations } from './migrations/index.js';
import { foldSchedules, SCHEDULE_PROJECTION } from './schedule.projection.js';
import { schedulerMetrics } from './scheduler.metrics.js';
import type { configured } from './testing.js';

export interface ReplicaOptions {
  readonly publish?: EventLog['publish'];
  readonly folds?: boolean;
  readonly nowMs?: () => number;
}

/** A log for one test, beside the database it was given, and schedulers on both as processes would be. */
export const startStage = (database: Database, onTestFinished: (stop: () => Promise<void>) => void) =>
  startStageOn(database, createInMemoryLog(), onTestFinished);

interface Database {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

export async function startStageOn<Log extends EventLog>(
  database: Database,
  log: Log,
  onTestFinished: (stop: () => Promise<void>) => void,
) {
  const logger = createLogger({ name: 'test', level: 'silent' });
  const db = connectDatabase<unknown>({
    databaseUrl: database.url,
    name: 'test',
    schemas: ['scheduler'],
    maxConnections: 2,
  });
  await migrate(db, 'scheduler', migrations);
  const running: { stop: () => Promise<void> }[] = [];
  onTestFinished(async () => {
    await Promise.all(running.map(({ stop }) => stop()));
    await db.destroy();
    await database.drop();
  });

  const toLog: EventLog['publish'] = (event, options) => log.publish(event, options);

  function startReplica({ publish = toLog, folds = true, nowMs = Date.now }: ReplicaOptions = {}) {
    const stopping = new AbortController();
    const own = connectDatabase<unknown>({
      databaseUrl: database.url,
      name: 'replica',
      schemas: ['scheduler'],
      maxConnections: 4,
    });
    const metrics = createMetrics('scheduler');
    const changed = createBell();
    const fold = runProjection(
      { projection: SCHEDULE_PROJECTION, db: own, log, logger, metrics },
      (events, context) => foldSchedules(events, context, changed.ring),
      folds ? stopping.signal : AbortSignal.abort(),
    );
    const clock = runClock(
      {
        db: own,
        log: { ...log, publish },
        isConnected: () => true,
        time: { wallMs: nowMs, monotonicMs: () => performance.now() },
        changed,
        logger,
        metrics: schedulerMetrics(metrics),
        upkeepMs: 100,
        maxSleepMs: 20,
        settleMs: 0,
        drainMs: 200,
      },
      stopping.signal,
    );
    let stopped: Promise<void> | undefined;
    const replica = {
      metrics,
      stop() {
        stopping.abort();
        stopped ??= Promise.all([fold, clock]).then(() => own.destroy());
        return stopped;
      },
    };
    running.push(replica);
    return replica;
  }

  /** Publishes through to the log and keeps all that went by. */
  function recorder() {
    const seen: NewEvent[] = [];
    const publish: EventLog['publish'] = async (event, options) => {
      const answer = await log.publish(event, options);
      if (!answer.duplicate) seen.push(event);
      return answer;
    };
    return {
      seen,
      publish,
      due: () => seen.flatMap((event) => (event.type === 'CheckDue' ? [event.data] : [])),
      missed: () => seen.flatMap((event) => (event.type === 'CheckMissed' ? [event.data] : [])),
      results: () => seen.flatMap((event) => (event.type === 'CheckCompleted' ? [event.data] : [])),
    };
  }
  return { db, log, startReplica, recorder };
}

/** A monitor enabled now; no slot of its grid comes up by chance. */
export function newMonitor(part: Parameters<typeof configured>[0] = {}) {
  const now = toInstant(Date.now());
  return { monitorId: newId(), enabledAt: now, changedAt: now, intervalSeconds: 86_400, ...part };
}

export async function until(condition: () => boolean | Promise<boolean>, boundMs = 10_000): Promise<void> {
  const bound = performance.now() + boundMs;
  while (!(await condition())) {
    if (performance.now() > bound) throw new Error('it did not come to that in time');
    await delay(10);
  }
}
