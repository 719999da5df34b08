// Generated from proto and libs/contracts by libs/client/generate: npm run gen:asyncapi
import { z } from 'zod';
import type { EventMap } from './events.gen.js';

const shapeAlertTarget = z.looseObject({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  url: z.string(),
});

const shapeCheckError = z.looseObject({
  code: z.string(),
  message: z.string(),
});

const shapeEvidence = z.looseObject({
  eventId: z.string(),
  slot: z.string(),
  finishedAt: z.string(),
  location: z.string(),
  outcome: z.string(),
  error: shapeCheckError.optional(),
  latencyMs: z.number(),
});

const shapeAlertRaised = z.looseObject({
  alertId: z.string(),
  project: z.string(),
  target: shapeAlertTarget,
  type: z.string(),
  severity: z.string(),
  policyRevision: z.number(),
  providers: z.array(z.string()),
  customMessage: z.string(),
  position: z.number(),
  reason: z.string(),
  raisedAt: z.string(),
  since: z.string(),
  locations: z.array(z.string()),
  evidence: z.array(shapeEvidence),
  untold: z.string().optional(),
});

const shapeAlertUnmuted = z.looseObject({
  alertId: z.string(),
  project: z.string(),
  target: shapeAlertTarget,
  type: z.string(),
  severity: z.string(),
  policyRevision: z.number(),
  providers: z.array(z.string()),
  customMessage: z.string(),
  position: z.number(),
  raisedAt: z.string(),
  unmutedAt: z.string(),
  since: z.string(),
  evidence: z.array(shapeEvidence),
});

const shapeAlertResolved = z.looseObject({
  alertId: z.string(),
  project: z.string(),
  target: shapeAlertTarget,
  type: z.string(),
  severity: z.string(),
  policyRevision: z.number(),
  providers: z.array(z.string()),
  customMessage: z.string(),
  position: z.number(),
  reason: z.string(),
  raisedAt: z.string(),
  since: z.string(),
  resolvedAt: z.string(),
  durationMs: z.number(),
  evidence: z.array(shapeEvidence),
  recoveryWanted: z.boolean(),
  raiseUntold: z.string().optional(),
});

const shapeAlertAcknowledged = z.looseObject({
  alertId: z.string(),
  project: z.string(),
  target: shapeAlertTarget,
  acknowledgedAt: z.string(),
  acknowledgedBy: z.string(),
  note: z.string(),
  position: z.number(),
});

const shapeAlertConfig = z.looseObject({
  enabled: z.boolean(),
  notificationProviders: z.array(z.string()),
  alertOnFailure: z.boolean(),
  alertOnRecovery: z.boolean(),
  alertOnSslExpiration: z.boolean(),
  alertOnSuccess: z.boolean(),
  alertOnTimeout: z.boolean(),
  failureThreshold: z.number(),
  recoveryThreshold: z.number(),
  customMessage: z.string(),
  mutedUntil: z.string().optional(),
  flapThreshold: z.number(),
});

const shapePolicyChanged = z.looseObject({
  project: z.string(),
  target: shapeAlertTarget,
  policyRevision: z.number(),
  enabled: z.boolean(),
  deleted: z.boolean(),
  alertConfig: shapeAlertConfig,
  locations: z.array(z.string()),
  quorum: z.string(),
  changedAt: z.string(),
  position: z.number(),
});

const shapeStatusChanged = z.looseObject({
  targetId: z.string(),
  targetKind: z.string(),
  project: z.string(),
  from: z.string(),
  to: z.string(),
  reason: z.string(),
  changedAt: z.string(),
  slot: z.string().optional(),
});

/** What has to be there for a handler to be given an event. Fields and values that are new are let through. */
export const EVENT_SHAPES: { readonly [K in keyof EventMap]: z.ZodType<EventMap[K]> } = {
  AlertRaised: shapeAlertRaised,
  AlertUnmuted: shapeAlertUnmuted,
  AlertResolved: shapeAlertResolved,
  AlertAcknowledged: shapeAlertAcknowledged,
  PolicyChanged: shapePolicyChanged,
  StatusChanged: shapeStatusChanged,
};
