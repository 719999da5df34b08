import { z } from 'zod';
import { id, instant, instantInput, name } from './ids.js';
import { cursorFor, pageOf, pageQuery } from './pagination.js';

/** Each includes the ones before it. */
export const SCOPES = ['read', 'write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

const scopes = z
  .array(z.enum(SCOPES))
  .min(1, 'at least one scope is needed')
  .refine((list) => new Set(list).size === list.length, 'must not name a scope twice');

export const tokenInput = z
  .strictObject({ name, scopes, expiresAt: instantInput.optional() })
  .meta({ id: 'TokenInput' });

const fields = {
  id,
  name,
  scopes,
  createdAt: instant,
  expiresAt: instant.nullable(),
  lastUsedAt: instant.nullable(),
};

export const tokenView = z.object(fields).meta({ id: 'Token' });
export const tokenCreated = z
  .object({ ...fields, token: z.string().meta({ description: 'shown this once; only its hash is kept' }) })
  .meta({ id: 'TokenCreated' });

export const tokenListQuery = z.strictObject(pageQuery);
export const tokenPage = pageOf(tokenView);
export const tokenCursor = cursorFor('tokens', z.tuple([id]));

export type TokenInput = z.output<typeof tokenInput>;
export type TokenView = z.output<typeof tokenView>;
export type TokenCreated = z.output<typeof tokenCreated>;
