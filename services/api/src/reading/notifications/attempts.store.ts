import type { AttemptView } from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';
import { type QueryExecutorProvider, sql } from 'kysely';
import { unlessMissing } from '../missing-view.js';

interface Row {
  readonly notification_id: string;
  readonly number: number;
  readonly started_at: Instant;
  readonly finished_at: Instant | null;
  readonly outcome: AttemptView['outcome'];
  readonly status: number | null;
  readonly excerpt: string;
  readonly reason: string | null;
}

/** The attempts of any number of notifications in one query, first attempt first. */
export async function attemptsOf(
  db: QueryExecutorProvider,
  notificationIds: readonly string[],
): Promise<(notificationId: string) => readonly AttemptView[]> {
  if (notificationIds.length === 0) return () => [];
  const { rows } = await unlessMissing(
    sql<Row>`select notification_id, number, started_at, finished_at, outcome, status, excerpt, reason
      from notifier.attempt where notification_id = any(${notificationIds}::uuid[])
      order by notification_id, number`.execute(db),
    { rows: [] },
  );
  const known = Map.groupBy(rows, (row) => row.notification_id);
  return (id) => known.get(id)?.map(viewOf) ?? [];
}

const viewOf = (row: Row): AttemptView => ({
  number: row.number,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  outcome: row.outcome,
  status: row.status,
  excerpt: row.excerpt,
  reason: row.reason,
});
