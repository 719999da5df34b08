import type { Status } from '@tocsin/monitoring';
import { type RawBuilder, sql } from 'kysely';
import { hasStatus, type TargetStatus } from '../reading/target-status.store.js';
import type { Database } from '../wiring.js';

/** Of what was made just now: nobody can have seen it. */
export const UNSEEN: TargetStatus = { status: 'pending', lastCheckAt: null, lastStatusChangeAt: null };

/** What a person did is true at once, whether or not the results service has folded it. */
export function statusOf(enabled: boolean, seen: Status): Status {
  if (!enabled) return 'paused';
  return seen === 'paused' ? 'pending' : seen;
}

/** `statusOf` as a condition, for a list whose table is called `t`. */
export async function statusIs(db: Database, status: Status): Promise<RawBuilder<boolean>> {
  if (status === 'paused') return sql<boolean>`not t.enabled`;
  const seen = await hasStatus(db, sql.ref('t.id'), status);
  if (status !== 'pending') return sql<boolean>`(t.enabled and ${seen})`;
  const paused = await hasStatus(db, sql.ref('t.id'), 'paused');
  return sql<boolean>`(t.enabled and (${seen} or ${paused}))`;
}

/** `like` pattern for text that is not one. */
export const containing = (text: string): string => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
