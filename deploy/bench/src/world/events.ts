import { type AlertConfig, DEFAULT_ALERT_CONFIG } from '@tocsin/alerting';
import { type NewEvent, subjects } from '@tocsin/contracts';
import { derivedId, toInstant } from '@tocsin/kernel';
import type { Outcome } from '@tocsin/monitoring';

/** The same ids every time, spread over the shards by their hash. */
export const monitorId = (index: number): string => derivedId('bench-monitor', String(index));

export interface MonitorSpec {
  readonly index: number;
  readonly intervalSeconds: number;
  readonly target: string;
  /** milliseconds since the epoch */
  readonly enabledAtMs: number;
  readonly alertConfig?: Partial<AlertConfig>;
  readonly kind?: string;
}

export function monitorConfigured(spec: MonitorSpec): NewEvent<'MonitorConfigured'> {
  const id = monitorId(spec.index);
  const at = toInstant(spec.enabledAtMs);
  return {
    type: 'MonitorConfigured',
    id: derivedId('bench-config', id, at),
    source: 'tocsin/api',
    time: at,
    natsSubject: subjects.config('default', 'monitor', id),
    entityId: id,
    data: {
      project: 'default',
      changedAt: at,
      changedBy: { kind: 'system', id: 'bench', name: 'bench' },
      monitorId: id,
      revision: 1,
      name: `monitor ${spec.index}`,
      type: spec.kind ?? 'http_request',
      target: spec.target,
      intervalSeconds: spec.intervalSeconds,
      enabled: true,
      enabledAt: at,
      locations: ['local'],
      quorum: 'majority',
      config: {
        method: 'GET',
        headers: {},
        auth: { type: 'none' },
        expectedStatusCodes: '200-299',
        keywordInBodyShouldBePresent: true,
        followRedirects: true,
        maxRedirects: 5,
        tlsVerify: true,
        timeoutSeconds: 5,
        retries: 0,
        retryDelaySeconds: 1,
      },
      alertConfig: { ...DEFAULT_ALERT_CONFIG, ...spec.alertConfig },
    },
  };
}

export interface ResultSpec {
  readonly index: number;
  /** milliseconds since the epoch */
  readonly slotMs: number;
  readonly finishedMs?: number;
  readonly outcome: Outcome;
}

/** What an executor publishes of an HTTP check, field for field. */
export function checkCompleted({
  index,
  slotMs,
  outcome,
  finishedMs = slotMs + 13,
}: ResultSpec): NewEvent<'CheckCompleted'> {
  const id = monitorId(index);
  const slot = toInstant(slotMs);
  const finishedAt = toInstant(finishedMs);
  const totalMs = 3 + (index % 90) / 10;
  return {
    type: 'CheckCompleted',
    id: derivedId('check', id, slot, 'local'),
    source: 'tocsin/executor',
    time: finishedAt,
    natsSubject: subjects.result('default', 'monitor', id),
    entityId: id,
    data: {
      monitorId: id,
      project: 'default',
      kind: 'http_request',
      slot,
      location: 'local',
      outcome,
      startedAt: slot,
      finishedAt,
      latencyMs: Math.round(totalMs),
      timings: { dnsMs: 0.02, connectMs: 0.61, firstByteMs: totalMs - 1, totalMs },
      attempts: 1,
      ...(outcome === 'down'
        ? { error: { code: 'unexpected_status', message: 'status 500 is not in 200-299' } }
        : {}),
      observed: {
        statusCode: outcome === 'down' ? 500 : 200,
        remoteAddress: '127.0.0.1',
        bodyBytes: 2,
        bodyTruncated: false,
        redirects: 0,
      },
      configRevision: 1,
      trigger: 'schedule',
    },
  };
}
