import { unnest } from '@tocsin/database';
import type { Instant } from '@tocsin/kernel';
import { type Kysely, sql } from 'kysely';
import type { QueuedRun } from './queued-run.js';

type Db = Kysely<unknown>;

/** What a clock hears of when a fold has changed jobs or runs. */
export const RUNS_CHANNEL = 'tocsin_scheduler_runs';

interface Row {
  readonly run_id: string;
  readonly job_id: string;
  readonly project: string;
  readonly slot: Instant;
  readonly trigger: QueuedRun['trigger'];
  readonly state: QueuedRun['state'];
  readonly queued_at: Instant;
  readonly announced: boolean;
  readonly config_sequence: number;
  readonly location: string | null;
  readonly cancel_requested_at: Instant | null;
  readonly dispatched_at: Instant | null;
  readonly started_at: Instant | null;
  readonly deadline_at: Instant | null;
  readonly finished_at: Instant | null;
}

const COLUMNS = {
  run_id: 'uuid',
  job_id: 'uuid',
  project: 'text',
  slot: 'timestamptz',
  trigger: 'text',
  state: 'text',
  queued_at: 'timestamptz',
  announced: 'bool',
  config_sequence: 'int8',
  location: 'text',
  cancel_requested_at: 'timestamptz',
  dispatched_at: 'timestamptz',
  started_at: 'timestamptz',
  deadline_at: 'timestamptz',
  finished_at: 'timestamptz',
} as const;

const names = Object.keys(COLUMNS);
const columns = sql.join(names.map((name) => sql.id(name)));
const assignments = sql.join(names.slice(1).map((name) => sql`${sql.id(name)} = n.${sql.id(name)}`));

const toRow = (run: QueuedRun): Row => ({
  run_id: run.runId,
  job_id: run.jobId,
  project: run.project,
  slot: run.slot,
  trigger: run.trigger,
  state: run.state,
  queued_at: run.queuedAt,
  announced: run.announced,
  config_sequence: run.configSequence,
  location: run.location ?? null,
  cancel_requested_at: run.cancelRequestedAt ?? null,
  dispatched_at: run.dispatchedAt ?? null,
  started_at: run.startedAt ?? null,
  deadline_at: run.deadlineAt ?? null,
  finished_at: run.finishedAt ?? null,
});

const fromRow = (row: Row): QueuedRun => ({
  runId: row.run_id,
  jobId: row.job_id,
  project: row.project,
  slot: row.slot,
  trigger: row.trigger,
  state: row.state,
  queuedAt: row.queued_at,
  announced: row.announced,
  configSequence: row.config_sequence,
  location: row.location ?? undefined,
  cancelRequestedAt: row.cancel_requested_at ?? undefined,
  dispatchedAt: row.dispatched_at ?? undefined,
  startedAt: row.started_at ?? undefined,
  deadlineAt: row.deadline_at ?? undefined,
  finishedAt: row.finished_at ?? undefined,
});

/** In the order of the queue. */
export async function liveRuns(db: Db): Promise<QueuedRun[]> {
  const { rows } = await sql<Row>`
    select ${columns} from run where state <> 'finished' order by queued_at, run_id`.execute(db);
  return rows.map(fromRow);
}

/** Held until the transaction ends. Folds and the loop write the same rows, and take them in the same order. */
export async function lockRuns(db: Db, ids: readonly string[]): Promise<Map<string, QueuedRun>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<Row>`
    select ${columns} from run where run_id = any(${ids}::uuid[]) order by run_id for update`.execute(db);
  return new Map(rows.map((row) => [row.run_id, fromRow(row)]));
}

/** Those that are there already stay as they are. @returns ids of those that were not */
export async function addRuns(db: Db, runs: readonly QueuedRun[]): Promise<Set<string>> {
  if (runs.length === 0) return new Set();
  const inOrder = runs.toSorted((a, b) => (a.runId < b.runId ? -1 : 1));
  const { rows } = await sql<{ run_id: string }>`insert into run (${columns})
    select * from ${unnest('n', COLUMNS, inOrder.map(toRow))}
    on conflict (run_id) do nothing returning run_id`.execute(db);
  return new Set(rows.map(({ run_id }) => run_id));
}

/** Of runs that are locked. */
export async function saveRuns(db: Db, runs: readonly QueuedRun[]): Promise<void> {
  if (runs.length === 0) return;
  await sql`update run r set ${assignments}
    from ${unnest('n', COLUMNS, runs.map(toRow))} where r.run_id = n.run_id`.execute(db);
}

/** @returns rows dropped */
export async function forgetRuns(db: Db, finishedBefore: Instant): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from run where state = 'finished' and finished_at < ${finishedBefore}::timestamptz`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/**
 * What a rebuild folds again. What is known to be over stays: CONFIG remembers every run that was ever asked for, and the
 * log forgets how it ended. The marks of the crons are the clock's and stay too: a rebuild starts nothing.
 */
export async function emptyRuns(db: Db): Promise<void> {
  await sql`delete from run where state <> 'finished'`.execute(db);
  await sql`truncate job`.execute(db);
}
