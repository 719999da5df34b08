import { ALERT_TYPES } from '@tocsin/alerting';
import { isInstant } from '@tocsin/kernel';
import {
  ARTIFACT_KINDS,
  FINISHED_RUN_STATUSES,
  LONGEST_HEARTBEAT_SECONDS,
  RUN_TRIGGERS,
  STATUSES,
  TEST_KINDS,
  TEST_STATUSES,
} from '@tocsin/monitoring';
import { z } from 'zod';
import type { EventMap } from './events.js';
import { SUBSCRIBED_TYPES } from './subscribed-types.js';

/** Unknown fields are ignored (a newer writer may add some); everything known is checked. */

const uuid = z.guid();
/** Up to four segments, none of which begins with a dot. */
export const ARTIFACT_NAME =
  /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}){0,3}$/;
const project = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/);
const token = z.string().regex(/^[A-Za-z0-9_-]{1,63}$/);
export const instant = z.string().refine(isInstant, 'an instant is YYYY-MM-DDTHH:mm:ss.sssZ');
const count = z.number().int().nonnegative();
const ms = z.number().nonnegative();
const open = z.record(z.string(), z.unknown());
const error = z.object({ code: z.string(), message: z.string() });
const trigger = z.enum(['schedule', 'catch_up', 'first', 'manual', 'received', 'deadline']);
const targetKind = z.enum(['monitor', 'job']);
const timings = z.object({
  dnsMs: ms.optional(),
  connectMs: ms.optional(),
  tlsMs: ms.optional(),
  firstByteMs: ms.optional(),
  totalMs: ms,
});
const certificate = z.object({
  subject: z.string(),
  issuer: z.string(),
  altNames: z.array(z.string()),
  serialNumber: z.string(),
  fingerprint256: z.string(),
  validFrom: instant,
  validTo: instant,
  daysRemaining: z.number().int(),
  valid: z.boolean(),
  warnDays: count,
});

export const alertConfig = z.object({
  enabled: z.boolean(),
  notificationProviders: z.array(uuid).max(10),
  alertOnFailure: z.boolean(),
  alertOnRecovery: z.boolean(),
  alertOnSslExpiration: z.boolean(),
  alertOnSuccess: z.boolean(),
  alertOnTimeout: z.boolean(),
  failureThreshold: z.number().int().min(1),
  recoveryThreshold: z.number().int().min(1),
  customMessage: z.string(),
  mutedUntil: instant.optional(),
  flapThreshold: count,
});

const alertTarget = z.object({ id: uuid, kind: targetKind, name: z.string(), url: z.string() });
const evidence = z.object({
  eventId: uuid,
  slot: instant,
  finishedAt: instant,
  location: z.string(),
  outcome: z.string(),
  error: error.optional(),
  latencyMs: ms,
});
const untold = z.enum(['muted', 'failure_not_wanted', 'type_not_wanted']);
const alertBase = {
  alertId: uuid,
  project,
  target: alertTarget,
  type: z.enum(ALERT_TYPES),
  severity: z.enum(['error', 'warning', 'success', 'info']),
  policyRevision: count,
  providers: z.array(uuid),
  customMessage: z.string(),
  position: count,
};

const actor = z.object({
  kind: z.enum(['token', 'key', 'user', 'system']),
  id: z.string(),
  name: z.string(),
  cause: z.string().optional(),
});
const configBase = { project, changedAt: instant, changedBy: actor };
const ownedBase = { ...configBase, managedBy: z.string().optional() };
const revision = z.number().int().min(1);

const answer = z.object({ status: count, excerpt: z.string() });
const deliveryBase = {
  notificationId: uuid,
  project,
  alertId: uuid,
  alertEventId: uuid,
  alertEvent: z.string(),
  targetId: uuid,
  providerId: uuid,
  providerKind: z.string(),
};

