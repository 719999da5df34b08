import { deadLetterCursor, type deadLetterQuery, type NotificationView, type Page } from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';
import { type QueryExecutorProvider, type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import { unlessMissing } from '../missing-view.js';
import { allOf, given, pageOfRows } from '../page.js';
import { attemptsOf } from './attempts.store.js';

interface Row {
  readonly id: string;
  readonly alert_id: string;
  readonly alert_event: string;
  readonly target_id: string;
  readonly provider_id: string;
  readonly provider_name: string;
  readonly provider_kind: NotificationView['providerKind'];
  readonly state: NotificationView['state'];
  readonly reason: string | null;
  readonly planned_at: Instant;
  readonly next_attempt_at: Instant | null;
  readonly finished_at: Instant | null;
}

const COLUMNS = sql.raw(
  'id, alert_id, alert_event, target_id, provider_id, provider_name, provider_kind, state, reason, planned_at, next_attempt_at, finished_at',
);

/** What waits for a person: notifications that will not be tried again by themselves, newest first. */
export async function listDeadLetters(
  db: QueryExecutorProvider,
  project: string,
  { limit, cursor, providerId }: z.output<typeof deadLetterQuery>,
): Promise<Page<NotificationView>> {
  const after = cursor === undefined ? undefined : deadLetterCursor.decode(cursor);
  const where = allOf(
    sql`project = ${project} and state = 'failed'`,
    given(after, ([at, id]) => sql`(planned_at, id) < (${at}::timestamptz, ${id}::uuid)`),
    given(providerId, (id) => sql`provider_id = ${id}`),
  );
  const order = sql`planned_at desc, id desc limit ${limit + 1}`;
  const rows = await select(db, where, order);
  const viewOf = await withAttempts(db, rows.slice(0, limit));
  return pageOfRows(rows, limit, viewOf, (last) => deadLetterCursor.encode([last.planned_at, last.id]));
}

/** Everything that was planned for an alert, in the order it was planned. */
export async function notificationsOf(
  db: QueryExecutorProvider,
  alertId: string,
): Promise<NotificationView[]> {
  const rows = await select(db, sql`alert_id = ${alertId}`, sql`planned_at, id`);
  return rows.map(await withAttempts(db, rows));
}

async function select(
  db: QueryExecutorProvider,
  where: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
): Promise<readonly Row[]> {
  const { rows } = await unlessMissing(
    sql<Row>`select ${COLUMNS} from notifier.notification where ${where} order by ${order}`.execute(db),
    { rows: [] },
  );
  return rows;
}

async function withAttempts(
  db: QueryExecutorProvider,
  rows: readonly Row[],
): Promise<(row: Row) => NotificationView> {
  const attempts = await attemptsOf(
    db,
    rows.map(({ id }) => id),
  );
  return (row) => ({
    id: row.id,
    alertId: row.alert_id,
    alertEvent: row.alert_event,
    targetId: row.target_id,
    providerId: row.provider_id,
    providerName: row.provider_name,
    providerKind: row.provider_kind,
    state: row.state,
    reason: row.reason,
    plannedAt: row.planned_at,
    nextAttemptAt: row.next_attempt_at,
    finishedAt: row.finished_at,
    attempts: [...attempts(row.id)],
  });
}
