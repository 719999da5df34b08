import { setTimeout as delay } from 'node:timers/promises';
import { filters } from '@tocsin/contracts';
import type { EventLog } from '@tocsin/event-log';
import { addMs, shardOf, toInstant, toMs } from '@tocsin/kernel';
import type { Logger } from '@tocsin/service-kit';
import { type Kysely, sql } from 'kysely';
import type { Bell } from '../bell.js';
import { foldedUntil } from '../checkpoint.store.js';
import { createLogicalClock, type LogicalClock, type TimeSources } from '../logical-clock.js';
import { unfoldedEntities } from '../unfolded.reader.js';
import { caughtUp } from './caught-up.reader.js';
import { latestMark } from './job.store.js';
import type { QueuedRun } from './queued-run.js';
import { forgetRuns } from './run.store.js';
import { KEPT_MS } from './run-tables.js';
import type { RunsMetrics } from './runs.metrics.js';
import { RUNS_PROJECTION } from './runs.projection.js';
import { createStopTeller } from './stop-teller.js';
import { type QueueLimits, takeTurn } from './turn.store.js';

export interface RunsLoopOptions {
  readonly db: Kysely<unknown>;
  readonly log: Pick<EventLog, 'describe' | 'read'>;
  /** whether the log is at hand now */
  readonly isConnected: () => boolean;
  /** tells the executors of a location to end a run; nobody answers */
  readonly tellStop: (location: string, runId: string) => void;
  readonly time: TimeSources;
  /** rung when jobs or runs have changed */
  readonly changed: Bell;
  readonly limits: QueueLimits;
  readonly logger: Logger;
  readonly metrics: RunsMetrics;
  /** longest sleep between two looks at the queue, milliseconds */
  readonly maxSleepMs?: number;
  /** after an outage of the log what executors said meanwhile gets this long to arrive in it, milliseconds */
  readonly settleMs?: number;
  /** see `caughtUp` */
  readonly standstillMs?: number;
}

const RETRY_MS = 500;
/** Another replica is asked this often whether it still leads. */
const ASK_MS = 1_000;
const FORGET_MS = 60_000;

/** Keeps the queue of runs until the signal; one replica does at a time, and who loses its connection has lost the lead. */
export async function runRuns(options: RunsLoopOptions, signal: AbortSignal): Promise<void> {
  const { db, logger, metrics, time } = options;
  const clock = createLogicalClock(time);
  while (!signal.aborted) {
    try {
      await db.connection().execute(async (connection) => {
        try {
          if (await becomeLeader(connection, signal)) await lead(options, clock, connection, signal);
        } finally {
          metrics.idle();
          // The connection goes back to the pool, its lock must not.
          await sql`select pg_advisory_unlock_all()`.execute(connection).catch(() => undefined);
        }
      });
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ err: error }, 'the queue of runs was interrupted, going on with it');
      await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function becomeLeader(connection: Kysely<unknown>, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const { rows } = await sql<{ ok: boolean }>`
      select pg_try_advisory_lock(hashtext('scheduler-runs'), 0) as ok`.execute(connection);
    if (rows[0]?.ok === true) return true;
    await delay(ASK_MS, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

async function lead(
  options: RunsLoopOptions,
  clock: LogicalClock,
  connection: Kysely<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const { log, logger, metrics, limits, changed, maxSleepMs = 2_000 } = options;
  await caughtUp({ connection, log, logger, standstillMs: options.standstillMs ?? 10_000 }, signal);
  const mark = await latestMark(connection);
  if (mark !== undefined) clock.raise(toMs(mark));
  if (!signal.aborted) logger.info('keeping the queue of runs');
  const hearOut = createListener(options, connection, signal);
  const stops = createStopTeller(options.tellStop);
  let heardOut: ReadonlySet<string> = new Set();
  let forgotAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    const now = toInstant(clock.now());
    const turn = await takeTurn(connection, { now, limits, heardOut });
    metrics.took(turn);
    stops.tell(turn.stops, performance.now());
    heardOut = await hearOut(turn.silent);
    if (performance.now() - forgotAt > FORGET_MS) {
      await forgetRuns(connection, addMs(now, -KEPT_MS));
      forgotAt = performance.now();
    }
    if (turn.isMore || heardOut.size > 0) continue;
    const untilSlot = turn.nextSlotAt === undefined ? maxSleepMs : toMs(turn.nextSlotAt) - clock.now();
    await changed.wait(Math.max(0, Math.min(maxSleepMs, untilSlot)), signal);
  }
}

/** @returns of the silent runs those that the log knows no more of than we do */
function createListener(
  { log, isConnected, logger, settleMs = 5_000 }: RunsLoopOptions,
  connection: Kysely<unknown>,
  signal: AbortSignal,
) {
  let connectedSince: number | undefined;
  return async (silent: readonly QueuedRun[]): Promise<ReadonlySet<string>> => {
    connectedSince = isConnected() ? (connectedSince ?? performance.now()) : undefined;
    const isSettled = connectedSince !== undefined && performance.now() - connectedSince >= settleMs;
    if (silent.length === 0 || !isSettled) return new Set();
    try {
      const shards = [...new Set(silent.map(({ jobId }) => shardOf(jobId)))];
      const { sequence } = await foldedUntil(connection, RUNS_PROJECTION, 'RESULTS', shards);
      const subject = filters.allRuns;
      const unfolded = await unfoldedEntities({ log, subject, shards, after: sequence, signal });
      return new Set(silent.filter(({ jobId }) => !unfolded.has(jobId)).map(({ runId }) => runId));
    } catch (error) {
      if (!signal.aborted)
        logger.warn({ err: error, runs: silent.length }, 'silent runs cannot be judged yet');
      return new Set();
    }
  };
}
