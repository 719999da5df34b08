import type { AlertEvent, AlertRaised, Evidence, ResolveReason } from '@tocsin/alerting';
import { assertNever, type Instant } from '@tocsin/kernel';

/** What may become of an alert after it was raised. A field that did not change is absent. */
export interface AlertChange {
  readonly id: string;
  readonly unmuted_at?: Instant;
  readonly acknowledged_at?: Instant;
  readonly acknowledged_by?: string;
  readonly acknowledgement_note?: string;
  readonly resolved_at?: Instant;
  readonly resolved_reason?: ResolveReason;
  readonly duration_ms?: number;
  readonly resolved_evidence?: readonly Evidence[];
}

export interface AlertRow extends AlertChange {
  readonly project: string;
  readonly target_id: string;
  readonly target_kind: string;
  readonly target_name: string;
  readonly target_url: string;
  readonly type: string;
  readonly severity: string;
  readonly state: 'open' | 'resolved';
  readonly reason: string;
  readonly raised_at: Instant;
  readonly since: Instant;
  readonly evidence: readonly Evidence[];
  readonly locations: readonly string[];
  readonly policy_revision: number;
  readonly providers: readonly string[];
  readonly untold?: string;
}

export interface AlertRows {
  readonly raised: readonly AlertRow[];
  /** of alerts that have a row already */
  readonly changed: readonly AlertChange[];
}

/** The rows of a batch of alert events: an alert raised in it has one row, whatever became of it since. */
export function alertRows(events: readonly AlertEvent[]): AlertRows {
  const raised = new Map<string, AlertRow>();
  const changed = new Map<string, AlertChange>();
  for (const event of events) {
    if (event.type === 'PolicyChanged') continue;
    if (event.type === 'AlertRaised') {
      raised.set(event.data.alertId, rowOf(event.data));
      continue;
    }
    const change = changeOf(event);
    const row = raised.get(change.id);
    if (row === undefined) changed.set(change.id, { ...changed.get(change.id), ...change });
    else raised.set(change.id, changedRow(row, change));
  }
  return { raised: [...raised.values()], changed: [...changed.values()] };
}

function rowOf(alert: AlertRaised): AlertRow {
  const { target } = alert;
  return {
    id: alert.alertId,
    project: alert.project,
    target_id: target.id,
    target_kind: target.kind,
    target_name: target.name,
    target_url: target.url,
    type: alert.type,
    severity: alert.severity,
    state: 'open',
    reason: alert.reason,
    raised_at: alert.raisedAt,
    since: alert.since,
    evidence: alert.evidence,
    resolved_evidence: [],
    locations: alert.locations,
    policy_revision: alert.policyRevision,
    providers: alert.providers,
    ...(alert.untold === undefined ? {} : { untold: alert.untold }),
  };
}

type Later = Exclude<AlertEvent, { type: 'AlertRaised' | 'PolicyChanged' }>;

function changeOf(event: Later): AlertChange {
  switch (event.type) {
    case 'AlertUnmuted':
      return { id: event.data.alertId, unmuted_at: event.data.unmutedAt };
    case 'AlertAcknowledged':
      return {
        id: event.data.alertId,
        acknowledged_at: event.data.acknowledgedAt,
        acknowledged_by: event.data.acknowledgedBy,
        acknowledgement_note: event.data.note,
      };
    case 'AlertResolved':
      return {
        id: event.data.alertId,
        resolved_at: event.data.resolvedAt,
        resolved_reason: event.data.reason,
        duration_ms: event.data.durationMs,
        resolved_evidence: event.data.evidence,
      };
    default:
      return assertNever(event);
  }
}

function changedRow(row: AlertRow, change: AlertChange): AlertRow {
  const { untold: _told, ...told } = row;
  return {
    ...(change.unmuted_at === undefined ? row : told),
    ...change,
    ...(change.resolved_at === undefined ? {} : { state: 'resolved' }),
  };
}
