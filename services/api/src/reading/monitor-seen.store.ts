import type { Instant } from '@tocsin/kernel';
import { type QueryExecutorProvider, sql } from 'kysely';
import { unlessMissing } from './missing-view.js';
import { windowOf } from './stats/stats.js';
import type { TargetStatus } from './target-status.store.js';

/** What is shown of a monitor beside its settings. */
export interface MonitorSeen extends TargetStatus {
  readonly lastLatencyMs: number | null;
  /** percent, from the rollups alone */
  readonly uptime24h: number | null;
}

export const MONITOR_UNSEEN: MonitorSeen = {
  status: 'pending',
  lastCheckAt: null,
  lastStatusChangeAt: null,
  lastLatencyMs: null,
  uptime24h: null,
};

interface Row {
  readonly id: string;
  readonly status: MonitorSeen['status'];
  readonly last_check_at: Instant | null;
  readonly last_status_change_at: Instant | null;
  readonly last_latency_ms: number | null;
  readonly uptime: number | null;
}

/**
 * What the results service says of monitors, for any number of them in one query; not inside a transaction. Rollups are
 * asked for location by location: their key begins with monitor and location.
 */
export async function monitorsSeen(
  db: QueryExecutorProvider,
  ids: readonly string[],
  now: Instant,
): Promise<(id: string) => MonitorSeen> {
  if (ids.length === 0) return () => MONITOR_UNSEEN;
  const { from } = windowOf('24h', now);
  const { rows } = await unlessMissing(
    sql<Row>`select m.id, s.status, s.last_check_at, s.last_status_change_at, s.last_latency_ms, u.uptime
      from config.monitors m
      join results.target_status s on s.target_id = m.id and not s.deleted
      cross join lateral (
        select 100.0::float8 * sum(h.up + h.degraded) / nullif(sum(h.up + h.degraded + h.down), 0) as uptime
        from unnest(case when m.type = 'heartbeat' then array['local'] else m.locations end) as l(location)
        join results.monitor_hourly h
          on h.monitor_id = m.id and h.location = l.location and h.start_at >= ${from}
      ) u
      where m.id = any(${ids}::uuid[])`.execute(db),
    { rows: [] },
  );
  const known = new Map(rows.map((row) => [row.id, seenOf(row)]));
  return (id) => known.get(id) ?? MONITOR_UNSEEN;
}

const seenOf = (row: Row): MonitorSeen => ({
  status: row.status,
  lastCheckAt: row.last_check_at,
  lastStatusChangeAt: row.last_status_change_at,
  lastLatencyMs: row.last_latency_ms,
  uptime24h: row.uptime,
});
