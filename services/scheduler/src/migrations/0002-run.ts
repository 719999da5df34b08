import { grantSelect, type Migration } from '@tocsin/database';
import { createEventTable } from '@tocsin/event-log';
import { sql } from 'kysely';
import { DUE_EVENTS, RUN_EVENTS } from '../runs/run-tables.js';

export const run: Migration = {
  name: '0002_run',
  async up(tx) {
    // Folded from the log, but for next_slot_at: that is the clock's note, null until it has looked.
    // A deleted job keeps its row, so that an older event told again does not revive it.
    await sql`create table scheduler.job (
      job_id uuid primary key,
      project text not null,
      name text not null,
      enabled bool not null,
      deleted_at timestamptz,
      revision int4 not null,
      tests jsonb not null,
      cron text,
      time_zone text not null,
      timeout_seconds int4 not null,
      retries int4 not null,
      allow_overlap bool not null,
      location text not null,
      cron_from timestamptz not null,
      next_slot_at timestamptz
    )`.execute(tx);
    await sql`create index job_next_slot on scheduler.job (next_slot_at nulls first)
      where cron is not null and enabled and deleted_at is null`.execute(tx);
    // What the clock has done: not folded from the log, never emptied.
    await sql`create table scheduler.cron_mark (
      job_id uuid primary key,
      done_until timestamptz not null
    )`.execute(tx);
    // The queue. Finished rows stay for a while, so that an event told late or again does not revive a run.
    await sql`create table scheduler.run (
      run_id uuid primary key,
      job_id uuid not null,
      project text not null,
      slot timestamptz not null,
      trigger text not null,
      state text not null check (state in ('queued', 'dispatched', 'running', 'finished')),
      queued_at timestamptz not null,
      announced bool not null,
      config_sequence bigint not null,
      location text,
      cancel_requested_at timestamptz,
      dispatched_at timestamptz,
      started_at timestamptz,
      deadline_at timestamptz,
      finished_at timestamptz
    )`.execute(tx);
    await sql`create index run_live on scheduler.run (queued_at, run_id) where state <> 'finished'`.execute(
      tx,
    );
    await sql`create index run_finished on scheduler.run (finished_at) where state = 'finished'`.execute(tx);
    await createEventTable(tx, RUN_EVENTS);
    await createEventTable(tx, DUE_EVENTS);
    await sql`create view scheduler.run_queue as
      select run_id, job_id, project, slot, state, queued_at, trigger,
        (case when state = 'queued'
          then row_number() over (partition by project, state = 'queued' order by queued_at, run_id) end)::int4 as position
      from scheduler.run where state <> 'finished'`.execute(tx);
    await grantSelect(tx, 'tocsin_api', 'scheduler', ['run_queue']);
  },
};
