import type { UnkeptHour } from '@tocsin/alerting';
import type { Instant } from '@tocsin/kernel';
import { sql } from 'kysely';
import { unlessMissing } from '../reading/missing-view.js';
import type { Database } from '../wiring.js';

/** What the rollups say of a monitor at a location. */
export interface PlaceHours {
  readonly monitorId: string;
  readonly location: string;
  /** in all of them together */
  readonly checks: number;
  readonly first: Instant;
  readonly last: Instant;
  /** the hours in which something did not succeed, oldest first */
  readonly bad: readonly UnkeptHour[];
}

interface HourRow {
  readonly at: number;
  readonly ok: number;
  readonly down: number;
  readonly error: number;
  readonly changes: number;
}

interface PlaceRow {
  readonly monitor_id: string;
  readonly location: string;
  readonly checks: number;
  readonly first: Instant;
  readonly last: Instant;
  readonly bad: readonly HourRow[] | null;
}

const hourOf = (location: string, { at, ok, down, error, changes }: HourRow): UnkeptHour => ({
  location,
  startAt: new Date(at * 1000).toISOString(),
  successes: ok,
  failures: down,
  errors: error,
  changes,
});

export async function loadHours(
  db: Database,
  monitorIds: readonly string[],
  from: Instant,
  to: Instant,
): Promise<PlaceHours[]> {
  if (monitorIds.length === 0) return [];
  const { rows } = await unlessMissing(
    sql<PlaceRow>`
      select monitor_id, location, sum(checks)::float8 as checks, min(start_at) as first, max(start_at) as last,
        json_agg(json_build_object('at', extract(epoch from start_at), 'ok', up + degraded, 'down', down,
          'error', error, 'changes', status_changes) order by start_at)
          filter (where down > 0 or error > 0) as bad
      from results.monitor_hourly
      where monitor_id = any(${monitorIds}::uuid[]) and start_at >= ${from} and start_at < ${to}
      group by monitor_id, location order by monitor_id, location`.execute(db),
    { rows: [] },
  );
  return rows.map(({ monitor_id: monitorId, location, bad, ...rest }) => ({
    ...rest,
    monitorId,
    location,
    bad: (bad ?? []).map((hour) => hourOf(location, hour)),
  }));
}

export interface HourAfter {
  readonly monitorId: string;
  readonly hour: UnkeptHour;
}

export interface HourBefore {
  readonly monitorId: string;
  readonly location: string;
  readonly after: Instant;
}

/** Most monitors succeed often enough in the very next hour; Postgres would sort all that follow to find it. */
const NEAR_HOURS = 2;
const FAR_HOURS = 100 * 24;

/** The hours after each of the given ones, as many as it takes for so many successes there. */
export async function loadHoursAfter(
  db: Database,
  hours: readonly HourBefore[],
  successes: number,
  to: Instant,
): Promise<HourAfter[]> {
  const near = await hoursWithin(db, hours, successes, NEAR_HOURS, to);
  const found = new Map<string, number>();
  const keyOf = ({ monitorId, location }: HourBefore, at: Instant) => `${monitorId} ${location} ${at}`;
  for (const { from, hour } of near) {
    const key = keyOf(from, from.after);
    found.set(key, (found.get(key) ?? 0) + hour.successes);
  }
  const far = hours.filter((from) => (found.get(keyOf(from, from.after)) ?? 0) < successes);
  return [...near, ...(await hoursWithin(db, far, successes, FAR_HOURS, to))].map(({ from, hour }) => ({
    monitorId: from.monitorId,
    hour,
  }));
}

async function hoursWithin(
  db: Database,
  hours: readonly HourBefore[],
  successes: number,
  within: number,
  to: Instant,
): Promise<{ readonly from: HourBefore; readonly hour: UnkeptHour }[]> {
  if (hours.length === 0) return [];
  const { rows } = await unlessMissing(
    sql<HourRow & { monitor_id: string; location: string; after: Instant }>`
      select r.monitor_id, r.location, r.after, extract(epoch from h.start_at)::float8 as at, h.ok, h.down, h.error,
        h.changes
      from unnest(${hours.map(({ monitorId }) => monitorId)}::uuid[],
        ${hours.map(({ location }) => location)}::text[], ${hours.map(({ after }) => after)}::timestamptz[]
      ) as r(monitor_id, location, after)
      cross join lateral (
        select *, coalesce(sum(ok) over (order by start_at rows between unbounded preceding and 1 preceding), 0) as had
        from (
          select start_at, up + degraded as ok, down, error, status_changes as changes
          from results.monitor_hourly
          where monitor_id = r.monitor_id and location = r.location and start_at > r.after and start_at < ${to}
            and start_at <= r.after + ${within} * interval '1 hour'
        ) as next
      ) as h where h.had < ${successes}`.execute(db),
    { rows: [] },
  );
  return rows.map(({ monitor_id: monitorId, location, after, ...hour }) => ({
    from: { monitorId, location, after },
    hour: hourOf(location, hour),
  }));
}

/** From when on single results of each monitor are kept; nothing for those that have none. */
export async function firstResults(
  db: Database,
  monitorIds: readonly string[],
): Promise<Map<string, Instant>> {
  const { rows } = await unlessMissing(
    sql<{ id: string; slot: Instant }>`
      select m.id, r.slot from unnest(${monitorIds}::uuid[]) as m(id)
      cross join lateral (
        select slot from results.monitor_results where monitor_id = m.id order by slot limit 1
      ) as r`.execute(db),
    { rows: [] },
  );
  return new Map(rows.map(({ id, slot }) => [id, slot]));
}
