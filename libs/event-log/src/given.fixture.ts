import { type NewEvent, subjects } from '@tocsin/contracts';
import { derivedId, type Instant } from '@tocsin/kernel';
import { createLogger, createMetrics } from '@tocsin/service-kit';

export const logger = createLogger({ name: 'test', level: 'fatal' });
export const metrics = () => createMetrics('test');

const START = Date.parse('2026-01-01T00:00:00.000Z');
export const instant = (second: number): Instant => new Date(START + second * 1000).toISOString();

/** A monitor id in the shard of that number. */
export const monitorIn = (shard: number, name = 'm'): string =>
  derivedId(name, String(shard)).slice(0, -1) + shard.toString(16);

/** The result of slot `n` of a monitor. */
export function resultOf(monitorId: string, n: number): NewEvent<'CheckCompleted'> {
  return {
    type: 'CheckCompleted',
    id: derivedId('check', monitorId, String(n)),
    source: 'tocsin/executor',
    time: instant(n),
    natsSubject: subjects.result('default', 'monitor', monitorId),
    entityId: monitorId,
    data: {
      monitorId,
      project: 'default',
      kind: 'http_request',
      slot: instant(n),
      location: 'local',
      outcome: 'up',
      startedAt: instant(n),
      finishedAt: instant(n),
      latencyMs: 12,
      timings: { totalMs: 12 },
      attempts: 1,
      observed: {},
      configRevision: 1,
      trigger: 'schedule',
    },
  };
}

export function deletionOf(monitorId: string, revision: number): NewEvent<'MonitorDeleted'> {
  return {
    type: 'MonitorDeleted',
    id: derivedId('deleted', monitorId, String(revision)),
    source: 'tocsin/api',
    time: instant(revision),
    natsSubject: subjects.config('default', 'monitor', monitorId),
    entityId: monitorId,
    data: {
      monitorId,
      project: 'default',
      revision,
      changedAt: instant(revision),
      changedBy: { kind: 'system', id: 'test', name: 'test' },
    },
  };
}

export function dueOf(monitorId: string, n: number): NewEvent<'CheckDue'> {
  return {
    type: 'CheckDue',
    id: derivedId('due', monitorId, String(n)),
    source: 'tocsin/scheduler',
    time: instant(n),
    natsSubject: subjects.checkDue('local', 'http_request', monitorId),
    entityId: monitorId,
    data: {
      monitorId,
      project: 'default',
      kind: 'http_request',
      slot: instant(n),
      location: 'local',
      target: 'http://127.0.0.1:1/',
      config: {},
      configRevision: 1,
      trigger: 'schedule',
    },
  };
}
