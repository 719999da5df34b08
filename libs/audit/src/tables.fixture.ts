import { migrate } from '@tocsin/database';
import { createEventTable, createProjectionTables } from '@tocsin/event-log';
import { ALL_SHARDS } from '@tocsin/kernel';
import { type Kysely, sql } from 'kysely';
import { CHAINED_STREAMS, tableOf } from './chained-table.js';

/** What services make for the log, and checkpoints at its beginning. */
export async function createTables(db: Kysely<unknown>): Promise<void> {
  for (const stream of CHAINED_STREAMS) {
    const table = tableOf(stream);
    await migrate(db, table.schema, [
      {
        name: '0001_tables',
        async up(tx) {
          await createEventTable(tx, table);
          if (stream !== 'ALERTS') return;
          await createProjectionTables(tx, table.schema);
          await sql`insert into evaluator.checkpoint (projection, stream, shard)
            select 'alert-evaluator', stream, shard
            from unnest(array['CONFIG', 'RESULTS']) as s(stream), unnest(${ALL_SHARDS}::text[]) as h(shard)`.execute(
            tx,
          );
        },
      },
    ]);
  }
}
