import { shardLocks } from '@tocsin/database';
import { ALL_SHARDS } from '@tocsin/kernel';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { EventLog } from './event-log.js';
import type { Projection } from './projection.js';
import { projectionStore } from './projection.store.js';

export interface RebuildOptions<DB> {
  readonly projection: Projection;
  readonly db: Kysely<DB>;
  readonly log: EventLog;
  /** empties the tables the projection folds into, and nothing else */
  readonly empty: (tx: Transaction<DB>) => Promise<void>;
}

/**
 * Empties the tables and puts the checkpoints to 0 in one transaction; the service, started again, then folds
 * everything, in mode `rebuild` up to where the streams end now.
 * @throws when a replica still holds shards: stop the service first
 */
export async function startRebuild<DB>({ projection, db, log, empty }: RebuildOptions<DB>): Promise<void> {
  const streams = await Promise.all(
    projection.inputs.map(async ({ stream }) => ({
      stream,
      last: (await log.describe(stream)).lastSequence,
    })),
  );
  await db.connection().execute(async (connection) => {
    const locks = shardLocks(connection, `projection:${projection.schema}:${projection.name}`);
    try {
      await locks.rebalance();
      if (locks.owned().length < ALL_SHARDS.length)
        throw new Error(
          `another process holds shards of ${projection.name}: stop every replica of its service, then rebuild`,
        );
      await connection.transaction().execute(async (tx) => {
        await empty(tx);
        const store = projectionStore(projection.schema, projection.name);
        await store.startOver(tx as unknown as Transaction<unknown>, streams);
      });
    } finally {
      await sql`select pg_advisory_unlock_all()`.execute(connection);
    }
  });
}
