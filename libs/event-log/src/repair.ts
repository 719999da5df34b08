import { STREAMS } from '@tocsin/contracts';
import { type Kysely, sql } from 'kysely';
import type { EventLog } from './event-log.js';
import type { EventTable } from './event-table.js';

/** Rows compared with the stream at a time. */
const STEP = 100;

const workQueues = STREAMS.filter(({ retention }) => retention === 'workqueue').map(({ name }) => name);

/**
 * Compares a table with its stream, from the newest published row back to the first that both have, and marks what the
 * stream has lost as unpublished: a single node's answer is no promise across a power cut.
 * @returns how many rows are to be published again
 */
export async function repairTable(db: Kysely<unknown>, log: EventLog, table: EventTable): Promise<number> {
  // What was taken from a work queue is gone from it, and looks like what was lost: repeated, it would be done again.
  if (workQueues.includes(table.stream)) return 0;
  const events = sql.table(`${table.schema}.${table.name}`);
  const state = await log.describe(table.stream);
  let firstLost: number | undefined;
  for (let below = Number.MAX_SAFE_INTEGER; ; ) {
    const { rows } = await sql<{ id: string; stream_seq: number }>`
      select id, stream_seq from ${events} where stream_seq is not null and stream_seq < ${below}
      order by stream_seq desc limit ${STEP}`.execute(db);
    let met = rows.length < STEP;
    for (const row of rows) {
      // What the stream dropped by its own limits was not lost.
      if (row.stream_seq < state.firstSequence && row.stream_seq <= state.lastSequence) met = true;
      else if (row.stream_seq <= state.lastSequence)
        met = (await log.messageAt(table.stream, row.stream_seq))?.header('ce-id') === row.id;
      else met = false;
      if (met) break;
      firstLost = row.stream_seq;
    }
    below = rows.at(-1)?.stream_seq ?? 0;
    if (met || rows.length < STEP) break;
  }
  if (firstLost === undefined) return 0;
  const { numAffectedRows } = await sql`
    update ${events} set stream_seq = null where stream_seq >= ${firstLost}`.execute(db);
  return Number(numAffectedRows ?? 0);
}
