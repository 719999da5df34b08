import { unnest } from '@tocsin/database';
import { type Instant, type Shard, toInstant, toMs } from '@tocsin/kernel';
import { type Kysely, sql } from 'kysely';
import type { FirstCheck } from './due.publisher.js';

type Db = Kysely<unknown>;

/** Up to when all slots of a shard are published, milliseconds. */
export async function loadMark(db: Db, shard: Shard): Promise<number> {
  const { rows } = await sql<{ published_until: Instant }>`
    select published_until from scheduler.mark where shard = ${shard}`.execute(db);
  if (rows[0] === undefined) throw new Error(`scheduler.mark has no row for shard ${shard}`);
  return toMs(rows[0].published_until);
}

/** A mark never goes back. */
export async function moveMarks(db: Db, marks: ReadonlyMap<Shard, number>): Promise<void> {
  if (marks.size === 0) return;
  const rows = [...marks].map(([shard, untilMs]) => ({ shard, published_until: toInstant(untilMs) }));
  await sql`update scheduler.mark as m set published_until = n.published_until
    from ${unnest('n', { shard: 'text', published_until: 'timestamptz' }, rows)}
    where m.shard = n.shard and m.published_until < n.published_until`.execute(db);
}

export async function saveFirstChecks(db: Db, firsts: readonly FirstCheck[]): Promise<void> {
  if (firsts.length === 0) return;
  const rows = new Map(firsts.map(({ monitorId, slot }) => [monitorId, { monitor_id: monitorId, slot }]));
  await sql`insert into scheduler.first_check (monitor_id, slot)
    select * from ${unnest('f', { monitor_id: 'uuid', slot: 'timestamptz' }, [...rows.values()])}
    on conflict (monitor_id) do update set slot = excluded.slot`.execute(db);
}

/** A deleted monitor has no first check any more. While a rebuild runs there are no rows to say so, and none goes. */
export async function forgetFirstChecks(db: Db, shard: Shard): Promise<void> {
  await sql`delete from scheduler.first_check f using scheduler.schedule s
    where s.monitor_id = f.monitor_id and s.shard = ${shard} and s.deleted`.execute(db);
}
