import { DEFAULT_ALERT_CONFIG } from '@tocsin/alerting';
import type { JobView } from '@tocsin/http-api';
import { zone } from '../time.js';

/** What the form holds; `jobInput` of the api says what of it is right. */
export type JobValues = Pick<
  JobView,
  | 'name'
  | 'enabled'
  | 'description'
  | 'tags'
  | 'tests'
  | 'cron'
  | 'timeZone'
  | 'timeoutSeconds'
  | 'retries'
  | 'allowOverlap'
  | 'location'
  | 'alertConfig'
>;

export const newJob = (tests: string[]): JobValues => ({
  name: '',
  enabled: true,
  description: undefined,
  tags: [],
  tests,
  cron: undefined,
  // Whoever says "at nine" means nine where they are.
  timeZone: zone(),
  timeoutSeconds: 3_600,
  retries: 0,
  allowOverlap: false,
  location: 'local',
  alertConfig: { ...DEFAULT_ALERT_CONFIG, notificationProviders: [] },
});

export const valuesOf = (job: JobView): JobValues => ({
  name: job.name,
  enabled: job.enabled,
  description: job.description,
  tags: job.tags,
  tests: job.tests,
  cron: job.cron,
  timeZone: job.timeZone,
  timeoutSeconds: job.timeoutSeconds,
  retries: job.retries,
  allowOverlap: job.allowOverlap,
  location: job.location,
  alertConfig: job.alertConfig,
});
