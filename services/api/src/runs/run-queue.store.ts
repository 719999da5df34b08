import { addMs, type Instant } from '@tocsin/kernel';
import { type QueryExecutorProvider, sql } from 'kysely';

/**
 * So long a request counts as waiting although nobody has said anything of it: it has not reached the scheduler, or
 * the scheduler is away. Longer, and a results service that is away would let no run begin any more.
 */
export const UNFOLDED_FOR_MS = 3_600_000;

/** Positions of the queued runs of a project, 1 being next: what the scheduler says, then what it has not heard of yet. */
export async function queuePositions(
  db: QueryExecutorProvider,
  project: string,
  now: Instant,
): Promise<ReadonlyMap<string, number>> {
  const there = await viewsThere(db);
  const queued = there.queue
    ? await sql<{ run_id: string }>`select run_id from scheduler.run_queue
        where project = ${project} and state = 'queued' order by position`.execute(db)
    : { rows: [] };
  const inQueue = sql`select 1 from scheduler.run_queue q where q.run_id = r.run_id`;
  const inResults = sql`select 1 from results.job_run j where j.run_id = r.run_id`;
  const unfolded = await sql<{ run_id: string }>`select run_id from config.run_request r
    where project = ${project} and requested_at > ${addMs(now, -UNFOLDED_FOR_MS)}
      and not exists (select 1 from config.run_cancel c where c.run_id = r.run_id)
      ${there.queue ? sql`and not exists (${inQueue})` : sql``}
      ${there.results ? sql`and not exists (${inResults})` : sql``}
    order by requested_at, run_id`.execute(db);
  return new Map([...queued.rows, ...unfolded.rows].map(({ run_id }, index) => [run_id, index + 1]));
}

/** Asked first, because a missing view would end the transaction this may be part of. */
async function viewsThere(db: QueryExecutorProvider): Promise<{ queue: boolean; results: boolean }> {
  const { rows } = await sql<{ queue: boolean; results: boolean }>`select
    to_regclass('scheduler.run_queue') is not null as queue,
    to_regclass('results.job_run') is not null as results`.execute(db);
  return rows[0] ?? { queue: false, results: false };
}
