import { ALERT_TYPES } from '@tocsin/alerting';
import { z } from 'zod';
import { checkError, id, instant, instantInput } from './ids.js';
import { notificationView } from './notifications.js';
import { cursorFor, pageOf, pageQuery } from './pagination.js';

const state = z.enum(['open', 'resolved']);
const targetKind = z.enum(['monitor', 'job']);
const type = z.enum(ALERT_TYPES);
export const SEVERITIES = ['error', 'warning', 'success', 'info'] as const;
const severity = z.enum(SEVERITIES);
const count = z.int().nonnegative();

export const evidenceView = z
  .object({
    eventId: id,
    slot: instant,
    finishedAt: instant,
    location: z.string(),
    outcome: z.string(),
    error: checkError.optional(),
    latencyMs: z.number().nonnegative(),
  })
  .meta({ id: 'Evidence' });

const fields = {
  id,
  targetId: id,
  targetKind,
  targetName: z.string(),
  type,
  severity,
  state,
  reason: z.string().meta({ example: 'threshold_reached' }),
  why: z.string().meta({ description: 'one sentence for people' }),
  raisedAt: instant,
  since: instant,
  resolvedAt: instant.nullable(),
  resolvedReason: z.string().nullable(),
  durationMs: z.number().nonnegative().nullable(),
  acknowledgedAt: instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  evidence: z.array(evidenceView),
};

export const alertView = z.object(fields).meta({ id: 'Alert' });

export const alertDetail = z
  .object({
    ...fields,
    targetUrl: z.string(),
    locations: z.array(z.string()),
    policyRevision: z.int().nonnegative(),
    providers: z.array(id),
    untold: z.string().nullable().meta({ description: 'why nobody was told; null when it was' }),
    resolvedEvidence: z.array(evidenceView),
    acknowledgement: z.object({ at: instant, by: z.string(), note: z.string() }).nullable(),
    notifications: z.array(notificationView),
  })
  .meta({ id: 'AlertDetail' });

/** `from` and `to` are about `raisedAt`. */
export const alertListQuery = z.strictObject({
  ...pageQuery,
  state: state.optional(),
  targetId: id.optional(),
  targetKind: targetKind.optional(),
  type: type.optional(),
  from: instantInput.optional(),
  to: instantInput.optional(),
});
/** Of those that are open, by what they are. */
export const alertCounts = z
  .object({
    open: count,
    unacknowledged: count,
    bySeverity: z.record(severity, count),
    byType: z.record(type, count),
  })
  .meta({ id: 'AlertCounts' });

export const alertPage = pageOf(alertView);
export const alertCursor = cursorFor('alerts', z.tuple([instant, id]));

export const acknowledgeInput = z
  .strictObject({ note: z.string().trim().max(2_000).default('') })
  .meta({ id: 'Acknowledgement' });

export type AlertItem = z.output<typeof alertView>;
export type AlertCounts = z.output<typeof alertCounts>;
export type AlertDetail = z.output<typeof alertDetail>;
export type AlertListQuery = z.output<typeof alertListQuery>;
export type AcknowledgeInput = z.output<typeof acknowledgeInput>;
