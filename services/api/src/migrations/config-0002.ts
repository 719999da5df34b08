import type { Migration } from '@tocsin/database';
import { sql } from 'kysely';

const RECORD = `
  revision int4 not null,
  created_at timestamptz not null,
  updated_at timestamptz not null`;

const TABLES = `
alter table config.jobs
  add column tests uuid[] not null default '{}',
  add column cron text,
  add column time_zone text not null default 'UTC',
  add column timeout_seconds int4 not null default 3600,
  add column retries int4 not null default 0,
  add column allow_overlap bool not null default false,
  add column location text not null default 'local';

create table config.tests (
  id uuid primary key,
  project text not null,
  name text not null,
  kind text not null,
  definition jsonb not null,
  description text,
  tags text[] not null,
  ${RECORD}
);
create index tests_of_project on config.tests (project, id);

create table config.test_version (
  test_id uuid not null references config.tests on delete cascade,
  revision int4 not null,
  name text not null,
  definition jsonb not null,
  changed_at timestamptz not null,
  changed_by text not null,
  primary key (test_id, revision)
);

create table config.job_tests (
  job_id uuid not null references config.jobs on delete cascade,
  test_id uuid not null references config.tests,
  position int4 not null,
  primary key (job_id, test_id)
);
create index jobs_of_test on config.job_tests (test_id, job_id);
create index monitors_of_test on config.monitors ((config ->> 'testId')) where type = 'synthetic_test';

create table config.variables (
  id uuid primary key,
  project text not null,
  name text not null,
  secret bool not null,
  value text,
  secret_version int4,
  bytes int4 not null,
  description text,
  ${RECORD},
  unique (project, name)
);

alter table config.secret
  drop constraint secret_record_kind_check,
  add constraint secret_record_kind_check check (record_kind in ('monitor', 'provider', 'variable'));

create table config.job_key (
  id uuid primary key,
  job_id uuid not null references config.jobs on delete cascade,
  name text not null,
  key_hash bytea not null unique,
  max_starts int4 not null,
  per_seconds int4 not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz
);
create index keys_of_job on config.job_key (job_id, id);

create table config.job_key_start (
  run_id uuid primary key,
  key_id uuid not null references config.job_key on delete cascade,
  started_at timestamptz not null
);
create index starts_of_key on config.job_key_start (key_id, started_at);

create table config.run_request (
  run_id uuid primary key,
  job_id uuid not null,
  project text not null,
  trigger text not null,
  location text not null,
  test_count int4 not null,
  requested_by text not null,
  requested_at timestamptz not null
);
create index run_requests_of_job on config.run_request (job_id, requested_at desc, run_id desc);
create index run_requests_of_project on config.run_request (project, requested_at desc, run_id desc);

create table config.run_cancel (
  run_id uuid primary key,
  job_id uuid not null,
  project text not null,
  requested_at timestamptz not null
);
create index run_cancels_by_age on config.run_cancel (requested_at)`;

export const jobsThatRun: Migration = {
  name: '0002_jobs_that_run',
  async up(tx) {
    for (const statement of TABLES.split(';')) await sql.raw(statement).execute(tx);
  },
};
