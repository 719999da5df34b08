import { baseConfig, databaseUrl } from '@tocsin/service-kit';
import { z } from 'zod';
import type { QueueLimits } from './runs/turn.store.js';

const wholeNumber = (wanted: string, most: number) =>
  z
    .string()
    .regex(/^\d+$/, `set it to ${wanted}`)
    .transform(Number)
    .pipe(z.number().min(1, `set it to ${wanted}`).max(most, `set it to ${wanted}`))
    .describe(wanted);

export const schedulerConfig = baseConfig.extend({
  DATABASE_URL: databaseUrl,
  TOCSIN_RUNS_PER_PROJECT: wholeNumber('a number of runs between 1 and 1000', 1_000).default(5),
  TOCSIN_RUN_QUEUE_LIMIT: wholeNumber('a number of runs between 1 and 10000', 10_000).default(100),
});
export type SchedulerConfig = z.infer<typeof schedulerConfig>;

const HOUR_MS = 3_600_000;

export const queueLimits = (
  config: Pick<SchedulerConfig, 'TOCSIN_RUNS_PER_PROJECT' | 'TOCSIN_RUN_QUEUE_LIMIT'>,
): QueueLimits => ({
  perProject: config.TOCSIN_RUNS_PER_PROJECT,
  queued: config.TOCSIN_RUN_QUEUE_LIMIT,
  notBegunAfterMs: 7 * 24 * HOUR_MS,
  notTakenAfterMs: HOUR_MS,
  graceMs: 60_000,
});
