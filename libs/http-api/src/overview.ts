import { STATUSES } from '@tocsin/monitoring';
import { z } from 'zod';
import { instant } from './ids.js';

const count = z.int().nonnegative();

/** Each status has its number, 0 where there is none. */
const byStatus = z.record(z.enum(STATUSES), count);
const targets = z.object({ total: count, byStatus });

/** How the project is, in numbers. */
export const overview = z
  .object({
    at: instant,
    counts: z.object({
      monitors: targets,
      jobs: targets,
      alerts: z.object({
        open: count,
        unacknowledged: count,
        oldestSince: instant.nullable().meta({ description: 'since when the oldest open one lasts' }),
      }),
      deliveries: z.object({
        failingProviders: count.meta({ description: 'switched off by themselves, unreachable or failing' }),
        deadLetters: count,
      }),
      runs: z.object({ queued: count, running: count }),
    }),
  })
  .meta({ id: 'Overview' });

/** Tags in use, the most used first when there are more than fit. */
export const tagCounts = z
  .object({ items: z.array(z.object({ name: z.string(), monitors: count, jobs: count, tests: count })) })
  .meta({ id: 'TagCounts' });

export type Overview = z.output<typeof overview>;
export type TagCounts = z.output<typeof tagCounts>;
