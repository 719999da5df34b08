import { unnest } from '@tocsin/database';
import type { Instant } from '@tocsin/kernel';
import { type Kysely, sql } from 'kysely';
import type { ScheduledJob } from './job.js';

type Db = Kysely<unknown>;

interface Row {
  readonly job_id: string;
  readonly project: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly deleted_at: Instant | null;
  readonly revision: number;
  readonly tests: readonly string[];
  readonly cron: string | null;
  readonly time_zone: string;
  readonly timeout_seconds: number;
  readonly retries: number;
  readonly allow_overlap: boolean;
  readonly location: string;
  readonly cron_from: Instant;
}

const COLUMNS = {
  job_id: 'uuid',
  project: 'text',
  name: 'text',
  enabled: 'bool',
  deleted_at: 'timestamptz',
  revision: 'int4',
  tests: 'jsonb',
  cron: 'text',
  time_zone: 'text',
  timeout_seconds: 'int4',
  retries: 'int4',
  allow_overlap: 'bool',
  location: 'text',
  cron_from: 'timestamptz',
} as const;

const names = Object.keys(COLUMNS);
const columns = sql.join(names.map((name) => sql.ref(`j.${name}`)));
const targets = sql.join(names.map((name) => sql.id(name)));
const assignments = sql.join(names.slice(1).map((name) => sql`${sql.id(name)} = excluded.${sql.id(name)}`));

const toRow = (job: ScheduledJob): Row => ({
  job_id: job.jobId,
  project: job.project,
  name: job.name,
  enabled: job.enabled,
  deleted_at: job.deletedAt ?? null,
  revision: job.revision,
  tests: job.tests,
  cron: job.cron ?? null,
  time_zone: job.timeZone,
  timeout_seconds: job.timeoutSeconds,
  retries: job.retries,
  allow_overlap: job.allowOverlap,
  location: job.location,
  cron_from: job.cronFrom,
});

const fromRow = (row: Row): ScheduledJob => ({
  jobId: row.job_id,
  project: row.project,
  name: row.name,
  enabled: row.enabled,
  deletedAt: row.deleted_at ?? undefined,
  revision: row.revision,
  tests: row.tests,
  cron: row.cron ?? undefined,
  timeZone: row.time_zone,
  timeoutSeconds: row.timeout_seconds,
  retries: row.retries,
  allowOverlap: row.allow_overlap,
  location: row.location,
  cronFrom: row.cron_from,
});

export async function jobsById(db: Db, ids: readonly string[]): Promise<Map<string, ScheduledJob>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<Row>`
    select ${columns} from job j where job_id = any(${ids}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [row.job_id, fromRow(row)]));
}

/** What the clock noted of a cron holds for the form it had. */
export async function saveJobs(db: Db, jobs: readonly ScheduledJob[]): Promise<void> {
  if (jobs.length === 0) return;
  await sql`insert into job as j (${targets})
    select * from ${unnest('n', COLUMNS, jobs.map(toRow))}
    on conflict (job_id) do update set ${assignments},
      next_slot_at = case when j.cron_from = excluded.cron_from then j.next_slot_at end`.execute(db);
}

/** A job with a cron, and up to where its slots are dealt with. */
export interface CronJob {
  readonly job: ScheduledJob & { readonly cron: string };
  readonly doneUntil: Instant;
}

const isTimed = sql`j.cron is not null and j.enabled and j.deleted_at is null`;

/** Jobs that have a slot by now, or that nobody looked at yet. */
export async function jobsToPlan(db: Db, now: Instant, limit: number): Promise<CronJob[]> {
  const { rows } = await sql<Row & { cron: string; done_until: Instant }>`
    select ${columns}, greatest(m.done_until, j.cron_from) as done_until
    from job j left join cron_mark m using (job_id)
    where ${isTimed} and (j.next_slot_at is null or j.next_slot_at <= ${now}::timestamptz)
    order by j.next_slot_at nulls first limit ${limit}`.execute(db);
  return rows.map((row) => ({ job: { ...fromRow(row), cron: row.cron }, doneUntil: row.done_until }));
}

/** @returns undefined when no job has a cron */
export async function nextSlotAt(db: Db): Promise<Instant | undefined> {
  const { rows } = await sql<{ next_slot_at: Instant | null }>`
    select j.next_slot_at from job j where ${isTimed} order by j.next_slot_at nulls first limit 1`.execute(
    db,
  );
  return rows[0]?.next_slot_at ?? undefined;
}

export interface PlannedCron {
  readonly jobId: string;
  /** of the job the plan was made of: an edit meanwhile is planned anew */
  readonly revision: number;
  readonly doneUntil: Instant;
  readonly nextSlotAt: Instant;
}

/** Marks never go back. */
export async function savePlanned(db: Db, planned: readonly PlannedCron[]): Promise<void> {
  if (planned.length === 0) return;
  const marks = planned.map(({ jobId, doneUntil }) => ({ job_id: jobId, done_until: doneUntil }));
  await sql`insert into cron_mark as m (job_id, done_until)
    select * from ${unnest('n', { job_id: 'uuid', done_until: 'timestamptz' }, marks)}
    on conflict (job_id) do update set done_until = greatest(m.done_until, excluded.done_until)`.execute(db);
  const nexts = planned.map(({ jobId, revision, nextSlotAt: next_slot_at }) => ({
    job_id: jobId,
    revision,
    next_slot_at,
  }));
  await sql`update job j set next_slot_at = n.next_slot_at
    from ${unnest('n', { job_id: 'uuid', revision: 'int4', next_slot_at: 'timestamptz' }, nexts)}
    where j.job_id = n.job_id and j.revision = n.revision`.execute(db);
}

/** The latest slot that is dealt with: no time before it comes again. */
export async function latestMark(db: Db): Promise<Instant | undefined> {
  const { rows } = await sql<{ latest: Instant | null }>`
    select max(done_until) as latest from cron_mark`.execute(db);
  return rows[0]?.latest ?? undefined;
}
