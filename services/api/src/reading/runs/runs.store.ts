import { type Page, type RunView, runCursor, type runListQuery } from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';
import { type QueryExecutorProvider, sql } from 'kysely';
import type { z } from 'zod';
import { unlessMissing } from '../missing-view.js';
import { allOf, given, pageOfRows } from '../page.js';

interface Row {
  readonly run_id: string;
  readonly job_id: string;
  readonly slot: Instant;
  readonly status: RunView['status'];
  readonly started_at: Instant;
  readonly finished_at: Instant;
  readonly duration_ms: number;
  readonly error: RunView['error'];
  readonly external_id: string | null;
  readonly trigger: RunView['trigger'];
}

/** Newest slot first. */
export async function listRuns(
  db: QueryExecutorProvider,
  jobId: string,
  { limit, cursor, status, from, to }: z.output<typeof runListQuery>,
): Promise<Page<RunView>> {
  const after = cursor === undefined ? undefined : runCursor.decode(cursor);
  const where = allOf(
    sql`job_id = ${jobId}`,
    given(after, ([slot, id]) => sql`(slot, run_id) < (${slot}::timestamptz, ${id}::uuid)`),
    given(status, (one) => sql`status = ${one}`),
    given(from, (at) => sql`slot >= ${at}`),
    given(to, (at) => sql`slot < ${at}`),
  );
  const { rows } = await unlessMissing(
    sql<Row>`select run_id, job_id, slot, status, started_at, finished_at, duration_ms::float8 as duration_ms,
        error, external_id, trigger
      from results.job_run where ${where}
      order by slot desc, run_id desc limit ${limit + 1}`.execute(db),
    { rows: [] },
  );
  return pageOfRows(rows, limit, viewOf, (last) => runCursor.encode([last.slot, last.run_id]));
}

const viewOf = (row: Row): RunView => ({
  runId: row.run_id,
  jobId: row.job_id,
  slot: row.slot,
  status: row.status,
  queuedAt: null,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  durationMs: row.duration_ms,
  error: row.error,
  externalId: row.external_id,
  trigger: row.trigger,
  location: null,
  testCount: null,
  position: null,
});
