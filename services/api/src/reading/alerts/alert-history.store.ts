import {
  type AlertHistoryRow,
  alertHistoryCursor,
  type alertHistoryQuery,
  type Page,
} from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';
import { type QueryExecutorProvider, sql } from 'kysely';
import type { z } from 'zod';
import { unlessMissing } from '../missing-view.js';
import { allOf, given, pageOfRows } from '../page.js';

interface Row {
  readonly id: string;
  readonly message: string;
  readonly type: string;
  readonly target: string;
  readonly target_type: AlertHistoryRow['targetType'];
  readonly monitor_id: string | null;
  readonly job_id: string | null;
  readonly provider: string;
  readonly status: AlertHistoryRow['status'];
  readonly sent_at: Instant;
  readonly error_message: string | null;
}

/** One row per alert event and provider, newest first. */
export async function listAlertHistory(
  db: QueryExecutorProvider,
  project: string,
  { limit, cursor, targetId, targetType, status, from, to }: z.output<typeof alertHistoryQuery>,
): Promise<Page<AlertHistoryRow>> {
  const after = cursor === undefined ? undefined : alertHistoryCursor.decode(cursor);
  const where = allOf(
    sql`project = ${project}`,
    given(after, ([at, id]) => sql`(sent_at, id) < (${at}::timestamptz, ${id}::uuid)`),
    given(targetId, (id) => sql`(monitor_id = ${id} or job_id = ${id})`),
    given(targetType, (type) => sql`target_type = ${type}`),
    given(status, (one) => sql`status = ${one}`),
    given(from, (at) => sql`sent_at >= ${at}`),
    given(to, (at) => sql`sent_at < ${at}`),
  );
  const { rows } = await unlessMissing(
    sql<Row>`select id, message, type, target, target_type, monitor_id, job_id, provider, status, sent_at,
        error_message
      from notifier.alert_history where ${where}
      order by sent_at desc, id desc limit ${limit + 1}`.execute(db),
    { rows: [] },
  );
  return pageOfRows(rows, limit, viewOf, (last) => alertHistoryCursor.encode([last.sent_at, last.id]));
}

const viewOf = (row: Row): AlertHistoryRow => ({
  id: row.id,
  message: row.message,
  type: row.type,
  target: row.target,
  targetType: row.target_type,
  monitorId: row.monitor_id,
  jobId: row.job_id,
  provider: row.provider,
  status: row.status,
  sentAt: row.sent_at,
  errorMessage: row.error_message,
});
