import { z } from 'zod';
import { id, instant } from './ids.js';
import { providerKind } from './notification-providers.js';
import { cursorFor, pageOf, pageQuery } from './pagination.js';

export const attemptView = z
  .object({
    number: z.int().min(1),
    startedAt: instant,
    finishedAt: instant.nullable().meta({ description: 'null while it runs, or when a crash cut it short' }),
    outcome: z.enum(['started', 'delivered', 'not_now', 'never', 'interrupted']),
    status: z.int().nonnegative().nullable(),
    excerpt: z.string(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'Attempt' });

export const notificationView = z
  .object({
    id,
    alertId: id,
    alertEvent: z.string(),
    targetId: id,
    providerId: id,
    providerName: z.string(),
    providerKind,
    state: z.enum(['planned', 'delivered', 'failed', 'muted']),
    reason: z.string().nullable(),
    plannedAt: instant,
    nextAttemptAt: instant.nullable(),
    finishedAt: instant.nullable(),
    attempts: z.array(attemptView),
  })
  .meta({ id: 'Notification' });

export const deadLetterQuery = z.strictObject({ ...pageQuery, providerId: id.optional() });
export const deadLetterPage = pageOf(notificationView);
export const deadLetterCursor = cursorFor('dead-letters', z.tuple([instant, id]));

export const redriveAnswer = z
  .object({ notificationId: id, requestedAt: instant })
  .meta({ id: 'RedriveRequested' });

export type AttemptView = z.output<typeof attemptView>;
export type NotificationView = z.output<typeof notificationView>;
