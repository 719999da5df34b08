import type { JobInput, JobView } from '@tocsin/http-api';
import type { Instant, JsonObject } from '@tocsin/kernel';
import { nextCronSlots } from '@tocsin/monitoring';
import type { Change } from '../changes/config-event.js';
import { type Owned, ownedBy, ownerOf } from '../changes/owner.js';
import { statusOf } from '../changes/status-of.js';
import type { JobRow } from '../database.js';
import type { TargetStatus } from '../reading/target-status.store.js';

/** What a caller may set, as columns. */
export const columnsOf = (input: JobInput, before?: Owned) => ({
  name: input.name,
  enabled: input.enabled,
  description: input.description ?? null,
  tags: [...input.tags],
  tests: [...input.tests],
  cron: input.cron ?? null,
  time_zone: input.timeZone,
  timeout_seconds: input.timeoutSeconds,
  retries: input.retries,
  allow_overlap: input.allowOverlap,
  location: input.location,
  alert_config: input.alertConfig,
  managed_by: ownerOf(input, before),
});

/** What is stored in the form it came in: what a PATCH is merged into. */
export const shownOf = (row: JobRow): JsonObject =>
  ({
    name: row.name,
    enabled: row.enabled,
    ...(row.description === null ? {} : { description: row.description }),
    tags: row.tags,
    tests: row.tests,
    ...(row.cron === null ? {} : { cron: row.cron }),
    timeZone: row.time_zone,
    timeoutSeconds: row.timeout_seconds,
    retries: row.retries,
    allowOverlap: row.allow_overlap,
    location: row.location,
    alertConfig: row.alert_config,
    ...ownedBy(row),
  }) as unknown as JsonObject;

export const NEXT_RUNS = 5;

/** What the cron expression says; none while the job is paused. */
function nextRunsOf({ enabled, cron, time_zone: timeZone }: JobRow, now: Instant): Instant[] {
  return enabled && cron !== null ? nextCronSlots({ cron, timeZone }, now, NEXT_RUNS) : [];
}

/** What is shown of a job beside its settings. */
export interface JobSeen extends TargetStatus {
  readonly lastRun: JobView['lastRun'];
}

export const viewOf = (row: JobRow, seen: JobSeen, now: Instant): JobView =>
  ({
    id: row.id,
    ...shownOf(row),
    status: statusOf(row.enabled, seen.status),
    lastRunAt: seen.lastCheckAt,
    lastRun: seen.lastRun,
    nextRuns: nextRunsOf(row, now),
    lastStatusChangeAt: seen.lastStatusChangeAt,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    revision: row.revision,
  }) as unknown as JobView;

export const configuredOf = (row: JobRow): Change<'JobConfigured'> => ({
  jobId: row.id,
  revision: row.revision,
  name: row.name,
  enabled: row.enabled,
  enabledAt: row.enabled_at,
  tests: row.tests,
  ...(row.cron === null ? {} : { cron: row.cron }),
  timeZone: row.time_zone,
  timeoutSeconds: row.timeout_seconds,
  retries: row.retries,
  allowOverlap: row.allow_overlap,
  location: row.location,
  alertConfig: row.alert_config,
  ...ownedBy(row),
});
