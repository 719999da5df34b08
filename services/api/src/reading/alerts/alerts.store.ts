import {
  type AlertDetail,
  type AlertItem,
  type AlertListQuery,
  alertCursor,
  type Page,
} from '@tocsin/http-api';
import { type QueryExecutorProvider, sql } from 'kysely';
import { unlessMissing } from '../missing-view.js';
import { notificationsOf } from '../notifications/notifications.store.js';
import { allOf, given, pageOfRows } from '../page.js';
import { type AlertDetailRow, type AlertRow, detailOf, itemOf } from './alert-row.js';

const ITEM = sql.raw(
  'id, target_id, target_kind, target_name, type, severity, state, reason, raised_at, since, resolved_at, resolved_reason, duration_ms::float8 as duration_ms, acknowledged_at, acknowledged_by, evidence',
);
const DETAIL = sql.raw(
  'target_url, locations, policy_revision, providers, untold, resolved_evidence, acknowledgement_note',
);

/** Newest first by the time it was raised. */
export async function listAlerts(
  db: QueryExecutorProvider,
  project: string,
  { limit, cursor, state, targetId, targetKind, type, from, to }: AlertListQuery,
): Promise<Page<AlertItem>> {
  const after = cursor === undefined ? undefined : alertCursor.decode(cursor);
  const where = allOf(
    sql`project = ${project}`,
    given(after, ([at, id]) => sql`(raised_at, id) < (${at}::timestamptz, ${id}::uuid)`),
    given(state, (one) => sql`state = ${one}`),
    given(targetId, (id) => sql`target_id = ${id}`),
    given(targetKind, (kind) => sql`target_kind = ${kind}`),
    given(type, (one) => sql`type = ${one}`),
    given(from, (at) => sql`raised_at >= ${at}`),
    given(to, (at) => sql`raised_at < ${at}`),
  );
  const { rows } = await unlessMissing(
    sql<AlertRow>`select ${ITEM} from evaluator.alert where ${where}
      order by raised_at desc, id desc limit ${limit + 1}`.execute(db),
    { rows: [] },
  );
  return pageOfRows(rows, limit, itemOf, (last) => alertCursor.encode([last.raised_at, last.id]));
}

/** One alert with its evidence, its notifications and their attempts; undefined when the project has none such. */
export async function findAlert(
  db: QueryExecutorProvider,
  project: string,
  id: string,
): Promise<AlertDetail | undefined> {
  const { rows } = await unlessMissing(
    sql<AlertDetailRow>`select ${ITEM}, ${DETAIL} from evaluator.alert
      where id = ${id} and project = ${project}`.execute(db),
    { rows: [] },
  );
  const [row] = rows;
  return row === undefined ? undefined : detailOf(row, await notificationsOf(db, id));
}
