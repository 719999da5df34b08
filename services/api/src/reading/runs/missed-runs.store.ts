import { type MissedRunsView, missedRunsCursor, type missedRunsQuery, type Page } from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';
import { type QueryExecutorProvider, sql } from 'kysely';
import type { z } from 'zod';
import { unlessMissing } from '../missing-view.js';
import { allOf, given, pageOfRows } from '../page.js';

interface Row {
  readonly event_id: string;
  readonly from_slot: Instant;
  readonly to_slot: Instant;
  readonly count: number;
  readonly reason: string;
  readonly recorded_at: Instant;
}

/** Newest first. */
export async function listMissedRuns(
  db: QueryExecutorProvider,
  jobId: string,
  { limit, cursor }: z.output<typeof missedRunsQuery>,
): Promise<Page<MissedRunsView>> {
  const after = cursor === undefined ? undefined : missedRunsCursor.decode(cursor);
  const where = allOf(
    sql`job_id = ${jobId}`,
    given(after, ([slot, id]) => sql`(to_slot, event_id) < (${slot}::timestamptz, ${id}::uuid)`),
  );
  const { rows } = await unlessMissing(
    sql<Row>`select event_id, from_slot, to_slot, count, reason, recorded_at from results.missed_run
      where ${where} order by to_slot desc, event_id desc limit ${limit + 1}`.execute(db),
    { rows: [] },
  );
  return pageOfRows(
    rows,
    limit,
    (row) => ({
      fromSlot: row.from_slot,
      toSlot: row.to_slot,
      count: row.count,
      reason: row.reason,
      recordedAt: row.recorded_at,
    }),
    (last) => missedRunsCursor.encode([last.to_slot, last.event_id]),
  );
}
