import { z } from 'zod';
import { cause } from './change-headers.js';
import { id, instant, instantInput } from './ids.js';
import { cursorFor, pageOf, pageQuery } from './pagination.js';

export const AUDIT_KINDS = [
  'monitor',
  'job',
  'test',
  'variable',
  'provider',
  'subscription',
  'ack',
  'redrive',
  'run',
  'cancel',
  'user',
  'token',
  'key',
] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

const actor = z
  .object({
    kind: z.enum(['token', 'key', 'user', 'system']),
    id: z.string(),
    name: z.string(),
    cause: z.string().optional().meta({ description: 'what it was part of, as `tocsin-cause` said' }),
  })
  .meta({ id: 'Actor', description: 'a user by name is an e-mail address' });
const network = z.string().nullable().meta({ description: 'address it was done from; null when not known' });
/** Without secrets: that one was changed shows in `secretVersion` alone. */
const shown = z.record(z.string(), z.json());

export const auditEntry = z
  .object({
    id,
    at: instant,
    actor,
    network,
    kind: z.enum(AUDIT_KINDS),
    action: z.string().meta({ example: 'changed' }),
    entityId: id,
    entityName: z.string().nullable(),
    before: shown
      .nullable()
      .meta({ description: 'the fields that were changed, as they were; long text is cut' }),
    after: shown.nullable().meta({ description: 'the same fields as they are since' }),
    chain: z
      .object({ name: z.enum(['config', 'access']), position: z.int(), hash: z.string() })
      .nullable()
      .meta({
        description:
          'its place in the hash chain: what was altered or removed shows; null when it is bound to nothing, which `tocsin verify` tells',
      }),
  })
  .meta({ id: 'AuditEntry' });

export const auditQuery = z.strictObject({
  ...pageQuery,
  actor: z.string().min(1).max(255).optional().meta({ description: 'id or name' }),
  kind: z.enum(AUDIT_KINDS).optional(),
  entityId: id.optional(),
  cause: cause.optional().meta({ description: 'how `tocsin-cause` began' }),
  from: instantInput.optional(),
  to: instantInput.optional(),
});
export const auditPage = pageOf(auditEntry);
const { limit: _limit, cursor: _cursor, ...exported } = auditQuery.shape;
export const auditExportQuery = z.strictObject(exported);
export const auditCursor = cursorFor('audit', z.tuple([instant, id]));

export const revision = z
  .object({
    revision: z.int().min(1),
    changedAt: instant,
    changedBy: actor,
    network,
    document: shown.meta({ description: 'as it was, without its secrets' }),
  })
  .meta({ id: 'Revision' });

export const revisionQuery = z.strictObject(pageQuery);
export const revisionPage = pageOf(revision);
export const revisionCursor = cursorFor('revisions', z.tuple([z.int().min(1)]));

export type Actor = z.output<typeof actor>;
export type AuditEntry = z.output<typeof auditEntry>;
export type AuditQuery = z.output<typeof auditQuery>;
export type Revision = z.output<typeof revision>;
