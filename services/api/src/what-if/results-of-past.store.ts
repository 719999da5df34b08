import type { Observation } from '@tocsin/alerting';
import type { Instant } from '@tocsin/kernel';
import { sql } from 'kysely';
import { unlessMissing } from '../reading/missing-view.js';
import type { Database } from '../wiring.js';

/** Results of a monitor at a location, by slot. */
export interface SlotRange {
  readonly monitorId: string;
  readonly location: string;
  readonly from: Instant;
  readonly to: Instant;
}

interface Row {
  readonly target_id: string;
  readonly slot: Instant;
  readonly finished_at: Instant;
  readonly location: string;
  readonly outcome: keyof typeof RESULT;
  readonly latency_ms: number;
  readonly error: { code: string; message: string } | null;
  readonly event_id: string;
  readonly days_remaining: number | null;
  readonly warn_days: number | null;
}

const RESULT = { up: 'success', degraded: 'success', down: 'failure', error: 'error' } as const;
const COLUMNS = sql.raw(`slot, finished_at, location, outcome, latency_ms, error, event_id,
  (certificate ->> 'daysRemaining')::float8 as days_remaining, (certificate ->> 'warnDays')::float8 as warn_days`);

/**
 * Of each range what was no success, and as many successes after each such result, and from the beginning of the range, as
 * `keep` says: the others no rule can tell from one another. A result comes once however many ranges hold it.
 */
export async function loadResults(
  db: Database,
  ranges: readonly SlotRange[],
  keep: number,
): Promise<Map<string, Observation[]>> {
  if (ranges.length === 0) return new Map();
  const { rows } = await unlessMissing(
    sql<Row>`
      select r.monitor_id as target_id, k.* from unnest(
        ${ranges.map(({ monitorId }) => monitorId)}::uuid[], ${ranges.map(({ location }) => location)}::text[],
        ${ranges.map(({ from }) => from)}::timestamptz[], ${ranges.map(({ to }) => to)}::timestamptz[]
      ) as r(monitor_id, place, from_slot, to_slot)
      cross join lateral (
        select ${COLUMNS} from (
          select *, max(n) filter (where outcome not in ('up', 'degraded')) over (order by slot rows unbounded preceding) as last_bad
          from (
            select slot, finished_at, location, outcome, latency_ms, error, event_id, certificate,
              row_number() over (order by slot) as n
            from results.monitor_results
            where monitor_id = r.monitor_id and location = r.place and slot >= r.from_slot and slot < r.to_slot
          ) as numbered
        ) as marked where n - coalesce(last_bad, 0) <= ${keep}
      ) as k`.execute(db),
    { rows: [] },
  );
  return byTarget(rows);
}

/** The first result of each day: a certificate changes no faster than that. */
export async function loadDailyResults(
  db: Database,
  monitorIds: readonly string[],
  from: Instant,
  to: Instant,
): Promise<Map<string, Observation[]>> {
  if (monitorIds.length === 0) return new Map();
  const { rows } = await unlessMissing(
    sql<Row>`
      select m.id as target_id, k.* from unnest(${monitorIds}::uuid[]) as m(id)
      cross join generate_series(${from}::timestamptz, ${to}::timestamptz, interval '1 day') as d(day)
      cross join lateral (
        select ${COLUMNS} from results.monitor_results
        where monitor_id = m.id and slot >= d.day and slot < least(d.day + interval '1 day', ${to}::timestamptz)
        order by slot limit 1
      ) as k`.execute(db),
    { rows: [] },
  );
  return byTarget(rows);
}

/** The last results that were there at an instant, oldest first. */
export async function loadLastResults(
  db: Database,
  monitorId: string,
  at: Instant,
  most: number,
): Promise<Observation[]> {
  const { rows } = await unlessMissing(
    sql<Row>`select monitor_id as target_id, ${COLUMNS} from results.monitor_results
      where monitor_id = ${monitorId} and slot <= ${at} and finished_at <= ${at}
      order by slot desc limit ${most}`.execute(db),
    { rows: [] },
  );
  return rows.map(observationOf).toSorted(byEnd);
}

const byEnd = (a: Observation, b: Observation) =>
  a.finishedAt < b.finishedAt ? -1 : Number(a.finishedAt > b.finishedAt);

function byTarget(rows: readonly Row[]): Map<string, Observation[]> {
  const targets = new Map<string, Observation[]>();
  for (const row of rows) {
    const list = targets.get(row.target_id) ?? [];
    list.push(observationOf(row));
    targets.set(row.target_id, list);
  }
  return targets;
}

const observationOf = (row: Row): Observation => ({
  eventId: row.event_id,
  slot: row.slot,
  finishedAt: row.finished_at,
  location: row.location,
  outcome: row.outcome,
  ...(row.error === null ? {} : { error: row.error }),
  latencyMs: row.latency_ms,
  result: RESULT[row.outcome],
  ...(row.days_remaining === null || row.warn_days === null
    ? {}
    : { certificate: { daysRemaining: row.days_remaining, warnDays: row.warn_days } }),
});
