import { joinSecrets, monitorKinds } from '@tocsin/contracts';
import type { MonitorInput, MonitorView } from '@tocsin/http-api';
import { DomainError, type JsonObject } from '@tocsin/kernel';
import type { MonitorKind, Quorum } from '@tocsin/monitoring';
import type { Change } from '../changes/config-event.js';
import { type Owned, ownedBy, ownerOf } from '../changes/owner.js';
import { statusOf } from '../changes/status-of.js';
import type { MonitorRow } from '../database.js';
import type { MonitorSeen } from '../reading/monitor-seen.store.js';
import { originOf } from '../secrets/masked.js';

export const secretPathsOf = (type: MonitorKind, config: JsonObject) =>
  monitorKinds[type].secretPaths(config);

/** What a caller may set, as columns; the settings apart, which are kept in two places. */
export const columnsOf = (input: MonitorInput, before?: Owned) => ({
  name: input.name,
  type: input.type,
  target: input.target,
  interval_seconds: input.intervalSeconds,
  enabled: input.enabled,
  locations: [...input.locations],
  quorum: String(input.quorum),
  description: input.description ?? null,
  tags: [...input.tags],
  alert_config: input.alertConfig,
  managed_by: ownerOf(input, before),
});

/** What is stored in the form it came in, secrets masked: what a PATCH is merged into. */
export const shownOf = (row: MonitorRow): JsonObject =>
  ({
    name: row.name,
    type: row.type,
    target: row.target,
    intervalSeconds: row.interval_seconds,
    enabled: row.enabled,
    locations: row.locations,
    quorum: quorumOf(row.quorum),
    ...(row.description === null ? {} : { description: row.description }),
    tags: row.tags,
    config: joinSecrets(row.config, row.masks),
    alertConfig: row.alert_config,
    ...ownedBy(row),
  }) as unknown as JsonObject;

export const isMoved = (before: MonitorRow, target: unknown): boolean =>
  originOf(before.target) !== originOf(target);

/** @throws DomainError `validation_failed` */
export function requireSameType(before: MonitorRow, type: unknown): void {
  if (type === before.type) return;
  const message = `cannot be changed from ${before.type}: create another monitor`;
  throw new DomainError('validation_failed', `type: ${message}`, [{ field: 'type', message }]);
}

const quorumOf = (text: string): Quorum => (/^\d+$/.test(text) ? Number(text) : (text as Quorum));

export interface Shown {
  readonly seen: MonitorSeen;
  readonly heartbeatUrl?: string | undefined;
}

export const viewOf = (row: MonitorRow, { seen, heartbeatUrl }: Shown): MonitorView =>
  ({
    id: row.id,
    name: row.name,
    type: row.type,
    target: row.target,
    intervalSeconds: row.interval_seconds,
    enabled: row.enabled,
    locations: row.locations,
    quorum: quorumOf(row.quorum),
    ...(row.description === null ? {} : { description: row.description }),
    tags: row.tags,
    status: statusOf(row.enabled, seen.status),
    lastCheckAt: seen.lastCheckAt,
    lastStatusChangeAt: seen.lastStatusChangeAt,
    lastLatencyMs: seen.lastLatencyMs,
    uptime24h: seen.uptime24h,
    config: joinSecrets(row.config, row.masks),
    alertConfig: row.alert_config,
    ...ownedBy(row),
    ...(heartbeatUrl === undefined ? {} : { heartbeatUrl }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    revision: row.revision,
  }) as MonitorView;

export const configuredOf = (row: MonitorRow): Change<'MonitorConfigured'> => ({
  monitorId: row.id,
  revision: row.revision,
  name: row.name,
  type: row.type,
  target: row.target,
  intervalSeconds: row.interval_seconds,
  enabled: row.enabled,
  enabledAt: row.enabled_at,
  locations: row.locations,
  quorum: row.quorum,
  config: row.config,
  ...(row.secret_version === null ? {} : { secretVersion: row.secret_version }),
  alertConfig: row.alert_config,
  ...ownedBy(row),
});
