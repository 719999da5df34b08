import { type Instant, toInstant, toMs } from '@tocsin/kernel';
import { type Kysely, sql, type Transaction } from 'kysely';
import { DAY_MS, dayOf, HOUR_MS, startOfDay } from './day.js';

/** An open day's figures may be this old; what runs now is in the hours and the results. */
const OPEN_DAY_MS = 15 * 60_000;

interface Mark {
  readonly hour: Instant;
  readonly versions: readonly { readonly shard: string; readonly version: number }[];
}

/**
 * Computes the hours that were written to since they were last computed, from the results themselves.
 * @param keptFrom earlier results may be gone in part: their hours stay as they are
 * @returns how many were computed
 */
export async function rollUpHours(db: Kysely<unknown>, keptFrom: Instant, now: Instant): Promise<number> {
  const { rows: marks } = await sql<Mark>`
    select hour, json_agg(json_build_object('shard', shard, 'version', version)) as versions
    from dirty_hour group by hour order by hour`.execute(db);
  for (const { hour, versions } of marks) {
    await db.transaction().execute(async (tx) => {
      if (hour >= keptFrom) {
        await compute(tx, 'monitor_hourly', hour, HOUR_MS);
        await sql`insert into dirty_day (day, since) values (${startOfDay(dayOf(hour))}, ${now})
          on conflict do nothing`.execute(tx);
      }
      // A mark that was raised meanwhile stays: its results may have come too late for what was computed.
      await sql`delete from dirty_hour as d
        using json_to_recordset(${JSON.stringify(versions)}) as v(shard text, version bigint)
        where d.hour = ${hour} and d.shard = v.shard and d.version = v.version`.execute(tx);
    });
  }
  return marks.filter(({ hour }) => hour >= keptFrom).length;
}

/** The same for days: once when closed, now and then while open. @returns how many were computed */
export async function rollUpDays(db: Kysely<unknown>, keptFrom: Instant, now: Instant): Promise<number> {
  const { rows } = await sql<{ day: Instant }>`
    select day from dirty_day
    where day < ${toInstant(toMs(now) - DAY_MS)} or since < ${toInstant(toMs(now) - OPEN_DAY_MS)}
    order by day`.execute(db);
  for (const { day } of rows) {
    await db.transaction().execute(async (tx) => {
      await sql`delete from dirty_day where day = ${day}`.execute(tx);
      if (day >= keptFrom) await compute(tx, 'monitor_daily', day, DAY_MS);
    });
  }
  return rows.length;
}

/**
 * Latencies are those of checks that reached the target (`up`, `degraded`). A status change is a result unlike the one
 * before it of the same monitor and location, whenever that was; `error` says nothing and is passed over.
 */
async function compute(
  tx: Transaction<unknown>,
  table: 'monitor_hourly' | 'monitor_daily',
  start: Instant,
  lengthMs: number,
): Promise<void> {
  await sql`set local work_mem = '64MB'`.execute(tx);
  const end = toInstant(toMs(start) + lengthMs);
  const rollup = sql.id(table);
  await sql`
    with bucket as (
      select monitor_id, location, slot, outcome,
        case when outcome in ('up', 'degraded') then latency_ms end as latency,
        case when outcome <> 'error' then coalesce(
          lag(outcome) over (partition by monitor_id, location, outcome = 'error' order by slot),
          (select p.outcome from monitor_results as p
            where p.monitor_id = r.monitor_id and p.location = r.location and p.slot < ${start}::timestamptz
              and p.outcome <> 'error' order by p.slot desc limit 1),
          outcome) <> outcome else false end as is_change
      from monitor_results as r
      where slot >= ${start} and slot < ${end}
    )
    insert into ${rollup} as h (monitor_id, location, start_at, checks, up, degraded, down, error, latency_sum,
      latency_count, latency_min, latency_max, latency_p50, latency_p95, latency_p99, status_changes)
    select monitor_id, location, ${start}::timestamptz, checks, up, degraded, down, error, latency_sum, latency_count,
      latency_min, latency_max, latencies[1], latencies[2], latencies[3], status_changes
    from (
      select monitor_id, location, count(*) as checks,
        count(*) filter (where outcome = 'up') as up, count(*) filter (where outcome = 'degraded') as degraded,
        count(*) filter (where outcome = 'down') as down, count(*) filter (where outcome = 'error') as error,
        -- in order, for floating point sums depend on it and a rebuild must come to the same
        coalesce(sum(latency order by slot), 0) as latency_sum, count(latency) as latency_count,
        min(latency) as latency_min, max(latency) as latency_max,
        percentile_cont(array[0.5, 0.95, 0.99]) within group (order by latency) as latencies,
        count(*) filter (where is_change) as status_changes
      from bucket group by monitor_id, location
    ) as b
    on conflict (monitor_id, location, start_at) do update set checks = excluded.checks, up = excluded.up,
      degraded = excluded.degraded, down = excluded.down, error = excluded.error,
      latency_sum = excluded.latency_sum, latency_count = excluded.latency_count,
      latency_min = excluded.latency_min, latency_max = excluded.latency_max, latency_p50 = excluded.latency_p50,
      latency_p95 = excluded.latency_p95, latency_p99 = excluded.latency_p99,
      status_changes = excluded.status_changes
    where h is distinct from excluded`.execute(tx);
}
