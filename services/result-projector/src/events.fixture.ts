import { type EventMap, type NewEvent, subjects } from '@tocsin/contracts';
import { addMs, derivedId, type Instant } from '@tocsin/kernel';

export const T0 = '2026-03-10T12:00:00.000Z';
export const at = (seconds: number): Instant => addMs(T0, seconds * 1000);
/** A uuid whose last digit, and so its shard, is the number's. */
export const idOf = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

const project = 'default';
const changedBy = { kind: 'system', id: 'test', name: 'test' } as const;
const alertConfig = {
  enabled: false,
  notificationProviders: [],
  alertOnFailure: true,
  alertOnRecovery: true,
  alertOnSslExpiration: false,
  alertOnSuccess: false,
  alertOnTimeout: false,
  failureThreshold: 1,
  recoveryThreshold: 1,
  customMessage: '',
  flapThreshold: 0,
};

export function check(
  monitorId: string,
  slot: Instant,
  edit: Partial<EventMap['CheckCompleted']> = {},
): NewEvent<'CheckCompleted'> {
  const location = edit.location ?? 'local';
  const finishedAt = edit.finishedAt ?? addMs(slot, 100);
  const outcome = edit.outcome ?? 'up';
  return {
    type: 'CheckCompleted',
    id: derivedId('check', monitorId, slot, location),
    source: 'tocsin/executor',
    time: finishedAt,
    natsSubject: subjects.result(project, 'monitor', monitorId),
    entityId: monitorId,
    data: {
      monitorId,
      project,
      kind: 'http_request',
      slot,
      location,
      outcome,
      startedAt: slot,
      finishedAt,
      latencyMs: 12.5,
      timings: { dnsMs: 1, connectMs: 2, firstByteMs: 9, totalMs: 12.5 },
      attempts: 1,
      observed: { statusCode: 200, remoteAddress: '127.0.0.1:80' },
      configRevision: 1,
      trigger: 'schedule',
      ...(outcome === 'down' && { error: { code: 'connection_refused', message: 'refused' } }),
      ...edit,
    },
  };
}

export function run(
  jobId: string,
  slot: Instant,
  edit: Partial<EventMap['RunCompleted']> = {},
): NewEvent<'RunCompleted'> {
  const runId = edit.runId ?? derivedId('run', jobId, slot);
  return {
    type: 'RunCompleted',
    id: derivedId('run-completed', runId),
    source: 'tocsin/api',
    time: addMs(slot, 900),
    natsSubject: subjects.result(project, 'job', jobId),
    entityId: jobId,
    data: {
      jobId,
      project,
      runId,
      slot,
      status: 'passed',
      startedAt: slot,
      finishedAt: addMs(slot, 900),
      durationMs: 900,
      trigger: 'reported',
      tests: [],
      artifacts: [],
      ...edit,
    },
  };
}

export function missed(monitorId: string, firstSlot: Instant, lastSlot: Instant): NewEvent<'CheckMissed'> {
  return {
    type: 'CheckMissed',
    id: derivedId('missed', monitorId, firstSlot),
    source: 'tocsin/scheduler',
    time: lastSlot,
    natsSubject: subjects.result(project, 'monitor', monitorId),
    entityId: monitorId,
    data: { monitorId, project, firstSlot, lastSlot, count: 3, reason: 'scheduler_was_down' },
  };
}

export function configured(
  monitorId: string,
  revision: number,
  edit: Partial<EventMap['MonitorConfigured']> = {},
): NewEvent<'MonitorConfigured'> {
  return {
    type: 'MonitorConfigured',
    id: derivedId('configured', monitorId, String(revision)),
    source: 'tocsin/api',
    time: edit.changedAt ?? T0,
    natsSubject: subjects.config(project, 'monitor', monitorId),
    entityId: monitorId,
    data: {
      project,
      changedAt: T0,
      changedBy,
      monitorId,
      revision,
      name: 'shop',
      type: 'http_request',
      target: 'http://shop.test/',
      intervalSeconds: 60,
      enabled: true,
      enabledAt: at(-3600),
      locations: ['local'],
      quorum: 'majority',
      config: {},
      alertConfig,
      ...edit,
    },
  };
}

export function monitorDeleted(monitorId: string, revision: number): NewEvent<'MonitorDeleted'> {
  return {
    type: 'MonitorDeleted',
    id: derivedId('deleted', monitorId),
    source: 'tocsin/api',
    time: T0,
    natsSubject: subjects.config(project, 'monitor', monitorId),
    entityId: monitorId,
    data: { project, changedAt: T0, changedBy, monitorId, revision },
  };
}

export function jobConfigured(jobId: string, revision: number): NewEvent<'JobConfigured'> {
  return {
    type: 'JobConfigured',
    id: derivedId('configured', jobId, String(revision)),
    source: 'tocsin/api',
    time: T0,
    natsSubject: subjects.config(project, 'job', jobId),
    entityId: jobId,
    data: {
      project,
      changedAt: T0,
      changedBy,
      jobId,
      revision,
      name: 'nightly',
      enabled: true,
      enabledAt: at(-3600),
      tests: [],
      timeZone: 'UTC',
      timeoutSeconds: 3_600,
      retries: 0,
      allowOverlap: false,
      location: 'local',
      alertConfig,
    },
  };
}
