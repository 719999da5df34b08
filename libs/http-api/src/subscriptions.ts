import { SUBSCRIBED_TYPES, subscriptionDestination } from '@tocsin/contracts';
import { z } from 'zod';
import { flag, id, instant, instantInput, name } from './ids.js';
import { cursorFor, pageOf, pageQuery } from './pagination.js';

const { url, headers, timeoutSeconds } = subscriptionDestination;

const eventType = z.enum(SUBSCRIBED_TYPES);
const eventTypes = z
  .array(eventType)
  .min(1)
  .refine((list) => new Set(list).size === list.length, 'must not contain a type twice');

export const DEFAULT_SUBSCRIBED_TYPES: readonly z.output<typeof eventType>[] = [
  'AlertRaised',
  'AlertUnmuted',
  'AlertResolved',
  'AlertAcknowledged',
];

/** Where a subscriber begins, over HTTP as over NATS. */
export const beginning = z
  .union([z.enum(['now', 'start']), instantInput], { error: 'must be now, start or an instant' })
  .meta({ description: '`start`: with the first event there is', example: 'now' });

/** Another system, told of events as Standard Webhooks: each until it says that it has it. */
export const subscriptionInput = z
  .strictObject({
    name,
    url: url.meta({ description: 'never shown again' }),
    eventTypes: eventTypes.default([...DEFAULT_SUBSCRIBED_TYPES]),
    from: beginning.optional().meta({ description: 'when it is created; left out: `now`' }),
    enabled: z.boolean().default(true),
    headers: headers
      .default({})
      .meta({ description: 'sent with each request; values are never shown again' }),
    timeoutSeconds,
  })
  .meta({ id: 'SubscriptionInput' });

/** Merged by `mergePatch` into what is stored, then parsed as `subscriptionInput`. */
export const subscriptionPatch = z
  .strictObject({
    name,
    url: z.string(),
    eventTypes,
    enabled: z.boolean(),
    headers: z.record(z.string(), z.string().nullable()),
    timeoutSeconds: z.int(),
  })
  .partial()
  .meta({ id: 'SubscriptionPatch' });

export const SUBSCRIPTION_STATES = ['delivering', 'retrying', 'disabled'] as const;

export const subscriptionView = z
  .object({
    id,
    name,
    url: z.string().meta({ description: 'masked' }),
    eventTypes: z.array(eventType),
    enabled: z.boolean(),
    headers: z.record(z.string(), z.string()).meta({ description: 'values are masked' }),
    timeoutSeconds: z.int(),
    startAt: instant.nullable().meta({ description: 'where it began; null: with the first event there was' }),
    signingSecret: z.string().optional().meta({
      description: 'in the answer to who had it made: creation, rotation, another address; never again',
    }),
    previousSecretUntil: instant
      .nullable()
      .meta({ description: 'the secret before signs as well until then' }),
    state: z.enum(SUBSCRIPTION_STATES).meta({
      description: '`retrying`: the last attempt failed; `disabled`: switched off, by a person or by itself',
    }),
    delivery: z.object({
      lastEventId: z.string().nullable(),
      lastEventType: z.string().nullable(),
      lastEventTime: instant.nullable(),
      lastDeliveredAt: instant.nullable(),
      delivered: z.int().nonnegative(),
      behind: z.int().nonnegative().nullable().meta({
        description: 'events that wait to be sent; null while the log cannot be asked',
      }),
      failingSince: instant.nullable(),
      nextAttemptAt: instant.nullable(),
      lastAnswer: z
        .object({ status: z.int().nonnegative(), reason: z.string() })
        .nullable()
        .meta({ description: 'to the last attempt, when that failed; status 0: there was none' }),
      disabledReason: z
        .enum(['by_a_person', 'gone', 'failing_too_long'])
        .nullable()
        .meta({ description: '`gone`: it answered 410' }),
      disabledAt: instant.nullable(),
    }),
    createdAt: instant,
    updatedAt: instant,
    revision: z.int().min(1),
  })
  .meta({ id: 'Subscription' });

export const subscriptionListQuery = z.strictObject({ ...pageQuery, enabled: flag.optional() });
export const subscriptionPage = pageOf(subscriptionView);
export const subscriptionCursor = cursorFor('subscriptions', z.tuple([id]));

export const rotationInput = z
  .strictObject({
    keepPreviousHours: z
      .number()
      .min(0)
      .max(168)
      .default(24)
      .meta({ description: 'for so long the secret before signs as well; 0: it is not trusted any more' }),
  })
  .meta({ id: 'SubscriptionRotation' });

export const replayInput = z.strictObject({ from: beginning }).meta({ id: 'SubscriptionReplay' });

export const subscriptionAttempt = z
  .object({
    number: z.int().min(1),
    eventId: z.string(),
    eventType: z.string(),
    startedAt: instant,
    finishedAt: instant.nullable().meta({ description: 'null while it runs' }),
    outcome: z.enum(['started', 'delivered', 'failed', 'interrupted']),
    status: z.int().nonnegative().nullable(),
    excerpt: z.string(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'SubscriptionAttempt' });

export const subscriptionAttemptQuery = z.strictObject(pageQuery);
export const subscriptionAttemptPage = pageOf(subscriptionAttempt);
export const subscriptionAttemptCursor = cursorFor('subscription-attempts', z.tuple([z.int().min(1)]));

export type Beginning = z.output<typeof beginning>;
export type SubscriptionInput = z.output<typeof subscriptionInput>;
export type SubscriptionPatch = z.output<typeof subscriptionPatch>;
export type SubscriptionView = z.output<typeof subscriptionView>;
export type SubscriptionDelivery = SubscriptionView['delivery'];
export type SubscriptionAttempt = z.output<typeof subscriptionAttempt>;
