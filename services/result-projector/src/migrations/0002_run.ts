import { grantSelect, type Migration } from '@tocsin/database';
import { sql } from 'kysely';
import { SCHEMA } from '../result-projector.js';

/** Runs are known from the moment they are queued, with what their tests came to and what they left behind. */
export const run: Migration = {
  name: '0002_run',
  async up(tx) {
    await sql`alter table results.job_run
      alter column started_at drop not null,
      alter column finished_at drop not null,
      alter column duration_ms drop not null,
      add column queued_at timestamptz,
      add column deadline_at timestamptz,
      add column location text,
      add column test_count int4,
      add column tests jsonb not null default '[]',
      add column artifacts jsonb not null default '[]'`.execute(tx);
    await sql`create index job_run_of_project on results.job_run (project, slot desc, run_id desc)`.execute(
      tx,
    );
    await sql`create index job_run_live on results.job_run (project, queued_at) where finished_at is null`.execute(
      tx,
    );
    await sql`create table results.missed_run (
      event_id uuid primary key,
      job_id uuid not null,
      project text not null,
      from_slot timestamptz not null,
      to_slot timestamptz not null,
      count int4 not null,
      reason text not null,
      recorded_at timestamptz not null
    )`.execute(tx);
    await sql`create index missed_run_of_job on results.missed_run (job_id, to_slot desc)`.execute(tx);
    await grantSelect(tx, 'tocsin_api', SCHEMA, ['missed_run']);
  },
};
