import type { AlertRaised } from '@tocsin/alerting';
import { type NewEvent, subjects } from '@tocsin/contracts';
import { derivedId, type Instant, type JsonObject } from '@tocsin/kernel';

const changedBy = { kind: 'token', id: 'test', name: 'ada' } as const;

/** Instants a second apart. */
export const at = (second: number): Instant => new Date(1_767_225_600_000 + second * 1_000).toISOString();

export function providerConfigured(
  providerId: string,
  type: string,
  config: JsonObject,
  over: { revision?: number; enabled?: boolean; secretVersion?: number; name?: string } = {},
): NewEvent<'ProviderConfigured'> {
  const revision = over.revision ?? 1;
  return {
    type: 'ProviderConfigured',
    id: derivedId('configured', providerId, String(revision)),
    source: 'tocsin/api',
    time: at(0),
    natsSubject: subjects.config('default', 'provider', providerId),
    entityId: providerId,
    data: {
      providerId,
      project: 'default',
      revision,
      name: 'hook',
      type,
      enabled: true,
      config,
      changedAt: at(0),
      changedBy,
      ...over,
    },
  };
}

export const providerDeleted = (providerId: string, revision: number): NewEvent<'ProviderDeleted'> => ({
  type: 'ProviderDeleted',
  id: derivedId('deleted', providerId, String(revision)),
  source: 'tocsin/api',
  time: at(0),
  natsSubject: subjects.config('default', 'provider', providerId),
  entityId: providerId,
  data: { providerId, project: 'default', revision, changedAt: at(0), changedBy },
});

let redrives = 0;
export function redriveRequested(notificationId: string, targetId: string): NewEvent<'RedriveRequested'> {
  redrives += 1;
  return {
    type: 'RedriveRequested',
    id: derivedId('redrive', notificationId, String(redrives)),
    source: 'tocsin/api',
    time: at(0),
    natsSubject: subjects.config('default', 'redrive', notificationId),
    entityId: targetId,
    data: { notificationId, targetId, project: 'default', changedAt: at(0), changedBy },
  };
}

export interface AlertIs {
  /** names the alert; its target too unless told */
  readonly name: string;
  readonly providers: readonly string[];
  readonly time: Instant;
  readonly customMessage?: string;
  readonly recoveryWanted?: boolean;
  readonly untold?: AlertRaised['untold'];
}

const base = ({ name, providers, customMessage = '' }: AlertIs) => ({
  alertId: derivedId('alert', name),
  project: 'default',
  target: { id: derivedId('monitor', name), kind: 'monitor', name, url: 'http://shop.example/' } as const,
  type: 'failure' as const,
  severity: 'error' as const,
  policyRevision: 1,
  providers,
  customMessage,
  position: 1,
});

function alertEvent(alert: AlertIs, verb: 'raised' | 'resolved' | 'unmuted', rest: object): NewEvent {
  const type = { raised: 'AlertRaised', resolved: 'AlertResolved', unmuted: 'AlertUnmuted' }[verb];
  const data = { ...base(alert), ...rest };
  return {
    type,
    id: derivedId(verb, alert.name),
    source: 'tocsin/alert-evaluator',
    time: alert.time,
    natsSubject: subjects.alert('default', 'monitor', data.target.id, verb),
    entityId: data.target.id,
    data,
  } as NewEvent;
}

const evidence = (time: Instant) => [
  {
    eventId: derivedId('check', time),
    slot: time,
    finishedAt: time,
    location: 'local',
    outcome: 'down',
    error: { code: 'http_status', message: 'status 503' },
    latencyMs: 12,
  },
];

export const raised = (alert: AlertIs): NewEvent =>
  alertEvent(alert, 'raised', {
    reason: 'threshold_reached',
    raisedAt: alert.time,
    since: alert.time,
    locations: ['local'],
    evidence: evidence(alert.time),
    ...(alert.untold === undefined ? {} : { untold: alert.untold }),
  });

export const unmuted = (alert: AlertIs): NewEvent =>
  alertEvent(alert, 'unmuted', {
    raisedAt: alert.time,
    unmutedAt: alert.time,
    since: alert.time,
    evidence: evidence(alert.time),
  });

export const resolved = (alert: AlertIs, reason = 'recovered'): NewEvent =>
  alertEvent(alert, 'resolved', {
    reason,
    raisedAt: alert.time,
    since: alert.time,
    resolvedAt: alert.time,
    durationMs: 1_000,
    evidence: [],
    recoveryWanted: alert.recoveryWanted ?? true,
    ...(alert.untold === undefined ? {} : { raiseUntold: alert.untold }),
  });

export const notificationId = (verb: 'raised' | 'resolved' | 'unmuted', name: string, providerId: string) =>
  derivedId('notification', derivedId(verb, name), providerId);
