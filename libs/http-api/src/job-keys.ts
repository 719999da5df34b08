import { z } from 'zod';
import { id, instant, instantInput, name } from './ids.js';
import { cursorFor, pageOf, pageQuery } from './pagination.js';

/** A key with which another system starts one job, and can do nothing else. */
const fields = {
  name,
  expiresAt: instantInput.optional(),
  /** starts with this key, at most, in `perSeconds` */
  limit: z.int().min(1).max(10_000),
  perSeconds: z.int().min(1).max(86_400),
};

export const jobKeyInput = z
  .strictObject({ ...fields, limit: fields.limit.default(100), perSeconds: fields.perSeconds.default(60) })
  .meta({ id: 'JobKeyInput' });

const view = {
  id,
  jobId: id,
  name,
  createdAt: instant,
  expiresAt: instant.nullable(),
  lastUsedAt: instant.nullable(),
  limit: fields.limit,
  perSeconds: fields.perSeconds,
};

export const jobKeyView = z.object(view).meta({ id: 'JobKey' });
export const jobKeyCreated = z
  .object({ ...view, key: z.string().meta({ description: 'shown this once; only its hash is kept' }) })
  .meta({ id: 'JobKeyCreated' });

export const jobKeyListQuery = z.strictObject(pageQuery);
export const jobKeyPage = pageOf(jobKeyView);
export const jobKeyCursor = cursorFor('job-keys', z.tuple([id]));
export const jobKeyParams = z.strictObject({ id, keyId: id });

const whole = z.int().nonnegative();
/** What a key may still do: told with every answer to it, refusals too. */
export const allowanceHeaders = z.object({
  'RateLimit-Limit': whole.meta({ description: 'runs the key starts in its span' }),
  'RateLimit-Remaining': whole.meta({ description: 'how many of them are left now' }),
  'RateLimit-Reset': whole.meta({ description: 'seconds until there is one more' }),
  'X-RateLimit-Limit': whole,
  'X-RateLimit-Remaining': whole,
  'X-RateLimit-Reset': whole.meta({ description: 'the same moment in seconds since 1970' }),
});

export type JobKeyInput = z.output<typeof jobKeyInput>;
export type JobKeyView = z.output<typeof jobKeyView>;
export type JobKeyCreated = z.output<typeof jobKeyCreated>;
