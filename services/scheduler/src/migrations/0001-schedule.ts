import type { Migration } from '@tocsin/database';
import { createProjectionTables } from '@tocsin/event-log';
import { sql } from 'kysely';

export const schedule: Migration = {
  name: '0001_schedule',
  async up(tx) {
    await createProjectionTables(tx, 'scheduler');
    // Folded from the log. A deleted monitor keeps its row, so that an older event told again does not revive it.
    await sql`create table scheduler.schedule (
      monitor_id uuid primary key,
      shard text not null,
      project text not null,
      kind text not null,
      name text not null,
      target text not null,
      config jsonb not null,
      secret_version int4,
      locations jsonb not null,
      interval_seconds int4 not null,
      enabled bool not null,
      enabled_at timestamptz not null,
      deleted bool not null,
      revision int4 not null,
      grace_seconds int4,
      last_received_at timestamptz,
      deadline_at timestamptz
    )`.execute(tx);
    await sql`create index schedule_active on scheduler.schedule (shard) where enabled and not deleted`.execute(
      tx,
    );
    // Which rows changed since a clock last looked. One writer for each shard, hence in the order of the commits.
    await sql`create sequence scheduler.change_version`.execute(tx);
    await sql`create table scheduler.change (
      monitor_id uuid primary key,
      shard text not null,
      version bigint not null
    )`.execute(tx);
    await sql`create index change_by_version on scheduler.change (shard, version)`.execute(tx);
    // What the clock has done: not folded from the log, never emptied.
    await sql`create table scheduler.mark (
      shard text primary key,
      published_until timestamptz not null
    )`.execute(tx);
    await sql`insert into scheduler.mark (shard, published_until)
      select to_hex(n), date_trunc('milliseconds', now()) from generate_series(0, 15) as n`.execute(tx);
    await sql`create table scheduler.first_check (
      monitor_id uuid primary key,
      slot timestamptz not null
    )`.execute(tx);
  },
};
