import type { KnownAlert, Observation, PolicyChanged } from '@tocsin/alerting';
import { DomainError, type Instant } from '@tocsin/kernel';
import type { TargetKind } from '@tocsin/monitoring';
import { sql } from 'kysely';
import { unlessMissing } from '../reading/missing-view.js';
import { loadAlerts } from '../what-if/past-of-targets.store.js';
import { loadLastResults } from '../what-if/results-of-past.store.js';
import { loadLastRuns } from '../what-if/runs-of-past.store.js';
import type { Database } from '../wiring.js';
import { alertEvents, type Logged, whoMade } from './alert-facts.store.js';

/** Looked at before the instant; more than any threshold in use can count. */
export const RESULTS_LOOKED_AT = 500;

export interface Missed {
  readonly id: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly count: number;
  readonly reason: string;
}

export interface TargetFacts {
  readonly project: string;
  readonly targetId: string;
  readonly targetKind: TargetKind;
  readonly targetName: string;
  readonly isHeartbeat: boolean;
  /** as it is now; null for jobs */
  readonly intervalSeconds: number | null;
  readonly at: Instant;
  readonly status: string;
  readonly policies: readonly Logged<PolicyChanged>[];
  readonly changedBy: string | undefined;
  /** finished by then, oldest first */
  readonly results: readonly Observation[];
  readonly alerts: readonly KnownAlert[];
  /** slots about then that nobody made a check for */
  readonly missed: readonly Missed[];
}

interface Row {
  readonly name: string;
  readonly interval_seconds: number | null;
  readonly is_heartbeat: boolean;
}

/** What was known of a monitor or job at an instant. @throws DomainError `not_found` */
export async function targetFacts(
  db: Database,
  project: string,
  kind: TargetKind,
  id: string,
  at: Instant,
): Promise<TargetFacts> {
  const row = await find(db, project, kind, id);
  if (row === undefined) throw new DomainError('not_found', `there is no ${kind} ${id}`);
  const [logged, results, status, missed] = await Promise.all([
    alertEvents(db, id, sql`type = 'PolicyChanged' and time <= ${at}`),
    kind === 'monitor'
      ? loadLastResults(db, id, at, RESULTS_LOOKED_AT)
      : loadLastRuns(db, id, at, RESULTS_LOOKED_AT),
    statusAt(db, id, at),
    missedAt(db, kind, id, at),
  ]);
  const policies = logged as unknown as Logged<PolicyChanged>[];
  const inForce = policies.at(-1);
  const [alerts, changedBy] = await Promise.all([
    loadAlerts(db, [id], results[0]?.finishedAt ?? at, at),
    inForce === undefined ? undefined : whoMade(db, id, inForce.data.policyRevision),
  ]);
  return {
    project,
    targetId: id,
    targetKind: kind,
    targetName: row.name,
    isHeartbeat: row.is_heartbeat,
    intervalSeconds: row.interval_seconds,
    at,
    status,
    policies,
    changedBy,
    results,
    alerts: alerts.get(id) ?? [],
    missed,
  };
}

async function find(db: Database, project: string, kind: TargetKind, id: string): Promise<Row | undefined> {
  const { rows } = await (kind === 'monitor'
    ? sql<Row>`select name, interval_seconds, type = 'heartbeat' as is_heartbeat from config.monitors
        where id = ${id} and project = ${project}`
    : sql<Row>`select name, null::int4 as interval_seconds, false as is_heartbeat from config.jobs
        where id = ${id} and project = ${project}`
  ).execute(db);
  return rows[0];
}

async function statusAt(db: Database, id: string, at: Instant): Promise<string> {
  const { rows } = await unlessMissing(
    sql<{ status: string }>`select to_status as status from results.status_history
      where target_id = ${id} and changed_at <= ${at} order by changed_at desc, id desc limit 1`.execute(db),
    { rows: [] },
  );
  return rows[0]?.status ?? 'pending';
}

/** The last of them that were due by then. */
async function missedAt(db: Database, kind: TargetKind, id: string, at: Instant): Promise<Missed[]> {
  const table = sql.table(kind === 'monitor' ? 'results.missed_slot' : 'results.missed_run');
  const column = sql.ref(kind === 'monitor' ? 'monitor_id' : 'job_id');
  const { rows } = await unlessMissing(
    sql<Missed>`select event_id as id, from_slot as "from", to_slot as "to", count, reason from ${table}
      where ${column} = ${id} and from_slot <= ${at} order by to_slot desc limit 1`.execute(db),
    { rows: [] },
  );
  return rows;
}
