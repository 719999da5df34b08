import { z } from 'zod';
import { flag, listOf, number, objectOf, text, textMap, texts } from '../tolerant.js';

// Read from supercheck-io/supercheck: docs/openapi.json (the lists of the api, which are what `supercheck … list --json`
// prints), docs/content/docs/cli/configuration.mdx (`supercheck config print`), app/src/db/schema/types.ts and
// app/src/lib/notification-providers/crypto.ts (how providers are masked).

const alertSchema = objectOf({
  enabled: flag,
  notificationProviders: texts,
  alertOnFailure: flag,
  alertOnRecovery: flag,
  alertOnSslExpiration: flag,
  alertOnSuccess: flag,
  alertOnTimeout: flag,
  failureThreshold: number,
  recoveryThreshold: number,
  customMessage: text,
});
export type SupercheckAlerts = z.output<typeof alertSchema>;

const tagsSchema = listOf(z.union([z.string(), z.looseObject({ name: text }).transform(({ name }) => name)]));

export const monitorSchema = z.looseObject({
  id: text,
  name: text,
  description: text,
  type: text,
  target: text,
  frequencyMinutes: number,
  enabled: flag,
  config: objectOf({
    method: text,
    headers: textMap,
    testId: text,
    expectedIntervalMinutes: number,
    gracePeriodMinutes: number,
    auth: objectOf({ type: text, username: text, password: text, token: text }),
    locationConfig: objectOf({ enabled: flag, locations: texts, threshold: number, strategy: text }),
    playwrightOptions: objectOf({ retries: number }),
  }),
  alertConfig: alertSchema,
  tags: tagsSchema,
});
export type SupercheckMonitor = z.output<typeof monitorSchema>;

export const jobSchema = z.looseObject({
  name: text,
  description: text,
  cronSchedule: text,
  jobType: text,
  tests: listOf(z.union([z.string(), z.looseObject({ id: text }).transform(({ id }) => id)])),
  alertConfig: alertSchema,
});
export type SupercheckJob = z.output<typeof jobSchema>;

export const testSchema = z.looseObject({
  id: text,
  name: text,
  title: text,
  description: text,
  priority: text,
  type: text,
  script: text,
  tags: tagsSchema,
});
export type SupercheckTest = z.output<typeof testSchema>;

export const providerSchema = z.looseObject({
  id: text,
  name: text,
  type: text,
  enabled: flag,
  isEnabled: flag,
  config: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  maskedFields: texts,
});
export type SupercheckProvider = z.output<typeof providerSchema>;

export const variableSchema = z.looseObject({
  key: text,
  type: text,
  value: text,
  isSecret: flag,
  description: text,
});
export type SupercheckVariable = z.output<typeof variableSchema>;

export const resourcesSchema = z.looseObject({
  monitors: listOf(monitorSchema),
  jobs: listOf(jobSchema),
  tests: listOf(testSchema),
  notificationProviders: listOf(providerSchema),
  variables: listOf(variableSchema),
});

/** `se**********rd`, or stars alone. */
export const isMasked = (value: unknown): boolean =>
  typeof value === 'string' && /\*{3,}|\[redacted\]|^•+$/i.test(value);
