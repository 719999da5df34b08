import type { Overview } from '@tocsin/http-api';
import { addMs, type Instant } from '@tocsin/kernel';
import { STATUSES, type Status } from '@tocsin/monitoring';
import { type QueryExecutorProvider, type RawBuilder, sql } from 'kysely';
import { UNFOLDED_FOR_MS } from '../../runs/run-queue.store.js';
import { unlessMissing } from '../missing-view.js';
import { statusNow } from '../status-now.js';

/** Which of the other services' views are there. */
interface There {
  readonly results: boolean;
  readonly alerts: boolean;
  readonly notifications: boolean;
}

interface Row {
  readonly monitors: Partial<Record<Status, number>>;
  readonly jobs: Partial<Record<Status, number>>;
  readonly open: number;
  readonly unacknowledged: number;
  readonly oldest_since: Instant | null;
  readonly failing_providers: number;
  readonly dead_letters: number;
  readonly queued: number;
  readonly running: number;
}

/** One question for all of it, unless a service has never run here: then one more, for which. */
export async function readOverview(
  db: QueryExecutorProvider,
  project: string,
  now: Instant,
): Promise<Overview> {
  const ask = async (there: There) => {
    const { rows } = await sql<Row>`select ${overviewOf(project, now, there)}`.execute(db);
    return rows[0] as Row;
  };
  const row =
    (await unlessMissing(ask({ results: true, alerts: true, notifications: true }), undefined)) ??
    (await ask(await whatIsThere(db)));
  return {
    at: now,
    counts: {
      monitors: targetsOf(row.monitors),
      jobs: targetsOf(row.jobs),
      alerts: { open: row.open, unacknowledged: row.unacknowledged, oldestSince: row.oldest_since },
      deliveries: { failingProviders: row.failing_providers, deadLetters: row.dead_letters },
      runs: { queued: row.queued, running: row.running },
    },
  };
}

async function whatIsThere(db: QueryExecutorProvider): Promise<There> {
  const { rows } = await sql<There>`select
    to_regclass('results.target_status') is not null as results,
    to_regclass('evaluator.alert') is not null as alerts,
    to_regclass('notifier.notification') is not null as notifications`.execute(db);
  return rows[0] as There;
}

function targetsOf(counted: Partial<Record<Status, number>>): Overview['counts']['monitors'] {
  const byStatus = Object.fromEntries(STATUSES.map((status) => [status, counted[status] ?? 0]));
  const total = Object.values(byStatus).reduce((sum, count) => sum + count, 0);
  return { total, byStatus: byStatus as Record<Status, number> };
}

const overviewOf = (project: string, now: Instant, there: There): RawBuilder<unknown> => sql`
  ${statusesOf('monitors', project, there)} as monitors, ${statusesOf('jobs', project, there)} as jobs,
  ${alertsOf(project, there)}, ${deliveriesOf(project, there)}, ${runsOf(project, now, there)}`;

function statusesOf(table: 'monitors' | 'jobs', project: string, { results }: There): RawBuilder<unknown> {
  const { status, join } = statusNow(results);
  return sql`(select coalesce(jsonb_object_agg(status, counted), '{}') from (
    select ${status} as status, count(*) as counted from config.${sql.id(table)} t ${join}
    where t.project = ${project} group by 1) c)`;
}

const alertsOf = (project: string, { alerts }: There): RawBuilder<unknown> => {
  const some = (what: string) =>
    alerts
      ? sql`(select ${sql.raw(what)} from evaluator.alert where project = ${project} and state = 'open')`
      : sql.raw(what.startsWith('min') ? 'null::timestamptz' : '0');
  return sql`${some('count(*)::int')} as open, ${some('min(since)')} as oldest_since,
    ${some('(count(*) filter (where acknowledged_at is null))::int')} as unacknowledged`;
};

/** A provider fails when it was switched off by itself, is not tried for a while, or has not carried a message since it failed. */
const deliveriesOf = (project: string, { notifications }: There): RawBuilder<unknown> =>
  notifications
    ? sql`(select count(*)::int from config.notification_providers p
        join notifier.provider_health h on h.provider_id = p.id
        where p.project = ${project} and p.enabled and
          (h.disabled_reason is not null or h.breaker <> 'closed' or h.incident is not null)) as failing_providers,
      (select count(*)::int from notifier.notification
        where project = ${project} and state = 'failed') as dead_letters`
    : sql`0 as failing_providers, 0 as dead_letters`;

/** What was asked for and nobody has folded yet waits too. */
function runsOf(project: string, now: Instant, { results }: There): RawBuilder<unknown> {
  const asked = sql`(select count(*)::int from config.run_request r
    where project = ${project} and requested_at > ${addMs(now, -UNFOLDED_FOR_MS)}
      and not exists (select 1 from config.run_cancel c where c.run_id = r.run_id)
      ${results ? sql`and not exists (select 1 from results.job_run j where j.run_id = r.run_id)` : sql``})`;
  if (!results) return sql`${asked} as queued, 0 as running`;
  const folded = (status: string) => sql`(select count(*)::int from results.job_run
    where project = ${project} and finished_at is null and status = ${status})`;
  return sql`${asked} + ${folded('queued')} as queued, ${folded('running')} as running`;
}
