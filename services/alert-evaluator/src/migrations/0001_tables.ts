import { grantSelect, type Migration } from '@tocsin/database';
import { createEventTable, createProjectionTables } from '@tocsin/event-log';
import { sql } from 'kysely';
import { ALERT_EVENTS, SCHEMA } from '../evaluator.js';

export const tables: Migration = {
  name: '0001_tables',
  async up(tx) {
    await createProjectionTables(tx, SCHEMA);
    await createEventTable(tx, ALERT_EVENTS);
    // The policy has a column of its own, for it changes rarely. Room on each page for the next version of a row
    // that changes with every result
    await sql`create table target_state (
      target_id uuid primary key,
      project text not null,
      target_kind text not null,
      shard text not null,
      state jsonb not null,
      policy jsonb,
      position bigint not null
    ) with (fillfactor = 50)`.execute(tx);
    await sql`create table alert (
      id uuid primary key,
      project text not null,
      target_id uuid not null,
      target_kind text not null,
      target_name text not null,
      target_url text not null,
      type text not null,
      severity text not null,
      state text not null check (state in ('open', 'resolved')),
      reason text not null,
      raised_at timestamptz not null,
      since timestamptz not null,
      resolved_at timestamptz,
      resolved_reason text,
      duration_ms float8,
      acknowledged_at timestamptz,
      acknowledged_by text,
      acknowledgement_note text,
      evidence jsonb not null,
      resolved_evidence jsonb not null default '[]',
      locations jsonb not null,
      policy_revision int4 not null,
      providers jsonb not null,
      untold text,
      unmuted_at timestamptz
    )`.execute(tx);
    await sql`create index alert_recent on alert (project, raised_at desc, id desc)`.execute(tx);
    await sql`create index alert_of_target on alert (target_id, raised_at desc, id desc)`.execute(tx);
    await sql`create index alert_open on alert (project, raised_at desc, id desc) where state = 'open'`.execute(
      tx,
    );
    // One open alert per type of a target, whoever writes (R4)
    await sql`create unique index alert_one_open on alert (target_id, type) where state = 'open'`.execute(tx);
    // What a rebuild has still to take from the event table, and the RESULTS sequence after which it counts
    await sql`create table to_replay (
      chain text not null,
      position bigint not null,
      counts_after bigint not null,
      primary key (chain, position)
    )`.execute(tx);
    // Whose the states of a shard are: another's are not to be remembered
    await sql`create table shard_writer (shard text primary key, writer text not null)`.execute(tx);
    // What people decided while a rebuild was under way
    await sql`create table put_off (
      id bigint generated always as identity primary key,
      shard text not null,
      event text not null
    )`.execute(tx);
    await grantSelect(tx, 'tocsin_api', SCHEMA, ['alert', 'event', 'target_state']);
  },
};
