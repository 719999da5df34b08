import {
  type EventMap,
  type LoggedEvent,
  type MonitorConfigured,
  type MonitorDeleted,
  type NewEvent,
  subjects,
} from '@tocsin/contracts';
import { derivedId, type Instant } from '@tocsin/kernel';
import type { CheckCompleted } from '@tocsin/monitoring';

/** Builders for the tests of this service. */

export const T0: Instant = '2026-01-01T00:00:00.000Z';
export const MONITOR = '019a3c5e-0000-7000-8000-000000000001';

const base = {
  project: 'default',
  changedAt: T0,
  changedBy: { kind: 'system', id: 'test', name: 'test' },
} as const;

/** Whom to tell is nothing the scheduler looks at. */
export const TELLS_NOBODY = {
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

export const configured = (part: Partial<MonitorConfigured> = {}): NewEvent<'MonitorConfigured'> =>
  event(
    'MonitorConfigured',
    part.monitorId ?? MONITOR,
    subjects.config('default', 'monitor', part.monitorId ?? MONITOR),
    {
      ...base,
      monitorId: MONITOR,
      revision: 1,
      name: 'shop',
      type: 'http_request',
      target: 'http://127.0.0.1/',
      intervalSeconds: 60,
      enabled: true,
      enabledAt: T0,
      locations: ['local'],
      quorum: 'any',
      config: { timeoutSeconds: 5 },
      alertConfig: TELLS_NOBODY,
      ...part,
    },
  );

export const deleted = (part: Partial<MonitorDeleted> = {}): NewEvent<'MonitorDeleted'> =>
  event(
    'MonitorDeleted',
    part.monitorId ?? MONITOR,
    subjects.config('default', 'monitor', part.monitorId ?? MONITOR),
    {
      ...base,
      monitorId: MONITOR,
      revision: 1,
      ...part,
    },
  );

export const heartbeat = (part: Partial<CheckCompleted> = {}): NewEvent<'CheckCompleted'> =>
  event(
    'CheckCompleted',
    part.monitorId ?? MONITOR,
    subjects.result('default', 'heartbeat', part.monitorId ?? MONITOR),
    {
      monitorId: MONITOR,
      project: 'default',
      kind: 'heartbeat',
      slot: T0,
      location: 'local',
      outcome: 'up',
      startedAt: T0,
      finishedAt: T0,
      latencyMs: 0,
      timings: { totalMs: 0 },
      attempts: 1,
      observed: {},
      configRevision: 1,
      trigger: 'received',
      ...part,
    },
  );

function event<T extends keyof EventMap>(
  type: T,
  entityId: string,
  natsSubject: string,
  data: EventMap[T],
): NewEvent<T> {
  const id = derivedId('test', type, entityId, JSON.stringify(data).replaceAll('|', ''));
  return { type, id, source: 'tocsin/api', time: T0, natsSubject, entityId, data };
}

export const logged = (one: NewEvent): LoggedEvent => ({ ...one, sequence: 1 });
