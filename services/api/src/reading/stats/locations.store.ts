import type { LocationStats } from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';
import { type QueryExecutorProvider, sql } from 'kysely';
import { unlessMissing } from '../missing-view.js';
import { mergeStats, type StatsWindow } from './stats.js';
import { statsSources } from './stats.store.js';
import { countsOf } from './tally.js';

interface Row {
  readonly location: string;
  readonly configured: boolean;
  readonly outcome: LocationStats['lastOutcome'];
  readonly slot: Instant | null;
  readonly latency_ms: number | null;
  readonly error: LocationStats['lastError'];
  readonly since: Instant | null;
}

/**
 * Each location a monitor has or had within the window: what it saw last, and its figures. Percentiles are those of
 * hours or days, weighted by their checks.
 */
export async function locationStats(
  db: QueryExecutorProvider,
  monitorId: string,
  window: StatsWindow,
): Promise<LocationStats[]> {
  const sources = await statsSources(db, { monitorId, window });
  const known = [...sources.daily, ...sources.hourly, ...sources.raw];
  const seen = new Set(known.map(({ location }) => location));
  const rows = await lastSeen(db, monitorId, [...seen], window.from);
  return rows.map((row) => {
    const of = <Part extends { readonly location: string }>(parts: readonly Part[]) =>
      parts.filter(({ location }) => location === row.location);
    const { total } = mergeStats(window, {
      daily: of(sources.daily),
      hourly: of(sources.hourly),
      raw: of(sources.raw),
    });
    return {
      location: row.location,
      configured: row.configured,
      lastOutcome: row.outcome,
      lastCheckAt: row.slot,
      lastLatencyMs: row.latency_ms,
      lastError: row.error,
      since: row.since,
      ...countsOf(total),
    };
  });
}

/** Looked for within the window alone: nobody reads through all that is kept for a place that is silent. */
async function lastSeen(
  db: QueryExecutorProvider,
  monitorId: string,
  seen: readonly string[],
  from: Instant,
): Promise<readonly Row[]> {
  const places = sql`select p.location, bool_or(p.configured) as configured from (
      select unnest(case when type = 'heartbeat' then array['local'] else locations end), true
      from config.monitors where id = ${monitorId}
      union all select unnest(${seen}::text[]), false
    ) as p(location, configured) group by 1`;
  const mine = sql`r.monitor_id = ${monitorId} and r.location = p.location and r.slot >= ${from}`;
  const found = await unlessMissing(
    sql<Row>`select p.*, last.*, (
        select min(r.slot) from results.monitor_results r
        where ${mine} and r.slot > coalesce((select max(r.slot) from results.monitor_results r
          where ${mine} and r.outcome <> last.outcome), ${from}::timestamptz - interval '1 microsecond')) as since
      from (${places}) p left join lateral (
        select outcome, slot, latency_ms, error from results.monitor_results r
        where ${mine} order by r.slot desc limit 1) last on true
      order by p.location`.execute(db),
    undefined,
  );
  if (found !== undefined) return found.rows;
  const { rows } =
    await sql<Row>`select p.*, null as outcome, null as slot, null as latency_ms, null as error,
    null as since from (${places}) p order by p.location`.execute(db);
  return rows;
}
