import type { Kysely, Transaction } from 'kysely';
import type { EventLog } from './event-log.js';
import type { Projection } from './projection.js';

export interface RebuildOptions<DB> {
  readonly projection: Projection;
  readonly db: Kysely<DB>;
  readonly log: EventLog;
  /** empties the tables the projection folds into, and nothing else */
  readonly empty: (tx: Transaction<DB>) => Promise<void>;
}

/**
 * Empties the tables and puts the checkpoints to 0 in one transaction; the running service then folds everything again,
 * in mode `rebuild` up to where the streams ended now.
 * @throws when a replica still holds shards: stop the service first
 */
export async function startRebuild<DB>(_options: RebuildOptions<DB>): Promise<void> {
  throw new Error('not written yet');
}
