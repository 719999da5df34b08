import { jobAlertConfig, monitorAlertConfig } from '@tocsin/http-api';
import { type Kysely, sql } from 'kysely';

/** The views other services publish, as plain tables with the columns that were agreed on. */
const TABLES = `
create schema results;
create schema evaluator;
create schema notifier;
create schema scheduler;

create table results.monitor_results (
  monitor_id uuid, project text, slot timestamptz, location text, outcome text, latency_ms float8, error jsonb,
  started_at timestamptz, finished_at timestamptz, timings jsonb, attempts int4, observed jsonb, certificate jsonb,
  trigger text, event_id uuid, primary key (monitor_id, slot, location)
) partition by range (slot);
create table results.monitor_results_all partition of results.monitor_results default;
create table results.monitor_hourly (
  monitor_id uuid, location text, start_at timestamptz, checks int4, up int4, degraded int4, down int4, error int4,
  latency_sum float8, latency_count int4, latency_min float8, latency_max float8, latency_p50 float8,
  latency_p95 float8, latency_p99 float8, status_changes int4, primary key (monitor_id, location, start_at)
);
create table results.monitor_daily (like results.monitor_hourly including all);
create table results.target_status (
  target_id uuid primary key, target_kind text, project text, status text, last_check_at timestamptz,
  last_status_change_at timestamptz, last_latency_ms float8, last_outcome text, deleted bool
);
create table results.status_history (
  id uuid primary key, target_id uuid, target_kind text, project text, from_status text, to_status text, reason text,
  changed_at timestamptz, slot timestamptz
);
create table results.job_run (
  run_id uuid primary key, job_id uuid, project text, slot timestamptz, status text, queued_at timestamptz,
  started_at timestamptz, finished_at timestamptz, duration_ms float8, error jsonb, external_id text, trigger text,
  location text, test_count int4, tests jsonb not null, artifacts jsonb not null, deadline_at timestamptz, event_id uuid
);

create table results.missed_run (
  event_id uuid primary key, job_id uuid, project text, from_slot timestamptz, to_slot timestamptz, count int4,
  reason text, recorded_at timestamptz
);

create table scheduler.run_queue (
  run_id uuid primary key, job_id uuid, project text, slot timestamptz, state text, queued_at timestamptz, trigger text,
  position int4
);

create table evaluator.alert (
  id uuid primary key, project text, target_id uuid, target_kind text, target_name text, target_url text, type text,
  severity text, state text, reason text, raised_at timestamptz, since timestamptz, resolved_at timestamptz,
  resolved_reason text, duration_ms float8, acknowledged_at timestamptz, acknowledged_by text,
  acknowledgement_note text, evidence jsonb, resolved_evidence jsonb, locations jsonb, policy_revision int4,
  providers jsonb, untold text, unmuted_at timestamptz
);

create table notifier.notification (
  id uuid primary key, project text, alert_id uuid, alert_event_id uuid, alert_event text, target_id uuid,
  target_kind text, provider_id uuid, provider_name text, provider_kind text, state text, reason text,
  planned_at timestamptz, next_attempt_at timestamptz, finished_at timestamptz, attempts int4
);
create table notifier.attempt (
  notification_id uuid, number int4, started_at timestamptz, finished_at timestamptz, outcome text, status int4,
  excerpt text, reason text, primary key (notification_id, number)
);
create table notifier.alert_history (
  id uuid, message text, type text, target text, target_type text, monitor_id uuid, job_id uuid, provider text,
  provider_id uuid, status text, sent_at timestamptz, error_message text, project text
);
create table notifier.provider_health (
  provider_id uuid primary key, disabled_reason text, disabled_at timestamptz, last_used_at timestamptz, breaker text default 'closed',
  incident jsonb
)`;

export async function createViews<DB>(db: Kysely<DB>): Promise<void> {
  for (const statement of TABLES.split(';')) await sql.raw(statement).execute(db);
}

