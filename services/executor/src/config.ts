import { artifactSettings, completeArtifactSettings } from '@tocsin/artifacts';
import { type EgressPolicy, egressPolicy } from '@tocsin/egress';
import { baseConfig, booleanFlag, cidrList, endpointList } from '@tocsin/service-kit';
import { z } from 'zod';
import { scriptSettings } from './tests/browser/settings.js';

const wholeNumber = (wanted: string, low: number, high: number) =>
  z
    .string()
    .regex(/^\d+$/, `set it to ${wanted}`)
    .transform(Number)
    .pipe(z.number().min(low, `set it to ${wanted}`).max(high, `set it to ${wanted}`))
    .describe(wanted);

const settings = baseConfig.extend({
  TOCSIN_LOCATION: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,63}$/, 'letters, digits, "-" and "_" only')
    .default('local')
    .describe('the name of the place the checks are made from'),
  TOCSIN_EXECUTOR_CONCURRENCY: wholeNumber('a number of checks between 1 and 10000', 1, 10_000).default(500),
  TOCSIN_EGRESS_ALLOW: cidrList.default([]),
  TOCSIN_EGRESS_DENY: cidrList.default([]),
  TOCSIN_EGRESS_ALLOW_PRIVATE: booleanFlag.default(true),
  TOCSIN_OWN_ENDPOINTS: endpointList.default([]),
  TOCSIN_RUN_CONCURRENCY: wholeNumber('a number of runs between 1 and 64', 1, 64).default(2),
  ...scriptSettings,
  ...artifactSettings,
});

export const executorConfig = settings.superRefine(completeArtifactSettings);
export type ExecutorConfig = z.infer<typeof executorConfig>;

/** Where checks may go. */
export const monitorPolicy = (config: ExecutorConfig): EgressPolicy =>
  egressPolicy({
    purpose: 'monitor',
    allow: config.TOCSIN_EGRESS_ALLOW,
    deny: config.TOCSIN_EGRESS_DENY,
    allowPrivate: config.TOCSIN_EGRESS_ALLOW_PRIVATE,
    ownEndpoints: config.TOCSIN_OWN_ENDPOINTS,
  });
