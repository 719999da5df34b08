import { z } from 'zod';
import { checkError, instant, token } from './ids.js';
import { ms, outcome } from './results.js';

export const STATS_PERIODS = ['24h', '7d', '30d', '90d'] as const;
export const statsQuery = z.strictObject({
  period: z.enum(STATS_PERIODS).default('24h'),
  location: token.optional(),
});

const counts = {
  checks: z.int().nonnegative(),
  up: z.int().nonnegative(),
  degraded: z.int().nonnegative(),
  down: z.int().nonnegative(),
  error: z.int().nonnegative(),
  uptimePercent: z
    .number()
    .min(0)
    .max(100)
    .nullable()
    .meta({ description: 'null without a check that counts' }),
  latencyMs: z.object({ avg: ms, min: ms, max: ms, p50: ms, p95: ms, p99: ms }).nullable(),
};

const phases = z
  .object({
    dnsMs: ms.nullable(),
    connectMs: ms.nullable(),
    tlsMs: ms.nullable(),
    firstByteMs: ms.nullable(),
  })
  .nullable()
  .meta({ description: 'averages of the phases of a check; null beyond 24h, or where there are none' });

export const statsView = z
  .object({
    from: instant,
    to: instant,
    ...counts,
    bucketSeconds: z.int().positive(),
    phases,
    buckets: z.array(z.object({ startAt: instant, ...counts, phases })),
  })
  .meta({ id: 'MonitorStats' });

/** One location of a monitor: what it saw last, and the figures of the period. */
export const locationStats = z
  .object({
    location: z.string(),
    configured: z.boolean().meta({ description: 'false: it does not check any more' }),
    lastOutcome: outcome.nullable(),
    lastCheckAt: instant.nullable(),
    lastLatencyMs: ms.nullable(),
    lastError: checkError.nullable(),
    since: instant.nullable().meta({ description: 'the check from which on it has seen nothing else' }),
    ...counts,
  })
  .meta({ id: 'LocationStats' });

export const locationStatsQuery = z.strictObject({ period: z.enum(STATS_PERIODS).default('24h') });
export const locationStatsView = z
  .object({ from: instant, to: instant, items: z.array(locationStats) })
  .meta({ id: 'MonitorLocations' });

export type StatsView = z.output<typeof statsView>;
export type LocationStats = z.output<typeof locationStats>;
export type MonitorLocations = z.output<typeof locationStatsView>;
