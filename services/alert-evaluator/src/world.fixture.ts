import { DEFAULT_ALERT_CONFIG } from '@tocsin/alerting';
import { type NewEvent, subjects } from '@tocsin/contracts';
import { derivedId, type Instant } from '@tocsin/kernel';
import type { RunStatus } from '@tocsin/monitoring';

type Data<T extends NewEvent['type']> = Extract<NewEvent, { type: T }>['data'];

const changedBy = { kind: 'token', id: 'test', name: 'ada' } as const;
const providers = [derivedId('provider', 'hook')];
export const watching = { ...DEFAULT_ALERT_CONFIG, enabled: true, notificationProviders: providers };

/** Instants a second apart. */
export const at = (second: number): Instant => new Date(1_767_225_600_000 + second * 1_000).toISOString();

export function configured(
  monitorId: string,
  revision: number,
  over: Partial<Data<'MonitorConfigured'>> = {},
): NewEvent<'MonitorConfigured'> {
  const data = {
    monitorId,
    project: 'default',
    revision,
    name: 'shop',
    type: 'http_request',
    target: 'http://shop.example/',
    intervalSeconds: 1,
    enabled: true,
    enabledAt: at(0),
    locations: ['local'],
    quorum: 'any',
    config: {},
    alertConfig: watching,
    changedAt: at(0),
    changedBy,
    ...over,
  };
  return {
    type: 'MonitorConfigured',
    id: derivedId('configured', monitorId, String(revision)),
    source: 'tocsin/api',
    time: data.changedAt,
    natsSubject: subjects.config('default', 'monitor', monitorId),
    entityId: monitorId,
    data,
  };
}

export function deleted(monitorId: string, revision: number, changedAt: Instant): NewEvent<'MonitorDeleted'> {
  return {
    type: 'MonitorDeleted',
    id: derivedId('deleted', monitorId, String(revision)),
    source: 'tocsin/api',
    time: changedAt,
    natsSubject: subjects.config('default', 'monitor', monitorId),
    entityId: monitorId,
    data: { monitorId, project: 'default', revision, changedAt, changedBy },
  };
}

export function checked(
  monitorId: string,
  second: number,
  over: Partial<Data<'CheckCompleted'>> = {},
): NewEvent<'CheckCompleted'> {
  const data = {
    monitorId,
    project: 'default',
    kind: 'http_request',
    slot: at(second),
    location: 'local',
    outcome: 'down' as const,
    startedAt: at(second),
    finishedAt: at(second),
    latencyMs: 12.5,
    timings: { totalMs: 12.5 },
    attempts: 1,
    observed: {},
    configRevision: 1,
    trigger: 'schedule' as const,
    ...over,
  };
  return {
    type: 'CheckCompleted',
    id: derivedId('check', monitorId, data.slot, data.location),
    source: 'tocsin/executor',
    time: data.finishedAt,
    natsSubject: subjects.result('default', 'monitor', monitorId),
    entityId: monitorId,
    data,
  };
}

export function ran(jobId: string, second: number, status: RunStatus): NewEvent<'RunCompleted'> {
  const runId = derivedId('run', jobId, String(second));
  return {
    type: 'RunCompleted',
    id: runId,
    source: 'tocsin/api',
    time: at(second),
    natsSubject: subjects.result('default', 'job', jobId),
    entityId: jobId,
    data: {
      jobId,
      project: 'default',
      runId,
      slot: at(second),
      status,
      startedAt: at(second),
      finishedAt: at(second),
      durationMs: 5,
      trigger: 'reported',
      tests: [],
      artifacts: [],
    },
  };
}

export function jobConfigured(
  jobId: string,
  revision: number,
  alertConfig = watching,
): NewEvent<'JobConfigured'> {
  return {
    type: 'JobConfigured',
    id: derivedId('configured', jobId, String(revision)),
    source: 'tocsin/api',
    time: at(0),
    natsSubject: subjects.config('default', 'job', jobId),
    entityId: jobId,
    data: {
      jobId,
      project: 'default',
      revision,
      name: 'nightly',
      enabled: true,
      enabledAt: at(0),
      tests: [],
      timeZone: 'UTC',
      timeoutSeconds: 3_600,
      retries: 0,
      allowOverlap: false,
      location: 'local',
      alertConfig,
      changedAt: at(0),
      changedBy,
    },
  };
}

export function acknowledged(
  targetId: string,
  alertId: string,
  second: number,
): NewEvent<'AcknowledgementGiven'> {
  return {
    type: 'AcknowledgementGiven',
    id: derivedId('ack', alertId, String(second)),
    source: 'tocsin/api',
    time: at(second),
    natsSubject: subjects.config('default', 'ack', alertId),
    entityId: targetId,
    data: { project: 'default', alertId, targetId, note: 'on it', changedAt: at(second), changedBy },
  };
}
