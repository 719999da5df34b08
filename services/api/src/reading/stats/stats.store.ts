import type { StatsView } from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';
import { type QueryExecutorProvider, type RawBuilder, sql } from 'kysely';
import { unlessMissing } from '../missing-view.js';
import { allOf, given } from '../page.js';
import { phasesOf } from './phases.store.js';
import {
  DAY_MS,
  isCovered,
  mergeStats,
  type Part,
  rawFrom,
  type Sources,
  type StatsQuestion,
  statsView,
} from './stats.js';
import type { Percentiles } from './tally.js';

/** Beyond this many checks the exact percentiles of a window would be a sort nobody should wait for. */
const EXACT_UP_TO = 200_000;
const PERCENTILES = sql.raw('array[0.5, 0.95, 0.99]');

/**
 * Uptime and latency of a monitor. Counts, averages and extremes are exact at any moment: rollups for what is past, the
 * results themselves for what no rollup has yet. Percentiles of the whole window are exact (`percentile_cont`) while all
 * its results are kept and they are no more than 200,000, otherwise means of the hourly or daily percentiles weighted
 * by their checks; those of a bucket are exact per location and weighted over locations and hours.
 */
export async function monitorStats(db: QueryExecutorProvider, question: StatsQuestion): Promise<StatsView> {
  const { window } = question;
  const sources = await statsSources(db, question);
  const stats = mergeStats(window, sources);
  const mayBeExact = stats.total.latencyCount > 0 && stats.total.checks <= EXACT_UP_TO;
  const isExact = mayBeExact && isCovered(window, sources, await firstResult(db, question));
  const [exact, phases] = await Promise.all([
    isExact ? percentiles(db, question) : undefined,
    // Days of results are not read one by one for averages.
    window.bucketMs * window.buckets === DAY_MS ? phasesOf(db, question) : undefined,
  ]);
  return statsView(window, stats, { exact, phases });
}

/** What is rolled up, and what is not yet. */
export async function statsSources(db: QueryExecutorProvider, question: StatsQuestion): Promise<Sources> {
  const { window } = question;
  const [hourly, daily] = await Promise.all([
    rolledUp(db, 'monitor_hourly', question),
    window.bucketMs === DAY_MS ? rolledUp(db, 'monitor_daily', question) : [],
  ]);
  const raw = await counted(db, question, rawFrom(window, hourly));
  return { hourly, daily, raw };
}

interface Row {
  readonly location: string;
  readonly start_at: Instant;
  readonly checks: number;
  readonly up: number;
  readonly degraded: number;
  readonly down: number;
  readonly error: number;
  readonly latency_sum: number;
  readonly latency_count: number;
  readonly latency_min: number | null;
  readonly latency_max: number | null;
  readonly latency_p50: number | null;
  readonly latency_p95: number | null;
  readonly latency_p99: number | null;
}

const partOf = (row: Row): Part => ({
  location: row.location,
  startAt: row.start_at,
  checks: row.checks,
  up: row.up,
  degraded: row.degraded,
  down: row.down,
  error: row.error,
  latencySum: row.latency_sum,
  latencyCount: row.latency_count,
  latencyMin: row.latency_min,
  latencyMax: row.latency_max,
  p50: row.latency_p50,
  p95: row.latency_p95,
  p99: row.latency_p99,
});

async function rolledUp(
  db: QueryExecutorProvider,
  table: 'monitor_hourly' | 'monitor_daily',
  { monitorId, location, window }: StatsQuestion,
): Promise<Part[]> {
  const where = allOf(
    sql`monitor_id = ${monitorId} and start_at >= ${window.from}`,
    given(location, (one) => sql`location = ${one}`),
  );
  const { rows } = await unlessMissing(
    sql<Row>`select location, start_at, checks, up, degraded, down, error, latency_sum, latency_count,
        latency_min, latency_max, latency_p50, latency_p95, latency_p99
      from results.${sql.id(table)} where ${where}`.execute(db),
    { rows: [] },
  );
  return rows.map(partOf);
}

const ofWindow = ({ monitorId, location }: StatsQuestion, from: Instant): RawBuilder<unknown> =>
  allOf(
    sql`monitor_id = ${monitorId} and slot >= ${from}`,
    given(location, (one) => sql`location = ${one}`),
  );

/** The results since `from`, hour by hour, by the rules of the rollups. */
async function counted(db: QueryExecutorProvider, question: StatsQuestion, from: Instant): Promise<Part[]> {
  const { rows } = await unlessMissing(
    sql<Row>`select location, start_at, checks, up, degraded, down, error, latency_sum, latency_count,
        latency_min, latency_max, percentiles[1] as latency_p50, percentiles[2] as latency_p95,
        percentiles[3] as latency_p99
      from (
        select location, date_trunc('hour', slot, 'UTC') as start_at, count(*)::int as checks,
          count(*) filter (where outcome = 'up')::int as up,
          count(*) filter (where outcome = 'degraded')::int as degraded,
          count(*) filter (where outcome = 'down')::int as down,
          count(*) filter (where outcome = 'error')::int as error,
          coalesce(sum(latency_ms) filter (where ${HAS_LATENCY}), 0) as latency_sum,
          count(*) filter (where ${HAS_LATENCY})::int as latency_count,
          min(latency_ms) filter (where ${HAS_LATENCY}) as latency_min,
          max(latency_ms) filter (where ${HAS_LATENCY}) as latency_max,
          percentile_cont(${PERCENTILES}) within group (order by latency_ms)
            filter (where ${HAS_LATENCY}) as percentiles
        from results.monitor_results where ${ofWindow(question, from)}
        group by 1, 2
      ) hour`.execute(db),
    { rows: [] },
  );
  return rows.map(partOf);
}

/** How long a target took that did not answer is how long we waited. */
const HAS_LATENCY = sql.raw(`outcome in ('up', 'degraded')`);

async function firstResult(db: QueryExecutorProvider, question: StatsQuestion): Promise<Instant | undefined> {
  const { rows } = await sql<{ slot: Instant }>`select slot from results.monitor_results
    where ${ofWindow(question, question.window.from)}
    order by slot limit 1`.execute(db);
  return rows[0]?.slot;
}

async function percentiles(
  db: QueryExecutorProvider,
  question: StatsQuestion,
): Promise<Percentiles | undefined> {
  const { rows } = await sql<{ found: [number, number, number] | null }>`
    select percentile_cont(${PERCENTILES}) within group (order by latency_ms) as found
    from results.monitor_results
    where ${ofWindow(question, question.window.from)} and ${HAS_LATENCY}`.execute(db);
  const [p50, p95, p99] = rows[0]?.found ?? [];
  return p50 === undefined || p95 === undefined || p99 === undefined ? undefined : { p50, p95, p99 };
}
