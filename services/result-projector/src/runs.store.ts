import { unnest } from '@tocsin/database';
import { sql, type Transaction } from 'kysely';
import type { FinishedRow, MissedRunRow, QueuedRow, RunFacts, StartedRow } from './runs.js';

type Tx = Transaction<unknown>;

/**
 * What comes late adds what was not known and takes nothing back: a run that began is not queued again, one that ended
 * stays as it ended.
 */
export async function saveRuns(tx: Tx, { queued, started, finished, missed }: RunFacts): Promise<void> {
  await saveQueued(tx, queued);
  await saveStarted(tx, started);
  await saveFinished(tx, finished);
  await insertMissedRuns(tx, missed);
}

async function saveQueued(tx: Tx, rows: readonly QueuedRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into job_run as r (run_id, job_id, project, slot, trigger, event_id, queued_at, location,
      test_count, status)
    select n.*, 'queued' from ${unnest(
      'n',
      {
        run_id: 'uuid',
        job_id: 'uuid',
        project: 'text',
        slot: 'timestamptz',
        trigger: 'text',
        event_id: 'uuid',
        queued_at: 'timestamptz',
        location: 'text',
        test_count: 'int4',
      },
      rows,
    )}
    on conflict (run_id) do update set queued_at = excluded.queued_at, trigger = excluded.trigger,
      location = coalesce(r.location, excluded.location), test_count = coalesce(r.test_count, excluded.test_count)
      where r.queued_at is null`.execute(tx);
}

async function saveStarted(tx: Tx, rows: readonly StartedRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into job_run as r (run_id, job_id, project, slot, event_id, started_at, location,
      deadline_at, trigger, status)
    select n.*, 'running' from ${unnest(
      'n',
      {
        run_id: 'uuid',
        job_id: 'uuid',
        project: 'text',
        slot: 'timestamptz',
        event_id: 'uuid',
        started_at: 'timestamptz',
        location: 'text',
        deadline_at: 'timestamptz',
        trigger: 'text',
      },
      rows,
    )}
    on conflict (run_id) do update set started_at = excluded.started_at, deadline_at = excluded.deadline_at,
      location = excluded.location, event_id = excluded.event_id, status = 'running'
      where r.status = 'queued'`.execute(tx);
}

async function saveFinished(tx: Tx, rows: readonly FinishedRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into job_run as r (run_id, job_id, project, slot, status, started_at, finished_at,
      duration_ms, error, external_id, trigger, event_id, location, test_count, tests, artifacts)
    select run_id, job_id, project, slot, status, started_at, finished_at, duration_ms, error::jsonb, external_id,
      trigger, event_id, location, test_count, tests::jsonb, artifacts::jsonb
    from ${unnest(
      'n',
      {
        run_id: 'uuid',
        job_id: 'uuid',
        project: 'text',
        slot: 'timestamptz',
        status: 'text',
        started_at: 'timestamptz',
        finished_at: 'timestamptz',
        duration_ms: 'float8',
        error: 'text',
        external_id: 'text',
        trigger: 'text',
        event_id: 'uuid',
        location: 'text',
        test_count: 'int4',
        tests: 'text',
        artifacts: 'text',
      },
      rows,
    )}
    on conflict (run_id) do update set status = excluded.status, started_at = excluded.started_at,
      finished_at = excluded.finished_at, duration_ms = excluded.duration_ms, error = excluded.error,
      external_id = excluded.external_id, trigger = excluded.trigger, event_id = excluded.event_id,
      location = coalesce(excluded.location, r.location), test_count = coalesce(excluded.test_count, r.test_count),
      tests = excluded.tests, artifacts = excluded.artifacts
      where r.finished_at is null`.execute(tx);
}

async function insertMissedRuns(tx: Tx, rows: readonly MissedRunRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into missed_run (event_id, job_id, project, from_slot, to_slot, count, reason, recorded_at)
    select * from ${unnest(
      'n',
      {
        event_id: 'uuid',
        job_id: 'uuid',
        project: 'text',
        from_slot: 'timestamptz',
        to_slot: 'timestamptz',
        count: 'int4',
        reason: 'text',
        recorded_at: 'timestamptz',
      },
      rows,
    )}
    on conflict do nothing`.execute(tx);
}
