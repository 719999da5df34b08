import { setTimeout as delay } from 'node:timers/promises';
import type { Instant } from '@tocsin/kernel';
import type { Logger, Metrics } from '@tocsin/service-kit';
import { type Kysely, sql } from 'kysely';
import type { Retention } from './config.js';
import { daysAhead, firstKeptDay, HOUR_MS, startOfDay } from './day.js';
import { ensurePartitions, listPartitions } from './partitions.store.js';
import { applyRetention } from './retention.store.js';
import { rollUpDays, rollUpHours } from './rollups.store.js';

export interface MaintenanceOptions {
  readonly db: Kysely<unknown>;
  readonly retention: Retention;
  readonly now: () => Instant;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const EVERY_MS = 60_000;
/** Figures take no more than a twentieth of the time, however many monitors there are. */
const REST_PER_WORK = 19;

/** Partitions, figures and retention, until the signal. One replica does it at a time. */
export async function runMaintenance(options: MaintenanceOptions, signal: AbortSignal): Promise<void> {
  const { logger, metrics } = options;
  const partitions = metrics.gauge({
    name: 'result_partitions',
    help: 'days of single results there are tables for',
  });
  const seconds = metrics.histogram<'part'>({
    name: 'maintenance_seconds',
    help: 'time the parts of maintenance took',
    labels: ['part'],
  });
  const timed = async <T>(part: string, work: () => Promise<T>): Promise<T> => {
    const end = seconds.startTimer({ part });
    return await work().finally(() => end());
  };
  let retainedAt = Number.NEGATIVE_INFINITY;

  while (!signal.aborted) {
    const startedAt = performance.now();
    try {
      const did = await onlyHere(options.db, async () => {
        await timed('figures', () => maintain(options));
        if (startedAt - retainedAt < HOUR_MS) return;
        const dropped = await timed('retention', () =>
          applyRetention(options.db, options.retention, options.now()),
        );
        retainedAt = startedAt;
        if (dropped.days.length + dropped.rows > 0)
          logger.info(dropped, 'results kept long enough are dropped');
      });
      if (did) partitions.set((await listPartitions(options.db)).length);
    } catch (error) {
      if (!signal.aborted)
        logger.warn({ err: error }, 'maintenance of the results failed, will be tried again');
    }
    const tookMs = performance.now() - startedAt;
    await delay(Math.max(EVERY_MS, tookMs * REST_PER_WORK), undefined, { signal }).catch(() => undefined);
  }
}

/** One pass: room for what comes, then the figures of what came. */
export async function maintain({
  db,
  retention,
  now,
}: Pick<MaintenanceOptions, 'db' | 'retention' | 'now'>): Promise<void> {
  const at = now();
  await db.transaction().execute((tx) => ensurePartitions(tx, daysAhead(at, retention.resultsDays)));
  const keptFrom = startOfDay(firstKeptDay(at, retention.resultsDays));
  await rollUpHours(db, keptFrom, at);
  await rollUpDays(db, keptFrom, at);
}

/** @returns false when another replica is at it */
async function onlyHere(db: Kysely<unknown>, work: () => Promise<void>): Promise<boolean> {
  return await db.connection().execute(async (connection) => {
    const { rows } = await sql<{ ok: boolean }>`
      select pg_try_advisory_lock(hashtext('results:maintenance')) as ok`.execute(connection);
    if (rows[0]?.ok !== true) return false;
    try {
      await work();
      return true;
    } finally {
      await sql`select pg_advisory_unlock(hashtext('results:maintenance'))`
        .execute(connection)
        .catch(() => undefined);
    }
  });
}
