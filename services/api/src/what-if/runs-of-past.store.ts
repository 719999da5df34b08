import { type Observation, RUN_LOCATION } from '@tocsin/alerting';
import type { Instant } from '@tocsin/kernel';
import type { RunStatus } from '@tocsin/monitoring';
import { sql } from 'kysely';
import { unlessMissing } from '../reading/missing-view.js';
import type { Database } from '../wiring.js';

interface Row {
  readonly job_id: string;
  readonly slot: Instant;
  readonly finished_at: Instant;
  readonly status: RunStatus;
  readonly duration_ms: number | null;
  readonly error: { code: string; message: string } | null;
  readonly event_id: string;
}

const RESULT = {
  passed: 'success',
  failed: 'failure',
  timeout: 'timeout',
  error: 'error',
  cancelled: 'cancelled',
} as const satisfies Record<RunStatus, Observation['result']>;

/** Runs that ended between the two, by job. */
export async function loadRuns(
  db: Database,
  jobIds: readonly string[],
  from: Instant,
  to: Instant,
): Promise<Map<string, Observation[]>> {
  if (jobIds.length === 0) return new Map();
  const { rows } = await unlessMissing(
    sql<Row>`
      select job_id, slot, finished_at, status, duration_ms, error, event_id from results.job_run
      where job_id = any(${jobIds}::uuid[]) and finished_at >= ${from} and finished_at < ${to}
      order by finished_at, slot`.execute(db),
    { rows: [] },
  );
  const runs = new Map<string, Observation[]>();
  for (const row of rows) {
    const list = runs.get(row.job_id) ?? [];
    list.push(observationOf(row));
    runs.set(row.job_id, list);
  }
  return runs;
}

/** The last runs that had ended at an instant, oldest first. */
export async function loadLastRuns(
  db: Database,
  jobId: string,
  at: Instant,
  most: number,
): Promise<Observation[]> {
  const { rows } = await unlessMissing(
    sql<Row>`
      select job_id, slot, finished_at, status, duration_ms, error, event_id from results.job_run
      where job_id = ${jobId} and slot <= ${at} and finished_at <= ${at}
      order by slot desc limit ${most}`.execute(db),
    { rows: [] },
  );
  return rows
    .map(observationOf)
    .toSorted((a, b) => (a.finishedAt < b.finishedAt ? -1 : Number(a.finishedAt > b.finishedAt)));
}

const observationOf = (row: Row): Observation => ({
  eventId: row.event_id,
  slot: row.slot,
  finishedAt: row.finished_at,
  location: RUN_LOCATION,
  outcome: row.status,
  ...(row.error === null ? {} : { error: row.error }),
  latencyMs: row.duration_ms ?? 0,
  result: RESULT[row.status],
});
