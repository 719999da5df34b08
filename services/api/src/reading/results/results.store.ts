import { type Page, type ResultView, resultCursor, type resultListQuery } from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';
import { type QueryExecutorProvider, sql } from 'kysely';
import type { z } from 'zod';
import { unlessMissing } from '../missing-view.js';
import { allOf, given, pageOfRows } from '../page.js';

export type ResultQuery = z.output<typeof resultListQuery>;

interface Row {
  readonly slot: Instant;
  readonly outcome: ResultView['outcome'];
  readonly latency_ms: number;
  readonly location: string;
  readonly error: ResultView['error'];
  readonly started_at: Instant;
  readonly finished_at: Instant;
  readonly timings: ResultView['timings'];
  readonly attempts: number;
  readonly observed: ResultView['observed'];
  readonly certificate: ResultView['certificate'];
  readonly trigger: ResultView['trigger'];
}

/** Newest slot first; the key is the rest of the table's primary key, read backwards. */
export async function listResults(
  db: QueryExecutorProvider,
  monitorId: string,
  { limit, cursor, from, to, outcome, location }: ResultQuery,
): Promise<Page<ResultView>> {
  const after = cursor === undefined ? undefined : resultCursor.decode(cursor);
  const where = allOf(
    sql`monitor_id = ${monitorId}`,
    given(after, ([slot, place]) => sql`(slot, location) < (${slot}::timestamptz, ${place}::text)`),
    given(from, (at) => sql`slot >= ${at}`),
    given(to, (at) => sql`slot < ${at}`),
    given(outcome, (one) => sql`outcome = ${one}`),
    given(location, (one) => sql`location = ${one}`),
  );
  const { rows } = await unlessMissing(
    sql<Row>`select slot, outcome, latency_ms, location, error, started_at, finished_at, timings, attempts,
        observed, certificate, trigger
      from results.monitor_results where ${where}
      order by slot desc, location desc limit ${limit + 1}`.execute(db),
    { rows: [] },
  );
  return pageOfRows(rows, limit, viewOf, (last) => resultCursor.encode([last.slot, last.location]));
}

const viewOf = (row: Row): ResultView => ({
  slot: row.slot,
  outcome: row.outcome,
  latencyMs: row.latency_ms,
  location: row.location,
  error: row.error,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  timings: row.timings,
  attempts: row.attempts,
  observed: row.observed,
  certificate: row.certificate,
  trigger: row.trigger,
});
