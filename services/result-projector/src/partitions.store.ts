import { PermanentError } from '@tocsin/kernel';
import { type Kysely, sql, type Transaction } from 'kysely';
import { addDays, type Day, startOfDay } from './day.js';

const PREFIX = 'monitor_results_';
const nameOf = (day: Day) => `${PREFIX}${day.replaceAll('-', '')}`;
const dayOfName = (name: string): Day =>
  name.slice(PREFIX.length).replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');

export async function listPartitions(db: Kysely<unknown>): Promise<Day[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
    where i.inhparent = 'monitor_results'::regclass order by c.relname`.execute(db);
  return rows.map(({ name }) => dayOfName(name));
}

/** Makes the partitions that are not there; two who want the same one take turns. @returns those made */
export async function ensurePartitions(tx: Transaction<unknown>, days: readonly Day[]): Promise<Day[]> {
  const missing = async () => {
    const there = new Set(await listPartitions(tx));
    return days.filter((day) => !there.has(day)).toSorted();
  };
  if ((await missing()).length === 0) return [];
  await sql`select pg_advisory_xact_lock(hashtext('results:partitions'))`.execute(tx);
  const made = await missing();
  for (const day of made) await createPartition(tx, day);
  return made;
}

/** Attached, not created as a partition: that would lock out the readers of all the others. */
async function createPartition(tx: Transaction<unknown>, day: Day): Promise<void> {
  if (!/^\d{4}-\d\d-\d\d$/.test(day))
    throw new PermanentError('slot_out_of_range', `there is no day "${day}"`);
  const table = sql.id(nameOf(day));
  await sql`create table ${table} (like monitor_results including all)`.execute(tx);
  await sql`alter table monitor_results attach partition ${table}
    for values from (${sql.lit(startOfDay(day))}) to (${sql.lit(startOfDay(addDays(day, 1)))})`.execute(tx);
}

/**
 * Drops a day. Rather tries again later than makes everybody wait behind a long query.
 * @throws when the lock is not to be had within a second
 */
export async function dropPartition(db: Kysely<unknown>, day: Day): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`set local lock_timeout = '1s'`.execute(tx);
    await sql`drop table if exists ${sql.id('results', nameOf(day))}`.execute(tx);
  });
}
