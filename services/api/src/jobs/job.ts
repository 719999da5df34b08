import type { JobInput, JobView } from '@tocsin/http-api';
import type { JsonObject } from '@tocsin/kernel';
import type { Change } from '../changes/config-event.js';
import { statusOf } from '../changes/status-of.js';
import type { JobRow } from '../database.js';
import type { TargetStatus } from '../reading/target-status.store.js';

/** What a caller may set, as columns. */
export const columnsOf = (input: JobInput) => ({
  name: input.name,
  enabled: input.enabled,
  description: input.description ?? null,
  tags: [...input.tags],
  alert_config: input.alertConfig,
});

/** What is stored in the form it came in: what a PATCH is merged into. */
export const shownOf = (row: JobRow): JsonObject =>
  ({
    name: row.name,
    enabled: row.enabled,
    ...(row.description === null ? {} : { description: row.description }),
    tags: row.tags,
    alertConfig: row.alert_config,
  }) as unknown as JsonObject;

export const viewOf = (row: JobRow, seen: TargetStatus): JobView =>
  ({
    id: row.id,
    name: row.name,
    enabled: row.enabled,
    ...(row.description === null ? {} : { description: row.description }),
    tags: row.tags,
    status: statusOf(row.enabled, seen.status),
    lastRunAt: seen.lastCheckAt,
    lastStatusChangeAt: seen.lastStatusChangeAt,
    alertConfig: row.alert_config,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    revision: row.revision,
  }) as JobView;

export const configuredOf = (row: JobRow): Change<'JobConfigured'> => ({
  jobId: row.id,
  revision: row.revision,
  name: row.name,
  enabled: row.enabled,
  enabledAt: row.enabled_at,
  alertConfig: row.alert_config,
});
