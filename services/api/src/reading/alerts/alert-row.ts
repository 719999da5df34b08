import type { AlertDetail, AlertItem, NotificationView } from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';
import { whyOf } from './why.js';

export interface AlertRow {
  readonly id: string;
  readonly target_id: string;
  readonly target_kind: AlertItem['targetKind'];
  readonly target_name: string;
  readonly type: AlertItem['type'];
  readonly severity: AlertItem['severity'];
  readonly state: AlertItem['state'];
  readonly reason: string;
  readonly raised_at: Instant;
  readonly since: Instant;
  readonly resolved_at: Instant | null;
  readonly resolved_reason: string | null;
  readonly duration_ms: number | null;
  readonly acknowledged_at: Instant | null;
  readonly acknowledged_by: string | null;
  readonly evidence: AlertItem['evidence'];
}

export interface AlertDetailRow extends AlertRow {
  readonly target_url: string;
  readonly locations: string[];
  readonly policy_revision: number;
  readonly providers: string[];
  readonly untold: string | null;
  readonly resolved_evidence: AlertDetail['resolvedEvidence'];
  readonly acknowledgement_note: string | null;
}

export const itemOf = (row: AlertRow): AlertItem => ({
  id: row.id,
  targetId: row.target_id,
  targetKind: row.target_kind,
  targetName: row.target_name,
  type: row.type,
  severity: row.severity,
  state: row.state,
  reason: row.reason,
  why: whyOf({ type: row.type, targetKind: row.target_kind, reason: row.reason, evidence: row.evidence }),
  raisedAt: row.raised_at,
  since: row.since,
  resolvedAt: row.resolved_at,
  resolvedReason: row.resolved_reason,
  durationMs: row.duration_ms,
  acknowledgedAt: row.acknowledged_at,
  acknowledgedBy: row.acknowledged_by,
  evidence: row.evidence,
});

export const detailOf = (row: AlertDetailRow, notifications: NotificationView[]): AlertDetail => ({
  ...itemOf(row),
  targetUrl: row.target_url,
  locations: row.locations,
  policyRevision: row.policy_revision,
  providers: row.providers,
  untold: row.untold,
  resolvedEvidence: row.resolved_evidence,
  acknowledgement:
    row.acknowledged_at === null
      ? null
      : {
          at: row.acknowledged_at,
          by: row.acknowledged_by ?? '',
          note: row.acknowledgement_note ?? '',
        },
  notifications,
});
