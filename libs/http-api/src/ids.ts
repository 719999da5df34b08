import { isInstant, toInstant } from '@tocsin/kernel';
import { z } from 'zod';

/** Lower case, because the last digit decides the shard and ids are compared as text. */
export const id = z
  .guid('must be a uuid')
  .toLowerCase()
  .meta({ description: 'uuid', example: '0192f0c1-7a5e-7c3b-9d21-4f0a6be1c7d8' });

export const idParams = z.strictObject({ id });

/** Any ISO 8601 instant with its offset comes in; the one form of ours goes on. */
export const instantInput = z.iso
  .datetime({ offset: true, error: 'must be an instant such as 2026-01-31T12:00:00Z' })
  .overwrite((text) => (Number.isNaN(Date.parse(text)) ? text : toInstant(Date.parse(text))))
  .meta({ example: '2026-01-31T12:00:00.000Z' });

export const instant = z.string().refine(isInstant, 'must be an instant').meta({
  format: 'date-time',
  example: '2026-01-31T12:00:00.000Z',
});

/** A name that is part of a subject: a location, a code. */
export const token = z.string().regex(/^[A-Za-z0-9_-]{1,63}$/, 'must be 1 to 63 of A-Z a-z 0-9 _ -');

export const name = z.string().trim().min(1).max(255);
export const description = z.string().max(2_000);
/** Of a thing that configuration files own. Left out of a whole it stays as it is: an edit by hand does not disown it. */
export const managedBy = token
  .nullable()
  .optional()
  .meta({ description: 'the set of configuration files it is kept in; null: it is kept by hand' });
export const tags = z
  .array(z.string().trim().min(1).max(50))
  .max(20)
  .refine((list) => new Set(list).size === list.length, 'must not contain a tag twice');

export const checkError = z
  .object({ code: z.string(), message: z.string() })
  .meta({ description: 'a stable code and one readable sentence' });

/** A query string knows no booleans. */
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
