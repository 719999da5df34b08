import {
  type AlertEpisode,
  type AlertEvent,
  DEFAULT_ALERT_CONFIG,
  episodesOf,
  foldHistory,
  type HistoryStep,
  INITIAL_TARGET_STATE,
  type Observation,
  type PolicyChanged,
} from '@tocsin/alerting';
import { addMs, derivedId, type Instant } from '@tocsin/kernel';
import { type Kysely, sql } from 'kysely';
import { insertRows, monitorRow, PROJECT } from '../reading/views.fixture.js';

/** What the api is granted of the alert log and of slots that were missed, as far as it asks. */
export async function createLogs<DB>(db: Kysely<DB>): Promise<void> {
  await sql`create table evaluator.event (
    chain text not null, position bigint not null, id uuid unique, type text, source text, subject text,
    entity_id uuid, time timestamptz, data text, stream_seq bigint, primary key (chain, position))`.execute(
    db,
  );
  await sql`create index event_entity on evaluator.event (entity_id)`.execute(db);
  await sql`create table results.missed_slot (
    event_id uuid primary key, monitor_id uuid, project text, location text, from_slot timestamptz,
    to_slot timestamptz, count int4, reason text, recorded_at timestamptz)`.execute(db);
}

export interface Life {
  readonly id: string;
  readonly steps: readonly HistoryStep[];
}

export type Edit = Partial<Omit<PolicyChanged, 'alertConfig'>> & {
  readonly alertConfig?: Partial<PolicyChanged['alertConfig']>;
};

export const PROVIDER = derivedId('what-if', 'provider');

export function policyOf(id: string, revision: number, changedAt: Instant, edit: Edit): HistoryStep {
  const { alertConfig, ...rest } = edit;
  return {
    kind: 'policy',
    policy: {
      project: PROJECT,
      target: { id, kind: 'monitor', name: 'shop', url: '' },
      policyRevision: revision,
      enabled: true,
      deleted: false,
      locations: ['local'],
      quorum: 'any',
      changedAt,
      ...rest,
      alertConfig: {
        ...DEFAULT_ALERT_CONFIG,
        enabled: true,
        notificationProviders: [PROVIDER],
        ...alertConfig,
      },
    },
  };
}

export const resultOf = (
  id: string,
  slot: Instant,
  location: string,
  outcome: 'up' | 'down' | 'error',
  more: Partial<Observation> = {},
): HistoryStep => ({
  kind: 'result',
  observation: {
    eventId: derivedId('what-if', id, slot, location),
    slot,
    finishedAt: addMs(slot, 100),
    location,
    outcome,
    latencyMs: 100,
    result: outcome === 'up' ? 'success' : outcome === 'down' ? 'failure' : 'error',
    ...more,
  },
});

/** The alerts of a life, decided over every single result of it. */
export const livedThrough = (steps: readonly HistoryStep[]): readonly AlertEpisode[] =>
  episodesOf(foldHistory(steps, INITIAL_TARGET_STATE).events);

/** A life as the services leave it in their tables. */
export async function record<DB>(db: Kysely<DB>, { id, steps }: Life): Promise<readonly AlertEvent[]> {
  const { events } = foldHistory(steps, INITIAL_TARGET_STATE);
  await insertRows(db, 'config.monitors', [monitorRow(id)]);
  const observations = steps.flatMap((step) => (step.kind === 'result' ? [step.observation] : []));
  for (let n = 0; n < observations.length; n += 2_000)
    await insertRows(
      db,
      'results.monitor_results',
      observations.slice(n, n + 2_000).map((one) => resultRowOf(id, one)),
    );
  await insertRows(
    db,
    'evaluator.event',
    events.map((event, position) => ({
      chain: id,
      position,
      id: derivedId('what-if', id, String(position)),
      type: event.type,
      source: 'tocsin/alert-evaluator',
      subject: `alert.${PROJECT}.monitor.${id}.${event.type}`,
      entity_id: id,
      time: timeOf(event),
      data: JSON.stringify(event.data),
    })),
  );
  await insertRows(db, 'evaluator.alert', alertRowsOf(events));
  return events;
}

const resultRowOf = (id: string, one: Observation) => ({
  monitor_id: id,
  project: PROJECT,
  slot: one.slot,
  location: one.location,
  outcome: one.outcome,
  latency_ms: one.latencyMs,
  error: one.error ?? null,
  started_at: one.slot,
  finished_at: one.finishedAt,
  certificate: one.certificate ?? null,
  event_id: one.eventId,
});

function timeOf(event: AlertEvent): Instant {
  if (event.type === 'AlertRaised') return event.data.raisedAt;
  if (event.type === 'AlertUnmuted') return event.data.unmutedAt;
  if (event.type === 'AlertResolved') return event.data.resolvedAt;
  return event.type === 'PolicyChanged' ? event.data.changedAt : event.data.acknowledgedAt;
}

function alertRowsOf(events: readonly AlertEvent[]) {
  const rows = new Map<string, Record<string, unknown>>();
  for (const { type, data } of events) {
    if (type === 'AlertRaised')
      rows.set(data.alertId, {
        id: data.alertId,
        project: data.project,
        target_id: data.target.id,
        target_kind: data.target.kind,
        target_name: data.target.name,
        target_url: '',
        type: data.type,
        severity: data.severity,
        state: 'open',
        reason: data.reason,
        raised_at: data.raisedAt,
        since: data.since,
        evidence: data.evidence,
        resolved_evidence: [],
        locations: data.locations,
        policy_revision: data.policyRevision,
        providers: data.providers,
        untold: data.untold ?? null,
      });
    else if (type === 'AlertUnmuted')
      Object.assign(rows.get(data.alertId)!, { untold: null, unmuted_at: data.unmutedAt });
    else if (type === 'AlertResolved')
      Object.assign(rows.get(data.alertId)!, {
        state: 'resolved',
        resolved_at: data.resolvedAt,
        resolved_reason: data.reason,
        resolved_evidence: data.evidence,
      });
  }
  return [...rows.values()];
}

/** The figures of whole hours, as the results service makes them of results. */
export async function rollUp<DB>(db: Kysely<DB>, before: Instant): Promise<void> {
  await sql`insert into results.monitor_hourly (monitor_id, location, start_at, checks, up, degraded, down, error,
      latency_sum, latency_count, status_changes)
    select monitor_id, location, date_trunc('hour', slot), count(*), count(*) filter (where outcome = 'up'), 0,
      count(*) filter (where outcome = 'down'), count(*) filter (where outcome = 'error'), 0, 0,
      count(*) filter (where is_change)
    from (select *, lag(outcome) over (partition by monitor_id, location order by slot) <> outcome as is_change
      from results.monitor_results where outcome <> 'error'
      union all select *, false from results.monitor_results where outcome = 'error') as r
    where slot < ${before} group by 1, 2, 3`.execute(db);
}
