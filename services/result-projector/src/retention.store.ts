import { type Instant, toInstant, toMs } from '@tocsin/kernel';
import { type Kysely, sql } from 'kysely';
import type { Retention } from './config.js';
import { DAY_MS, type Day, firstKeptDay } from './day.js';
import { dropPartition, listPartitions } from './partitions.store.js';

const aged = [
  { table: 'monitor_hourly', column: 'start_at', days: 'hourlyDays' },
  { table: 'monitor_daily', column: 'start_at', days: 'dailyDays' },
  { table: 'status_history', column: 'changed_at', days: 'historyDays' },
  { table: 'job_run', column: 'finished_at', days: 'historyDays' },
  { table: 'missed_run', column: 'recorded_at', days: 'historyDays' },
  { table: 'missed_slot', column: 'recorded_at', days: 'historyDays' },
] as const satisfies readonly { table: string; column: string; days: keyof Retention }[];

export interface Dropped {
  readonly days: readonly Day[];
  readonly rows: number;
}

/** Drops what has been kept long enough. @throws when a day is in use just now; the rest is done by then */
export async function applyRetention(
  db: Kysely<unknown>,
  retention: Retention,
  now: Instant,
): Promise<Dropped> {
  let rows = 0;
  for (const { table, column, days } of aged) {
    const before = toInstant(toMs(now) - retention[days] * DAY_MS);
    const { numAffectedRows } = await sql`delete from ${sql.id('results', table)}
      where ${sql.id(column)} < ${before}`.execute(db);
    rows += Number(numAffectedRows ?? 0);
  }
  const first = firstKeptDay(now, retention.resultsDays);
  const days = (await listPartitions(db)).filter((day) => day < first);
  for (const day of days) await dropPartition(db, day);
  return { days, rows };
}
