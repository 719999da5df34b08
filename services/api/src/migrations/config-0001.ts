import { grantSelect, type Migration } from '@tocsin/database';
import { createEventTable } from '@tocsin/event-log';
import { sql } from 'kysely';
import { CONFIG_EVENTS, RESULT_OUTBOX } from '../event-tables.js';

const RECORD = `
  revision int4 not null,
  created_at timestamptz not null,
  updated_at timestamptz not null`;

const TABLES = `
create table config.monitors (
  id uuid primary key,
  project text not null,
  name text not null,
  type text not null,
  target text not null,
  interval_seconds int4 not null,
  enabled bool not null,
  enabled_at timestamptz not null,
  locations text[] not null,
  quorum text not null,
  description text,
  tags text[] not null,
  config jsonb not null,
  masks jsonb not null,
  secret_version int4,
  alert_config jsonb not null,
  ${RECORD}
);
create index monitors_of_project on config.monitors (project, id);

create table config.jobs (
  id uuid primary key,
  project text not null,
  name text not null,
  enabled bool not null,
  enabled_at timestamptz not null,
  description text,
  tags text[] not null,
  alert_config jsonb not null,
  ${RECORD}
);
create index jobs_of_project on config.jobs (project, id);

create table config.notification_providers (
  id uuid primary key,
  project text not null,
  name text not null,
  type text not null,
  enabled bool not null,
  config jsonb not null,
  masks jsonb not null,
  secret_version int4,
  ${RECORD}
);
create index notification_providers_of_project on config.notification_providers (project, id);

create table config.monitor_notification_settings (
  monitor_id uuid not null references config.monitors on delete cascade,
  provider_id uuid not null references config.notification_providers,
  position int4 not null,
  primary key (monitor_id, provider_id)
);
create index monitors_of_provider on config.monitor_notification_settings (provider_id, monitor_id);

create table config.job_notification_settings (
  job_id uuid not null references config.jobs on delete cascade,
  provider_id uuid not null references config.notification_providers,
  position int4 not null,
  primary key (job_id, provider_id)
);
create index jobs_of_provider on config.job_notification_settings (provider_id, job_id);

create table config.secret (
  record_id uuid not null,
  record_kind text not null check (record_kind in ('monitor', 'provider')),
  version int4 not null,
  key_id text not null,
  wrapped_key bytea not null,
  ciphertext bytea not null,
  created_at timestamptz not null,
  primary key (record_id, version)
);

create table config.heartbeat (
  monitor_id uuid primary key references config.monitors on delete cascade,
  token_hash bytea not null unique,
  key_id text not null,
  wrapped_key bytea not null,
  ciphertext bytea not null
)`;

export const configTables: Migration = {
  name: '0001_config_tables',
  async up(tx) {
    for (const statement of TABLES.split(';')) await sql.raw(statement).execute(tx);
    await createEventTable(tx, CONFIG_EVENTS);
    await createEventTable(tx, RESULT_OUTBOX);
    await grantSelect(tx, 'tocsin_notifier', 'config', ['secret']);
  },
};