export async function insertRows<DB>(db: Kysely<DB>, table: string, rows: readonly object[]): Promise<void> {
  await sql`insert into ${sql.table(table)}
    select * from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::jsonb)`.execute(
    db,
  );
}

const TIME = Date.parse('2026-01-31T12:00:00.000Z');

/** So many seconds after noon of the day the tests are set in. */
export const at = (seconds: number): string => new Date(TIME + seconds * 1000).toISOString();

/** A uuid to recognise. */
export const uuid = (number: number): string => `0192f0c1-7a5e-7c3b-9d21-${String(number).padStart(12, '0')}`;

export const PROJECT = 'default';

export const resultRow = (monitorId: string, seconds: number, more: object = {}) => ({
  monitor_id: monitorId,
  project: PROJECT,
  slot: at(seconds),
  location: 'local',
  outcome: 'up',
  latency_ms: 12.5,
  started_at: at(seconds),
  finished_at: at(seconds + 0.0125),
  timings: { totalMs: 12.5 },
  attempts: 1,
  observed: { statusCode: 200 },
  trigger: 'schedule',
  event_id: uuid(1),
  ...more,
});

export const runRow = (runId: string, jobId: string, slot: string, more: object = {}) => ({
  run_id: runId,
  job_id: jobId,
  project: PROJECT,
  slot,
  status: 'passed',
  queued_at: slot,
  started_at: slot,
  finished_at: slot,
  duration_ms: 5000,
  trigger: 'manual',
  location: 'local',
  test_count: 1,
  tests: [],
  artifacts: [],
  event_id: runId,
  ...more,
});

export const alertRow = (id: number, raisedSeconds: number, more: object = {}) => ({
  id: uuid(id),
  project: PROJECT,
  target_id: uuid(100),
  target_kind: 'monitor',
  target_name: 'shop',
  target_url: 'https://shop.example/',
  type: 'failure',
  severity: 'error',
  state: 'open',
  reason: 'threshold_reached',
  raised_at: at(raisedSeconds),
  since: at(raisedSeconds - 60),
  evidence: [
    {
      eventId: uuid(7),
      slot: at(raisedSeconds),
      finishedAt: at(raisedSeconds),
      location: 'local',
      outcome: 'down',
      error: { code: 'connection_refused', message: 'nobody listens there' },
      latencyMs: 3,
    },
  ],
  resolved_evidence: [],
  locations: ['local'],
  policy_revision: 1,
  providers: [uuid(200)],
  ...more,
});

export const notificationRow = (id: number, plannedSeconds: number, more: object = {}) => ({
  id: uuid(id),
  project: PROJECT,
  alert_id: uuid(1),
  alert_event_id: uuid(1),
  alert_event: 'alert.raised',
  target_id: uuid(100),
  target_kind: 'monitor',
  provider_id: uuid(200),
  provider_name: 'hook',
  provider_kind: 'webhook',
  state: 'failed',
  reason: 'permanent',
  planned_at: at(plannedSeconds),
  finished_at: at(plannedSeconds + 1),
  attempts: 1,
  ...more,
});

/** A row of config.monitors or config.jobs, as far as reading cares. */
export const monitorRow = (id: string, project = PROJECT) => ({
  id,
  project,
  name: 'shop',
  type: 'http_request',
  target: 'https://shop.example/',
  interval_seconds: 60,
  enabled: true,
  enabled_at: at(0),
  locations: ['local'],
  quorum: 'any',
  tags: [],
  config: {},
  masks: {},
  alert_config: monitorAlertConfig.parse({}),
  revision: 1,
  created_at: at(0),
  updated_at: at(0),
});

export const jobRow = (id: string, project = PROJECT) => ({
  id,
  project,
  name: 'nightly',
  enabled: true,
  enabled_at: at(0),
  tags: [],
  tests: [],
  time_zone: 'UTC',
  timeout_seconds: 3600,
  retries: 0,
  allow_overlap: false,
  location: 'local',
  alert_config: jobAlertConfig.parse({}),
  revision: 1,
  created_at: at(0),
  updated_at: at(0),
});
