import type { MonitorBar } from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';
import { type QueryExecutorProvider, sql } from 'kysely';
import { unlessMissing } from '../missing-view.js';

interface Row {
  readonly id: string;
  /** null of a monitor without any check, as all that follow */
  readonly slot: Instant | null;
  readonly outcome: MonitorBar['checks'][number]['outcome'];
  readonly latency_ms: number;
  readonly location: string;
}

/** The last checks of the monitors that the project has, oldest first, in one question. */
export async function readBars(
  db: QueryExecutorProvider,
  project: string,
  ids: readonly string[],
  checks: number,
): Promise<MonitorBar[]> {
  const mine = sql`m.project = ${project} and m.id = any(${ids}::uuid[])`;
  const found = await unlessMissing(
    sql<Row>`select m.id, last.* from config.monitors m left join lateral (
        select slot, outcome, latency_ms, location from results.monitor_results r
        where r.monitor_id = m.id order by slot desc, location desc limit ${checks}) last on true
      where ${mine} order by m.id, last.slot, last.location`.execute(db),
    undefined,
  );
  const { rows } =
    found ?? (await sql<Row>`select m.id, null as slot from config.monitors m where ${mine}`.execute(db));
  const byMonitor = Map.groupBy(rows, ({ id }) => id);
  return ids.flatMap((id) => {
    const bar = byMonitor.get(id);
    return bar === undefined ? [] : [{ monitorId: id, checks: bar.flatMap(checkOf) }];
  });
}

const checkOf = ({ slot, outcome, latency_ms, location }: Row): MonitorBar['checks'] =>
  slot === null ? [] : [{ slot, outcome, latencyMs: latency_ms, location }];
