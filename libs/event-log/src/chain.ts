import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { EventRow, EventTable } from './event-table.js';

/** What the first row of a chain is bound to. */
export const GENESIS = '0'.repeat(64);

type Hashed = Pick<EventRow, 'id' | 'type' | 'source' | 'subject' | 'entity_id' | 'time' | 'data'>;

/** SHA-256, hex, over the hash before and the row: changing, removing or swapping rows breaks every hash after. */
export function chainHash(previous: string, row: Hashed): string {
  const parts = [previous, row.id, row.type, row.source, row.subject, row.entity_id, row.time, row.data];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

export interface BrokenLink {
  readonly chain: string;
  readonly position: number;
  readonly reason: 'hash_differs' | 'previous_differs' | 'position_missing';
}

/** Recomputes every chain of a table. @returns the first broken link of each chain; empty when all is as it was written */
export async function verifyChains(db: Kysely<unknown>, table: EventTable): Promise<BrokenLink[]> {
  const broken: BrokenLink[] = [];
  const { rows: heads } = await sql<{ chain: string; position: number }>`
    select chain, position from ${sql.table(`${table.schema}.${table.name}_chain`)} order by chain`.execute(
    db,
  );
  for (const head of heads) {
    const link = await verifyChain(db, table, head.chain, head.position);
    if (link !== undefined) broken.push(link);
  }
  return broken;
}

async function verifyChain(
  db: Kysely<unknown>,
  table: EventTable,
  chain: string,
  length: number,
): Promise<BrokenLink | undefined> {
  let previous = GENESIS;
  for (let position = 0; position < length; ) {
    const { rows } = await sql<EventRow>`
      select * from ${sql.table(`${table.schema}.${table.name}`)}
      where chain = ${chain} and position > ${position} order by position limit 5000`.execute(db);
    if (rows.length === 0) return { chain, position: position + 1, reason: 'position_missing' };
    for (const row of rows) {
      position += 1;
      if (row.position !== position) return { chain, position, reason: 'position_missing' };
      if (row.prev_hash !== previous) return { chain, position, reason: 'previous_differs' };
      if (row.hash !== chainHash(previous, row)) return { chain, position, reason: 'hash_differs' };
      previous = row.hash;
    }
  }
  return undefined;
}
