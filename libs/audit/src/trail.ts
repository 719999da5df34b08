import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

/** Tables of the audit trail that are beside the log, because they hold what every service need not know for ever. */
export const TRAIL_TABLES = {
  /** who may do what: users, tokens, keys */
  'auth.change': 'id',
  /** the network that a change of configuration came from */
  'config.event_origin': 'event_id',
} as const;
export type TrailTable = keyof typeof TRAIL_TABLES;

/** What the first row is bound to. */
export const TRAIL_GENESIS = '0'.repeat(64);

/** A row of one of them, and which. */
export interface TrailRow {
  readonly table: TrailTable;
  readonly id: string;
  /** all of its columns */
  readonly row: object;
}

/** SHA-256, hex, over the hash before and the row: altering, removing or swapping rows breaks every hash after. */
export function trailHash(previous: string, { table, id, row }: TrailRow): string {
  return createHash('sha256')
    .update(canonicalJson([previous, table, id, row]))
    .digest('hex');
}

export interface BrokenTrail {
  readonly position: number;
  readonly table: TrailTable;
  readonly id: string;
  readonly reason: 'altered' | 'deleted' | 'inserted' | 'link_deleted' | 'truncated';
}
