import { type EventLog, startRebuild } from '@tocsin/event-log';
import type { Instant } from '@tocsin/kernel';
import { type Kysely, sql, type Transaction } from 'kysely';
import { addDays, type Day, dayOf, firstKeptDay, startOfDay } from './day.js';
import { listPartitions } from './partitions.store.js';
import { PROJECTION, SCHEMA } from './result-projector.js';

export interface RebuildResultsOptions {
  readonly db: Kysely<unknown>;
  readonly log: EventLog;
  readonly now: () => Instant;
  readonly retentionDays: number;
}

/**
 * Empties what the log can give back and nothing else: RESULTS keeps a week, the figures and histories made of it months.
 * @returns from when on everything is made anew; undefined when everything is
 * @throws when a replica still runs
 */
export async function rebuildResults(options: RebuildResultsOptions): Promise<Instant | undefined> {
  const { db, log, now, retentionDays } = options;
  const { firstSequence, lastSequence } = await log.describe('RESULTS');
  const first = firstSequence <= 1 ? undefined : await log.messageAt('RESULTS', firstSequence);
  const horizon = startOfDay(firstKeptDay(now(), retentionDays));
  // Results older than their retention would be dropped again before a figure was made of them.
  const from = first === undefined || first.storedAt > horizon ? first?.storedAt : horizon;
  await startRebuild({
    projection: PROJECTION,
    db,
    log,
    empty: async (tx) => {
      await forgetPlaces(tx, firstSequence, lastSequence);
      if (from === undefined) await emptyAll(tx);
      else await emptyFrom(tx, from);
    },
  });
  return from;
}

/** Configuration whose place the log no longer has comes before everything that it has. */
async function forgetPlaces(tx: Transaction<unknown>, first: number, last: number): Promise<void> {
  await sql`update config_change set position = 0
    where position > 0 and (position < ${first} or position > ${last})`.execute(tx);
}

async function emptyAll(tx: Transaction<unknown>): Promise<void> {
  await sql`truncate monitor_results, job_run, missed_run, missed_slot, target, target_last,
    status_history, monitor_hourly, monitor_daily, dirty_hour,
    dirty_day`.execute(tx);
}

/** Targets whose last result the log has forgotten keep what they were. */
async function emptyFrom(tx: Transaction<unknown>, from: Instant): Promise<void> {
  await emptyResultsFrom(tx, dayOf(from), from);
  for (const [table, column] of [
    ['job_run', 'finished_at'],
    ['missed_run', 'recorded_at'],
    ['missed_slot', 'recorded_at'],
    ['status_history', 'changed_at'],
    ['monitor_hourly', 'start_at'],
    ['monitor_daily', 'start_at'],
  ] as const)
    await sql`delete from ${sql.id(SCHEMA, table)} where ${sql.id(column)} >= ${from}`.execute(tx);
  await sql`delete from target as t
    using target_status as s
    where t.target_id = s.target_id and (s.last_check_at is null or s.last_check_at >= ${from})`.execute(tx);
  await sql`delete from target_last as l
    where not exists (select from target as t where t.target_id = l.target_id)`.execute(tx);
}

async function emptyResultsFrom(tx: Transaction<unknown>, day: Day, from: Instant): Promise<void> {
  for (const partition of await listPartitions(tx)) {
    const table = sql.id(SCHEMA, `monitor_results_${partition.replaceAll('-', '')}`);
    if (partition > day) await sql`truncate ${table}`.execute(tx);
  }
  await sql`delete from monitor_results
    where slot >= ${from} and slot < ${startOfDay(addDays(day, 1))}`.execute(tx);
}
