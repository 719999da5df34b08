import type { Instant } from '@tocsin/kernel';
import type { Status } from '@tocsin/monitoring';
import { type QueryExecutorProvider, type RawBuilder, sql } from 'kysely';
import { unlessMissing } from './missing-view.js';

export interface TargetStatus {
  readonly status: Status;
  readonly lastCheckAt: Instant | null;
  readonly lastStatusChangeAt: Instant | null;
}

/** Of a monitor or job that nothing is known of yet. */
const UNSEEN: TargetStatus = { status: 'pending', lastCheckAt: null, lastStatusChangeAt: null };

interface Row {
  readonly target_id: string;
  readonly status: Status;
  readonly last_check_at: Instant | null;
  readonly last_status_change_at: Instant | null;
}

/**
 * What the results service says of monitors and jobs, for any number of them in one query; not inside a transaction.
 * @returns answers for every id, `pending` for those it has not seen
 */
export async function targetStatuses(
  db: QueryExecutorProvider,
  ids: readonly string[],
): Promise<(id: string) => TargetStatus> {
  if (ids.length === 0) return () => UNSEEN;
  const { rows } = await unlessMissing(
    sql<Row>`select target_id, status, last_check_at, last_status_change_at
      from results.target_status where target_id = any(${ids}::uuid[])`.execute(db),
    { rows: [] },
  );
  const known = new Map(rows.map((row) => [row.target_id, viewOf(row)]));
  return (id) => known.get(id) ?? UNSEEN;
}

const viewOf = (row: Row): TargetStatus => ({
  status: row.status,
  lastCheckAt: row.last_check_at,
  lastStatusChangeAt: row.last_status_change_at,
});

/**
 * The condition "its status is this one" for a list of monitors or jobs: `where … and ${await hasStatus(db, …)}`.
 * @param id the column that holds the target's id, as in `sql.ref('m.id')`
 */
export async function hasStatus(
  db: QueryExecutorProvider,
  id: RawBuilder<unknown>,
  status: Status,
): Promise<RawBuilder<boolean>> {
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass('results.target_status') is not null as there`.execute(db);
  if (rows[0]?.there !== true) return sql<boolean>`${status === UNSEEN.status}::boolean`;
  if (status === UNSEEN.status)
    return sql<boolean>`not exists (select 1 from results.target_status seen
      where seen.target_id = ${id} and seen.status <> ${status})`;
  return sql<boolean>`exists (select 1 from results.target_status seen
    where seen.target_id = ${id} and seen.status = ${status} and not seen.deleted)`;
}
