import {
  type Page,
  type StatusChangeView,
  statusHistoryCursor,
  type statusHistoryQuery,
} from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';
import { type QueryExecutorProvider, sql } from 'kysely';
import type { z } from 'zod';
import { unlessMissing } from '../missing-view.js';
import { allOf, given, pageOfRows } from '../page.js';

interface Row {
  readonly id: string;
  readonly from_status: StatusChangeView['from'];
  readonly to_status: StatusChangeView['to'];
  readonly reason: string;
  readonly changed_at: Instant;
  readonly slot: Instant | null;
}

/** Newest first. */
export async function listStatusChanges(
  db: QueryExecutorProvider,
  targetId: string,
  { limit, cursor, from, to }: z.output<typeof statusHistoryQuery>,
): Promise<Page<StatusChangeView>> {
  const after = cursor === undefined ? undefined : statusHistoryCursor.decode(cursor);
  const where = allOf(
    sql`target_id = ${targetId}`,
    given(after, ([at, id]) => sql`(changed_at, id) < (${at}::timestamptz, ${id}::uuid)`),
    given(from, (at) => sql`changed_at >= ${at}`),
    given(to, (at) => sql`changed_at < ${at}`),
  );
  const { rows } = await unlessMissing(
    sql<Row>`select id, from_status, to_status, reason, changed_at, slot
      from results.status_history where ${where}
      order by changed_at desc, id desc limit ${limit + 1}`.execute(db),
    { rows: [] },
  );
  return pageOfRows(
    rows,
    limit,
    (row) => ({
      from: row.from_status,
      to: row.to_status,
      reason: row.reason,
      changedAt: row.changed_at,
      slot: row.slot,
    }),
    (last) => statusHistoryCursor.encode([last.changed_at, last.id]),
  );
}
