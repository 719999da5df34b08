import type { Round } from '@tocsin/event-log';
import type { Instant } from '@tocsin/kernel';
import { sql, type Transaction } from 'kysely';

type Tx = Transaction<unknown>;

/** What RESULTS no longer holds comes from the live tables, as a rebuild leaves it there. */
const AGED = [
  ['monitor_results', 'slot'],
  ['job_run', 'finished_at'],
  ['missed_run', 'recorded_at'],
  ['missed_slot', 'recorded_at'],
  ['status_history', 'changed_at'],
] as const;
const FIGURES = ['monitor_hourly', 'monitor_daily'] as const;

/** The places of configuration among the results, which are in no stream, and what no stream holds any more. */
export async function copyWhatNoLogTells(
  tx: Tx,
  round: Round,
  { firstSequence, keptFrom }: { readonly firstSequence: number; readonly keptFrom: Instant },
): Promise<void> {
  await copyPlaces(tx, round, firstSequence);
  if (!round.isFirst) return;
  const { horizon, live, shadow } = round;
  const from = horizon !== undefined && horizon > keptFrom ? horizon : keptFrom;
  for (const table of FIGURES) await copyRows(tx, round, table, sql`start_at < ${from}`);
  if (horizon === undefined) return;
  for (const [table, column] of AGED) await copyRows(tx, round, table, sql`${sql.id(column)} < ${from}`);
  await sql`insert into ${sql.id(shadow, 'target')} select t.* from ${sql.id(live, 'target')} as t
    join ${sql.id(live, 'target_last')} as l using (target_id) where l.last_check_at < ${from}`.execute(tx);
  await copyRows(tx, round, 'target_last', sql`last_check_at < ${from}`);
}

async function copyRows(
  tx: Tx,
  { live, shadow }: Round,
  table: string,
  which: ReturnType<typeof sql>,
): Promise<void> {
  await sql`insert into ${sql.id(shadow, table)} select * from ${sql.id(live, table)} where ${which}`.execute(
    tx,
  );
}

/** Places that RESULTS no longer has come before everything that it has. */
async function copyPlaces(tx: Tx, { live, shadow, past, bounds }: Round, first: number): Promise<void> {
  const results = bounds.filter(({ stream }) => stream === 'RESULTS');
  const stored =
    past === undefined ? sql`true` : sql`c.event_id = any(${await past.idsOf('CONFIG')}::uuid[])`;
  await sql`insert into ${sql.id(shadow, 'config_change')} as s (event_id, target_id, revision, position, change)
    select c.event_id, c.target_id, c.revision,
      case when c.position < ${first} then 0 else least(c.position, b.seq) end, c.change
    from ${sql.id(live, 'config_change')} as c
      join unnest(${results.map(({ shard }) => shard)}::text[], ${results.map(({ seq }) => seq)}::int8[])
        as b(shard, seq) on b.shard = right(c.target_id::text, 1)
    where ${stored}
    on conflict (event_id) do update set position = excluded.position
      where s.position is distinct from excluded.position`.execute(tx);
}

/** Hours and days whose live figures are about to be made again say nothing. */
export async function settledFigures(tx: Tx, live: string): Promise<{ hours: string; days: string }> {
  const { rows } = await sql<{ hours: Instant[]; days: Instant[] }>`
    select array(select distinct hour from ${sql.id(live, 'dirty_hour')}) as hours,
      array(select day from ${sql.id(live, 'dirty_day')}
        union select date_trunc('day', hour, 'UTC') from ${sql.id(live, 'dirty_hour')}) as days`.execute(tx);
  const except = (instants: readonly Instant[]) =>
    instants.length === 0
      ? 'true'
      : `t.start_at not in (${instants.map((instant) => `'${new Date(instant).toISOString()}'`).join(', ')})`;
  return { hours: except(rows[0]?.hours ?? []), days: except(rows[0]?.days ?? []) };
}

/** What was folded and is in no figure yet. */
export async function handOverMarks(tx: Tx, live: string, shadow: string): Promise<void> {
  await sql`insert into ${sql.id(live, 'dirty_hour')} as d (hour, shard)
    select hour, shard from ${sql.id(shadow, 'dirty_hour')}
    on conflict (hour, shard) do update set version = d.version + 1`.execute(tx);
  await sql`insert into ${sql.id(live, 'dirty_day')} select * from ${sql.id(shadow, 'dirty_day')}
    on conflict do nothing`.execute(tx);
}
