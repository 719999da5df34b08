import { providerKinds } from '@tocsin/contracts';
import type { JsonObject } from '@tocsin/kernel';
import { PROVIDER_KINDS, type ProviderKind } from '@tocsin/notifying';
import { z } from 'zod';
import { flag, id, instant, managedBy, name, token } from './ids.js';
import { cursorFor, pageOf, pageQuery } from './pagination.js';

export const providerKind = z.enum(PROVIDER_KINDS);

const inputOf = (type: ProviderKind) =>
  z.strictObject({
    name,
    type: z.literal(type),
    enabled: z.boolean().default(true),
    config: providerKinds[type].schema as z.ZodType<JsonObject, JsonObject>,
    managedBy,
  });

const [first, ...others] = PROVIDER_KINDS;

/** POST, and PUT of the whole. */
export const providerInput = z
  .discriminatedUnion('type', [inputOf(first), ...others.map(inputOf)], {
    error: (issue) =>
      issue.code === 'invalid_union' ? `must be one of ${PROVIDER_KINDS.join(', ')}` : undefined,
  })
  .meta({ id: 'NotificationProviderInput' });

/** Merged by `mergePatch` into what is stored, then parsed as `providerInput`. The type does not change. */
export const providerPatch = z
  .strictObject({ name, enabled: z.boolean(), config: z.record(z.string(), z.json()), managedBy })
  .partial()
  .meta({ id: 'NotificationProviderPatch' });

export const providerView = z
  .object({
    id,
    name,
    type: providerKind,
    enabled: z.boolean(),
    config: z.record(z.string(), z.json()).meta({ description: 'settings of the kind, secrets masked' }),
    managedBy,
    lastUsedAt: instant.nullable(),
    disabledReason: z.string().nullable().meta({ description: 'why it was switched off by itself' }),
    health: z.object({
      lastSuccessAt: instant.nullable(),
      failingSince: instant
        .nullable()
        .meta({ description: 'from the first sign that it does not carry messages' }),
      failingReason: z.string().nullable(),
      circuit: z
        .enum(['closed', 'open', 'half_open'])
        .meta({ description: '`open`: it is not tried for a while; `half_open`: one attempt is under way' }),
    }),
    createdAt: instant,
    updatedAt: instant,
    revision: z.int().min(1),
  })
  .meta({ id: 'NotificationProvider' });

export const providerListQuery = z.strictObject({
  ...pageQuery,
  type: providerKind.optional(),
  enabled: flag.optional(),
  managedBy: token.optional(),
});
export const providerPage = pageOf(providerView);
export const providerCursor = cursorFor('notification-providers', z.tuple([id]));

export const providerDeleteQuery = z.strictObject({
  force: flag.optional().meta({ description: 'delete although monitors or jobs use it' }),
});

/** `not_now`: worth another try later. `never`: will not work until somebody changes something. */
export const providerTestAnswer = z
  .object({
    result: z.enum(['delivered', 'not_now', 'never']),
    status: z.int().nonnegative().meta({ description: "the provider's status code; 0 when it gave none" }),
    excerpt: z.string(),
    reason: z.string().optional(),
  })
  .meta({ id: 'NotificationProviderTest' });

export const providerUsage = z
  .object({
    items: z.array(z.object({ kind: z.enum(['monitor', 'job']), id, name: z.string() })),
    count: z.int().nonnegative(),
  })
  .meta({ id: 'NotificationProviderUsage' });

export type ProviderInput = z.output<typeof providerInput>;
export type ProviderPatch = z.output<typeof providerPatch>;
export type ProviderView = z.output<typeof providerView>;
export type ProviderTestAnswer = z.output<typeof providerTestAnswer>;
export type ProviderUsage = z.output<typeof providerUsage>;
