import type { Kysely } from 'kysely';
import type { Difference } from './difference.js';
import { hasTrail, verifyTrail } from './trail.store.js';

const SENTENCES = {
  altered: 'a row of the audit trail was altered',
  deleted: 'a row of the audit trail was deleted',
  inserted: 'a row of the audit trail is bound to nothing: it was put in',
  link_deleted: 'a link of the audit trail is missing or was changed',
  truncated: 'the end of the audit trail was cut off',
} as const;

/** The first thing of the audit trail that is not as it was written. */
export async function trailDifference(db: Kysely<unknown>): Promise<Difference | undefined> {
  if (!(await hasTrail(db))) return undefined;
  const broken = await verifyTrail(db);
  if (broken === undefined) return undefined;
  const { reason, table, id, position } = broken;
  return {
    place: 'trail',
    kind: reason === 'link_deleted' ? 'deleted' : reason,
    stream: 'AUDIT',
    chain: table,
    position,
    eventId: id === '' ? undefined : id,
    sentence: SENTENCES[reason],
  };
}
