import { type Page, type RunDetail, type RunView, runCursor, type runListQuery } from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';
import { type QueryExecutorProvider, type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import { queuePositions } from '../../runs/run-queue.store.js';
import { unlessMissing } from '../missing-view.js';
import { allOf, given, pageOfRows } from '../page.js';
import { detailOf, type RunDetailRow, type RunRow, viewOf } from './run-row.js';

/** Which runs: all of a project, or those of one of its jobs. */
export interface RunsOf {
  readonly project: string;
  readonly jobId?: string | undefined;
}

type Query = z.output<typeof runListQuery>;

const JOB_NAME = sql`(select name from config.jobs where jobs.id = r.job_id) as job_name`;
const FOLDED = sql`run_id, job_id, ${JOB_NAME}, slot, status, queued_at, started_at, finished_at,
  duration_ms::float8 as duration_ms, error, external_id, trigger, location, test_count`;
/** What was asked for and nobody has folded yet, in the same columns: whoever asks for a run can read it at once. */
const ASKED_FOR = sql`run_id, job_id, ${JOB_NAME}, requested_at as slot, 'queued' as status, requested_at as queued_at,
  null::timestamptz as started_at, null::timestamptz as finished_at, null::float8 as duration_ms, null::jsonb as error,
  null::text as external_id, trigger, location, test_count`;
const NOT_FOLDED = sql`not exists (select 1 from results.job_run j where j.run_id = r.run_id)`;

/** Newest slot first. */
export async function listRuns(
  db: QueryExecutorProvider,
  of: RunsOf,
  query: Query,
  now: Instant,
): Promise<Page<RunView>> {
  const most = query.limit + 1;
  const asked = (...more: RawBuilder<unknown>[]) => sql`select ${ASKED_FOR} from config.run_request r
    where ${allOf(...matching(of, query, sql`requested_at`, sql`'queued'`), ...more)}
    order by requested_at desc, run_id desc limit ${most}`;
  const { rows } = await unlessMissing(
    sql<RunRow>`(select ${FOLDED} from results.job_run r
        where ${allOf(...matching(of, query, sql`slot`, sql`status`))} order by slot desc, run_id desc limit ${most})
      union all (${asked(NOT_FOLDED)})
      order by slot desc, run_id desc limit ${most}`.execute(db),
    undefined,
  ).then((found) => found ?? sql<RunRow>`${asked()}`.execute(db));
  const position = await positionsFor(db, of.project, rows, now);
  return pageOfRows(
    rows,
    query.limit,
    (row) => viewOf(row, position),
    (last) => runCursor.encode([last.slot, last.run_id]),
  );
}

const matching = (
  { project, jobId }: RunsOf,
  { cursor, status, trigger, from, to }: Query,
  slotColumn: RawBuilder<unknown>,
  statusColumn: RawBuilder<unknown>,
) => [
  sql`project = ${project}`,
  given(jobId, (id) => sql`job_id = ${id}`),
  given(
    cursor === undefined ? undefined : runCursor.decode(cursor),
    ([slot, id]) => sql`(${slotColumn}, run_id) < (${slot}::timestamptz, ${id}::uuid)`,
  ),
  given(status, (one) => sql`${statusColumn} = ${one}::text`),
  given(trigger, (one) => sql`trigger = ${one}`),
  given(from, (at) => sql`${slotColumn} >= ${at}`),
  given(to, (at) => sql`${slotColumn} < ${at}`),
];

export async function findRun(
  db: QueryExecutorProvider,
  project: string,
  id: string,
): Promise<RunDetailRow | undefined> {
  const known = sql`(select requested_at from config.run_cancel c where c.run_id = r.run_id) as cancel_requested_at`;
  const folded = await unlessMissing(
    sql<RunDetailRow>`select ${FOLDED}, project, tests, artifacts, ${known} from results.job_run r
      where run_id = ${id} and project = ${project}`.execute(db),
    { rows: [] },
  );
  if (folded.rows[0] !== undefined) return folded.rows[0];
  const asked = await sql<RunDetailRow>`select ${ASKED_FOR}, project, '[]'::jsonb as tests,
      '[]'::jsonb as artifacts, ${known} from config.run_request r
    where run_id = ${id} and project = ${project}`.execute(db);
  return asked.rows[0];
}

/** @param base `http://host:port` by which the api is reached */
export async function showRun(
  db: QueryExecutorProvider,
  row: RunDetailRow,
  now: Instant,
  base: string,
): Promise<RunDetail> {
  return detailOf(row, await positionsFor(db, row.project, [row], now), base);
}

/** Likewise, as it is shown in a list. */
export async function showRunView(
  db: QueryExecutorProvider,
  row: RunDetailRow,
  now: Instant,
): Promise<RunView> {
  return viewOf(row, await positionsFor(db, row.project, [row], now));
}

async function positionsFor(
  db: QueryExecutorProvider,
  project: string,
  rows: readonly RunRow[],
  now: Instant,
): Promise<(runId: string) => number | undefined> {
  if (!rows.some(({ status }) => status === 'queued')) return () => undefined;
  const positions = await queuePositions(db, project, now);
  return (runId) => positions.get(runId);
}
