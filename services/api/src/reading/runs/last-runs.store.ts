import type { JobView } from '@tocsin/http-api';
import { type QueryExecutorProvider, sql } from 'kysely';
import { unlessMissing } from '../missing-view.js';

type LastRun = NonNullable<JobView['lastRun']>;

interface Row {
  readonly job_id: string;
  readonly run_id: string;
  readonly status: LastRun['status'];
  readonly started_at: LastRun['startedAt'];
  readonly finished_at: LastRun['finishedAt'];
}

/** The newest run of jobs, for any number of them in one query; not inside a transaction. */
export async function lastRuns(
  db: QueryExecutorProvider,
  ids: readonly string[],
): Promise<(jobId: string) => LastRun | null> {
  if (ids.length === 0) return () => null;
  const { rows } = await unlessMissing(
    sql<Row>`select j.job_id, r.* from unnest(${ids}::uuid[]) as j(job_id) cross join lateral (
        select run_id, status, started_at, finished_at from results.job_run
        where job_id = j.job_id order by slot desc, run_id desc limit 1) r`.execute(db),
    { rows: [] },
  );
  const known = new Map(
    rows.map((row) => [
      row.job_id,
      { runId: row.run_id, status: row.status, startedAt: row.started_at, finishedAt: row.finished_at },
    ]),
  );
  return (jobId) => known.get(jobId) ?? null;
}
