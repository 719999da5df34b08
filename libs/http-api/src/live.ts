import { SUBSCRIBED_TYPES } from '@tocsin/contracts';
import { z } from 'zod';
import { beginning } from './subscriptions.js';

/** One `event:` of the live stream; its `id:` is what `Last-Event-ID` takes. */
export const LIVE_TOPICS = ['status', 'alert', 'delivery'] as const;

export const LIVE_TYPES = [
  ...SUBSCRIBED_TYPES,
  'NotificationDelivered',
  'NotificationFailed',
  'NotificationMuted',
] as const;

const listOf = (words: readonly string[]) =>
  z
    .string()
    .max(500)
    .refine((text) => text.split(',').every((word) => words.includes(word)), `must be of ${words.join(',')}`);

export const liveQuery = z.strictObject({
  topics: listOf(LIVE_TOPICS)
    .optional()
    .meta({ description: 'comma-separated; left out: those of `types`, or all', example: 'alert,delivery' }),
  types: listOf(LIVE_TYPES).optional().meta({
    description: 'comma-separated; left out: all but PolicyChanged',
    example: 'AlertRaised,AlertResolved',
  }),
  from: beginning
    .optional()
    .meta({ description: 'where to begin: `now` when left out, `start`: with the first event there is' }),
  after: z
    .string()
    .max(500)
    .optional()
    .meta({ description: 'the `id` of the last event a caller has; the same as Last-Event-ID' }),
});

export const liveHeaders = z.object({
  'last-event-id': z
    .string()
    .max(500)
    .optional()
    .meta({ description: 'the `id` of the last event: goes on behind it, and before `after` and `from`' }),
});

export const readiness = z
  .object({ status: z.enum(['ok', 'unavailable']), checks: z.record(z.string(), z.string()) })
  .meta({ id: 'Readiness' });

export const liveness = z.object({ status: z.literal('ok') }).meta({ id: 'Liveness' });
