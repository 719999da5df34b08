import type { AlertEvent, Evidence, PolicyChanged, UntoldReason } from '@tocsin/alerting';
import type { AttemptView } from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';
import type { TargetKind } from '@tocsin/monitoring';
import { type RawBuilder, sql } from 'kysely';
import { unlessMissing } from '../reading/missing-view.js';
import { attemptsOf } from '../reading/notifications/attempts.store.js';
import type { Database } from '../wiring.js';

/** An event of the log with where it stands there. */
export interface Logged<T> {
  readonly id: string;
  readonly subject: string;
  readonly time: Instant;
  readonly data: T;
}

export type LoggedAlertEvent = Logged<AlertEvent['data']> & { readonly type: AlertEvent['type'] };

export interface NotificationFact {
  readonly id: string;
  readonly alertEventId: string;
  readonly alertEvent: string;
  readonly providerId: string;
  readonly providerName: string;
  readonly providerKind: string;
  readonly state: 'planned' | 'delivered' | 'failed' | 'muted';
  readonly reason: string | null;
  readonly plannedAt: Instant;
  readonly finishedAt: Instant | null;
  readonly attemptCount: number;
  readonly attempts: readonly AttemptView[];
}

export interface AlertFacts {
  readonly id: string;
  readonly project: string;
  readonly targetId: string;
  readonly targetKind: TargetKind;
  readonly targetName: string;
  /** of a heartbeat the results have a subject of their own */
  readonly isHeartbeat: boolean;
  readonly type: string;
  readonly reason: string;
  readonly untold: UntoldReason | null;
  readonly raisedAt: Instant;
  readonly resolvedAt: Instant | null;
  readonly evidence: readonly Evidence[];
  readonly resolvedEvidence: readonly Evidence[];
  readonly locations: readonly string[];
  readonly policyRevision: number;
  readonly providers: readonly string[];
  /** the policy it was raised under; undefined when the log has it not */
  readonly policy: Logged<PolicyChanged> | undefined;
  /** who made that revision */
  readonly changedBy: string | undefined;
  /** raised, unmuted, acknowledged, resolved; in the order of the log */
  readonly events: readonly LoggedAlertEvent[];
  readonly notifications: readonly NotificationFact[];
  readonly providerNames: ReadonlyMap<string, string>;
}

type Row = Omit<AlertFacts, 'policy' | 'changedBy' | 'events' | 'notifications' | 'providerNames'>;

/** Everything the log and its projections say of an alert; undefined when the project has none such. */
export async function alertFacts(db: Database, project: string, id: string): Promise<AlertFacts | undefined> {
  const { rows } = await unlessMissing(
    sql<Row>`select a.id, a.project, a.target_id as "targetId", a.target_kind as "targetKind",
        a.target_name as "targetName", coalesce(m.type = 'heartbeat', false) as "isHeartbeat", a.type, a.reason, a.untold,
        a.raised_at as "raisedAt", a.resolved_at as "resolvedAt", a.evidence,
        a.resolved_evidence as "resolvedEvidence", a.locations, a.policy_revision as "policyRevision", a.providers
      from evaluator.alert as a left join config.monitors as m on m.id = a.target_id
      where a.id = ${id} and a.project = ${project}`.execute(db),
    { rows: [] },
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const [events, policies, changedBy, notifications, providerNames] = await Promise.all([
    alertEvents(db, row.targetId, sql`type <> 'PolicyChanged' and position(${id} in data) > 0`),
    alertEvents(
      db,
      row.targetId,
      sql`type = 'PolicyChanged' and (data::jsonb ->> 'policyRevision')::int4 = ${row.policyRevision}`,
    ),
    whoMade(db, row.targetId, row.policyRevision),
    notificationsOf(db, id),
    namesOf(db, row.providers),
  ]);
  const policy = policies[0] as Logged<PolicyChanged> | undefined;
  const own = events.filter(({ data }) => 'alertId' in data && data.alertId === id);
  return { ...row, policy, changedBy, events: own, notifications, providerNames };
}

/** @param which of the target's alert events, oldest first */
export async function alertEvents(
  db: Database,
  targetId: string,
  which: RawBuilder<unknown>,
): Promise<LoggedAlertEvent[]> {
  const { rows } = await unlessMissing(
    sql<Omit<LoggedAlertEvent, 'data'> & { data: string }>`
      select id, type, subject, time, data from evaluator.event
      where entity_id = ${targetId} and ${which} order by chain, position`.execute(db),
    { rows: [] },
  );
  return rows.map(({ data, ...row }) => ({ ...row, data: JSON.parse(data) as AlertEvent['data'] }));
}

/** The name of whoever made a revision of a monitor or job. */
export async function whoMade(db: Database, targetId: string, revision: number): Promise<string | undefined> {
  const { rows } = await sql<{ name: string | null }>`
    select data::jsonb -> 'changedBy' ->> 'name' as name from config.event
    where entity_id = ${targetId} and type in ('MonitorConfigured', 'JobConfigured', 'MonitorDeleted', 'JobDeleted')
      and (data::jsonb ->> 'revision')::int4 = ${revision} limit 1`.execute(db);
  return rows[0]?.name ?? undefined;
}

async function notificationsOf(db: Database, alertId: string): Promise<NotificationFact[]> {
  const { rows } = await unlessMissing(
    sql<Omit<NotificationFact, 'attempts'>>`
      select id, alert_event_id as "alertEventId", alert_event as "alertEvent", provider_id as "providerId",
        provider_name as "providerName", provider_kind as "providerKind", state, reason, planned_at as "plannedAt",
        finished_at as "finishedAt", attempts as "attemptCount"
      from notifier.notification where alert_id = ${alertId} order by planned_at, id`.execute(db),
    { rows: [] },
  );
  const attempts = await attemptsOf(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...row, attempts: attempts(row.id) }));
}

async function namesOf(db: Database, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from config.notification_providers where id = any(${ids}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, name }) => [id, name]));
}
