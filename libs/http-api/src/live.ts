import { z } from 'zod';

/** One `event:` of the live stream; its `id:` is what `Last-Event-ID` takes. */
export const LIVE_TOPICS = ['status', 'alert', 'delivery'] as const;

export const liveQuery = z.strictObject({
  topics: z
    .string()
    .regex(
      /^(?:status|alert|delivery)(?:,(?:status|alert|delivery))*$/,
      `must be of ${LIVE_TOPICS.join(',')}`,
    )
    .optional()
    .meta({ description: 'comma-separated; left out: all of them', example: 'alert,delivery' }),
});

export const liveHeaders = z.object({ 'last-event-id': z.string().max(500).optional() });

export const readiness = z
  .object({ status: z.enum(['ok', 'unavailable']), checks: z.record(z.string(), z.string()) })
  .meta({ id: 'Readiness' });

export const liveness = z.object({ status: z.literal('ok') }).meta({ id: 'Liveness' });