const runBase = { jobId: uuid, project, runId: uuid, slot: instant };
const madeRunTrigger = z.enum(['schedule', 'catch_up', 'manual', 'remote']);
const testResult = z.object({
  testId: uuid,
  name: z.string(),
  kind: z.enum(TEST_KINDS),
  revision: count,
  status: z.enum(TEST_STATUSES),
  durationMs: ms,
  attempts: count,
  error: error.optional(),
});
const artifact = z.object({
  name: z.string().regex(ARTIFACT_NAME),
  kind: z.enum(ARTIFACT_KINDS),
  testId: uuid.optional(),
  contentType: z.string(),
  size: count,
});

/** One schema per event type: what is let into a process. */
export const eventSchemas: { readonly [T in keyof EventMap]: z.ZodType<EventMap[T]> } = {
  CheckDue: z.object({
    monitorId: uuid,
    project,
    kind: token,
    slot: instant,
    location: token,
    target: z.string(),
    config: open,
    configRevision: count,
    secretVersion: count.optional(),
    trigger,
  }),
  CheckCompleted: z.object({
    monitorId: uuid,
    project,
    kind: token,
    slot: instant,
    location: token,
    outcome: z.enum(['up', 'degraded', 'down', 'error']),
    startedAt: instant,
    finishedAt: instant,
    latencyMs: ms,
    timings,
    attempts: count,
    error: error.optional(),
    observed: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    certificate: certificate.optional(),
    configRevision: count,
    trigger,
  }),
  CheckMissed: z.object({
    monitorId: uuid,
    project,
    firstSlot: instant,
    lastSlot: instant,
    count,
    reason: z.literal('scheduler_was_down'),
  }),
  RunDue: z.object({
    ...runBase,
    location: token,
    trigger: madeRunTrigger,
    tests: z.array(uuid),
    timeoutSeconds: z.number().int().min(1),
    retries: count,
    configRevision: count,
  }),
  RunQueued: z.object({
    ...runBase,
    queuedAt: instant,
    trigger: madeRunTrigger,
    testCount: count,
    location: token,
  }),
  RunStarted: z.object({
    ...runBase,
    startedAt: instant,
    location: token,
    deadlineAt: instant,
    trigger: madeRunTrigger,
  }),
  RunCompleted: z.object({
    ...runBase,
    status: z.enum(FINISHED_RUN_STATUSES),
    startedAt: instant,
    finishedAt: instant,
    durationMs: ms,
    error: error.optional(),
    externalId: z.string().optional(),
    trigger: z.enum(RUN_TRIGGERS),
    tests: z.array(testResult).default([]),
    artifacts: z.array(artifact).default([]),
    location: token.optional(),
  }),
  RunMissed: z.object({
    jobId: uuid,
    project,
    firstSlot: instant,
    lastSlot: instant,
    count,
    reason: z.enum(['scheduler_was_down', 'still_running', 'queue_full']),
  }),
  StatusChanged: z.object({
    targetId: uuid,
    targetKind,
    project,
    from: z.enum(STATUSES),
    to: z.enum(STATUSES),
    reason: z.string(),
    changedAt: instant,
    slot: instant.optional(),
  }),
  AlertRaised: z.object({
    ...alertBase,
    reason: z.enum(['threshold_reached', 'certificate_expiring', 'not_observable']),
    raisedAt: instant,
    since: instant,
    locations: z.array(z.string()),
    evidence: z.array(evidence),
    untold: untold.optional(),
  }),
  AlertUnmuted: z.object({
    ...alertBase,
    raisedAt: instant,
    unmutedAt: instant,
    since: instant,
    evidence: z.array(evidence),
  }),
  AlertResolved: z.object({
    ...alertBase,
    reason: z.enum(['recovered', 'paused', 'disabled', 'deleted', 'ended', 'superseded']),
    raisedAt: instant,
    since: instant,
    resolvedAt: instant,
    durationMs: ms,
    evidence: z.array(evidence),
    recoveryWanted: z.boolean(),
    raiseUntold: untold.optional(),
  }),
  AlertAcknowledged: z.object({
    alertId: uuid,
    project,
    target: alertTarget,
    acknowledgedAt: instant,
    acknowledgedBy: z.string(),
    note: z.string(),
    position: count,
  }),
  PolicyChanged: z.object({
    project,
    target: alertTarget,
    policyRevision: count,
    enabled: z.boolean(),
    deleted: z.boolean(),
    alertConfig,
    locations: z.array(z.string()),
    quorum: z.string(),
    changedAt: instant,
    position: count,
  }),
  NotificationDelivered: z.object({ ...deliveryBase, attempts: count, deliveredAt: instant, answer }),
  NotificationFailed: z.object({
    ...deliveryBase,
    attempts: count,
    failedAt: instant,
    reason: z.string(),
    answer,
  }),
  NotificationMuted: z.object({ ...deliveryBase, mutedAt: instant, reason: z.string() }),
  MonitorConfigured: z.object({
    ...ownedBase,
    monitorId: uuid,
    revision,
    name: z.string(),
    type: token,
    target: z.string(),
    intervalSeconds: z.number().int().min(1).max(LONGEST_HEARTBEAT_SECONDS),
    enabled: z.boolean(),
    enabledAt: instant,
    locations: z.array(token).min(1),
    quorum: z.string().regex(/^(any|majority|all|[1-9]\d*)$/),
    config: open,
    secretVersion: count.optional(),
    alertConfig,
  }),
  MonitorDeleted: z.object({ ...configBase, monitorId: uuid, revision }),
  JobConfigured: z.object({
    ...ownedBase,
    jobId: uuid,
    revision,
    name: z.string(),
    enabled: z.boolean(),
    enabledAt: instant,
    tests: z.array(uuid).default([]),
    cron: z.string().optional(),
    timeZone: z.string().default('UTC'),
    timeoutSeconds: z.number().int().min(1).default(3_600),
    retries: count.default(0),
    allowOverlap: z.boolean().default(false),
    location: token.default('local'),
    alertConfig,
  }),
  JobDeleted: z.object({ ...configBase, jobId: uuid, revision }),
  ProviderConfigured: z.object({
    ...ownedBase,
    providerId: uuid,
    revision,
    name: z.string(),
    type: token,
    enabled: z.boolean(),
    config: open,
    secretVersion: count.optional(),
  }),
  ProviderDeleted: z.object({ ...configBase, providerId: uuid, revision }),
  AcknowledgementGiven: z.object({ ...configBase, alertId: uuid, targetId: uuid, note: z.string() }),
  RedriveRequested: z.object({ ...configBase, notificationId: uuid, targetId: uuid }),
  RunRequested: z.object({
    ...configBase,
    runId: uuid,
    jobId: uuid,
    trigger: z.enum(['manual', 'remote']),
  }),
  RunCancelRequested: z.object({ ...configBase, runId: uuid, jobId: uuid }),
  TestConfigured: z.object({
    ...ownedBase,
    testId: uuid,
    revision,
    name: z.string(),
    kind: z.enum(TEST_KINDS),
    definition: open,
  }),
  TestDeleted: z.object({ ...configBase, testId: uuid, revision }),
  VariableConfigured: z.object({
    ...ownedBase,
    variableId: uuid,
    revision,
    name: z.string(),
    value: z.string().optional(),
    secretVersion: count.optional(),
  }),
  VariableDeleted: z.object({ ...configBase, variableId: uuid, revision }),
  SubscriptionConfigured: z.object({
    ...configBase,
    subscriptionId: uuid,
    revision,
    name: z.string(),
    enabled: z.boolean(),
    eventTypes: z.array(z.enum(SUBSCRIBED_TYPES)),
    startAt: instant.optional(),
    config: open,
    secretVersion: count.optional(),
  }),
  SubscriptionDeleted: z.object({ ...configBase, subscriptionId: uuid, revision }),
};
