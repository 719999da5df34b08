import { grantSelect, type Migration } from '@tocsin/database';
import { createEventTable, createProjectionTables } from '@tocsin/event-log';
import { sql, type Transaction } from 'kysely';
import { OUTBOX, SCHEMA } from '../result-projector.js';

export const results: Migration = {
  name: '0001_results',
  async up(tx) {
    await createProjectionTables(tx, SCHEMA);
    await createEventTable(tx, OUTBOX);
    await createFacts(tx);
    await createTargets(tx);
    await createRollups(tx);
    await grantSelect(tx, 'tocsin_api', SCHEMA, [
      'monitor_results',
      'monitor_hourly',
      'monitor_daily',
      'target_status',
      'status_history',
      'missed_slot',
      'job_run',
    ]);
  },
};

async function createFacts(tx: Transaction<unknown>): Promise<void> {
  await sql`create table results.monitor_results (
    monitor_id uuid not null,
    project text not null,
    slot timestamptz not null,
    location text not null,
    outcome text not null,
    latency_ms float8 not null,
    error jsonb,
    started_at timestamptz not null,
    finished_at timestamptz not null,
    timings jsonb not null,
    attempts int4 not null,
    observed jsonb not null,
    certificate jsonb,
    trigger text not null,
    event_id uuid not null,
    primary key (monitor_id, slot, location)
  ) partition by range (slot)`.execute(tx);
  // Rollups ask for one hour of all monitors; results arrive by time, so the smallest index there is will do.
  await sql`create index monitor_results_slot on results.monitor_results
    using brin (slot) with (pages_per_range = 32, autosummarize = on)`.execute(tx);
  await sql`create table results.job_run (
    run_id uuid primary key,
    job_id uuid not null,
    project text not null,
    slot timestamptz not null,
    status text not null,
    started_at timestamptz not null,
    finished_at timestamptz not null,
    duration_ms float8 not null,
    error jsonb,
    external_id text,
    trigger text not null,
    event_id uuid not null
  )`.execute(tx);
  await sql`create index job_run_of_job on results.job_run (job_id, slot desc, run_id desc)`.execute(tx);
  await sql`create index job_run_age on results.job_run using brin (finished_at)`.execute(tx);
  await sql`create table results.missed_slot (
    event_id uuid primary key,
    monitor_id uuid not null,
    project text not null,
    location text,
    from_slot timestamptz not null,
    to_slot timestamptz not null,
    count int4 not null,
    reason text not null,
    recorded_at timestamptz not null
  )`.execute(tx);
  await sql`create index missed_slot_of_monitor on results.missed_slot (monitor_id, to_slot desc)`.execute(
    tx,
  );
}

async function createTargets(tx: Transaction<unknown>): Promise<void> {
  await sql`create table results.target (
    target_id uuid primary key,
    target_kind text not null,
    project text not null,
    status text not null,
    last_status_change_at timestamptz,
    deleted bool not null,
    config_waits bool not null,
    state text not null
  ) with (fillfactor = 80)`.execute(tx);
  await sql`create index target_by_status on results.target (project, status) where not deleted`.execute(tx);
  await sql`create index target_waiting on results.target (target_id) where config_waits`.execute(tx);
  // Every result updates its row: room on the page keeps the index out of it.
  await sql`create table results.target_last (
    target_id uuid primary key,
    last_check_at timestamptz,
    last_latency_ms float8,
    last_outcome text,
    last_sequence bigint not null,
    last_slots text not null
  ) with (fillfactor = 50)`.execute(tx);
  await sql`create view results.target_status as
    select target_id, target_kind, project, status, last_check_at, last_status_change_at, last_latency_ms,
      last_outcome, deleted
    from results.target left join results.target_last using (target_id)`.execute(tx);
  await sql`create table results.status_history (
    id uuid primary key,
    target_id uuid not null,
    target_kind text not null,
    project text not null,
    from_status text not null,
    to_status text not null,
    reason text not null,
    changed_at timestamptz not null,
    slot timestamptz
  )`.execute(tx);
  await sql`create index status_history_of_target on results.status_history (target_id, changed_at desc, id desc)`.execute(
    tx,
  );
  await sql`create index status_history_age on results.status_history using brin (changed_at)`.execute(tx);
  // Not emptied by a rebuild: the one thing that is in no stream.
  await sql`create table results.config_change (
    event_id uuid primary key,
    target_id uuid not null,
    revision int4 not null,
    position bigint,
    change text not null
  )`.execute(tx);
  await sql`create index config_change_of_target on results.config_change (target_id, revision)`.execute(tx);
}

async function createRollups(tx: Transaction<unknown>): Promise<void> {
  for (const name of ['monitor_hourly', 'monitor_daily']) {
    await sql`create table ${sql.id(SCHEMA, name)} (
      monitor_id uuid not null,
      location text not null,
      start_at timestamptz not null,
      checks int4 not null,
      up int4 not null,
      degraded int4 not null,
      down int4 not null,
      error int4 not null,
      latency_sum float8 not null,
      latency_count int4 not null,
      latency_min float8,
      latency_max float8,
      latency_p50 float8,
      latency_p95 float8,
      latency_p99 float8,
      status_changes int4 not null,
      primary key (monitor_id, location, start_at)
    ) with (fillfactor = 80)`.execute(tx);
    await sql`create index ${sql.id(`${name}_age`)} on ${sql.id(SCHEMA, name)} (start_at)`.execute(tx);
  }
  await sql`create table results.dirty_hour (
    hour timestamptz not null,
    shard text not null,
    version bigint not null default 1,
    primary key (hour, shard)
  ) with (fillfactor = 20)`.execute(tx);
  await sql`create table results.dirty_day (
    day timestamptz primary key,
    since timestamptz not null
  )`.execute(tx);
}
