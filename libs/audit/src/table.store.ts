import type { StreamName } from '@tocsin/contracts';
import type { EventRow } from '@tocsin/event-log';
import type { Shard } from '@tocsin/kernel';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Head } from './chain-check.js';
import { type ChainedTable, EVALUATOR } from './chained-table.js';

/** A page holds a few MB at most of rows that are a few KB each. */
const PAGE = 2000;

const rowsAt = ({ schema, name }: ChainedTable) => sql.table(`${schema}.${name}`);
const headsAt = ({ schema, name }: ChainedTable) => sql.table(`${schema}.${name}_chain`);

/** All tables as they are at one instant. It may take as long as it takes, and writes nothing. */
export async function inSnapshot<T>(
  db: Kysely<unknown>,
  work: (tx: Transaction<unknown>) => Promise<T>,
): Promise<T> {
  return await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx);
      return await work(tx);
    });
}

/** The ends of the chains, and chains that have rows and no end. */
export async function loadHeads(db: Kysely<unknown>, table: ChainedTable): Promise<Head[]> {
  const { rows } = await sql<Head>`
    select chain, coalesce(h.position, 0) as position, coalesce(h.hash, '') as hash
    from ${headsAt(table)} as h full join (select distinct chain from ${rowsAt(table)}) as r using (chain)
    order by chain`.execute(db);
  return rows;
}

/** Rows of a chain, first to last. */
export async function* rowsOfChain(
  db: Kysely<unknown>,
  table: ChainedTable,
  chain: string,
): AsyncGenerator<EventRow> {
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const { rows } = await sql<EventRow>`select * from ${rowsAt(table)}
      where chain = ${chain} and position > ${after} order by position limit ${PAGE}`.execute(db);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.position;
  }
}

/** Published rows in the order of the stream. */
export async function* rowsOfStream(db: Kysely<unknown>, table: ChainedTable): AsyncGenerator<EventRow> {
  for (let [after, chain, position] = [0, '', 0]; ; ) {
    const { rows } = await sql<EventRow>`select * from ${rowsAt(table)}
      where stream_seq is not null and (stream_seq, chain, position) > (${after}, ${chain}, ${position})
      order by stream_seq, chain, position limit ${PAGE}`.execute(db);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    [after, chain, position] = [last.stream_seq ?? 0, last.chain, last.position];
  }
}

export async function rowsById(
  db: Kysely<unknown>,
  table: ChainedTable,
  ids: readonly string[],
): Promise<Map<string, EventRow>> {
  const { rows } = await sql<EventRow>`
    select * from ${rowsAt(table)} where id::text = any(${ids}::text[])`.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}

export async function rowAt(
  db: Kysely<unknown>,
  table: ChainedTable,
  chain: string,
  position: number,
): Promise<EventRow | undefined> {
  const { rows } = await sql<EventRow>`select * from ${rowsAt(table)}
    where chain = ${chain} and position = ${position}`.execute(db);
  return rows[0];
}

export async function countRows(
  db: Kysely<unknown>,
  table: ChainedTable,
): Promise<{ all: number; waiting: number }> {
  const { rows } = await sql<{ all: number; waiting: number }>`
    select count(*) as all, count(*) filter (where stream_seq is null) as waiting from ${rowsAt(table)}`.execute(
    db,
  );
  return rows[0] ?? { all: 0, waiting: 0 };
}

/** Rows that were never published, although later ones of the same entity were: a relay does not pass over one. */
export async function passedOver(db: Kysely<unknown>, table: ChainedTable): Promise<EventRow[]> {
  const { rows } = await sql<EventRow>`select w.* from ${rowsAt(table)} as w
    where w.stream_seq is null and exists (
      select from ${rowsAt(table)} as p where p.entity_id = w.entity_id and p.chain = w.chain
        and p.position > w.position and p.stream_seq is not null)
    order by w.chain, w.position limit 50`.execute(db);
  return rows;
}

/** Up to where the evaluator has decided a stream; what a rebuild folds again was decided before. */
export async function loadFolded(db: Kysely<unknown>, stream: StreamName): Promise<Map<Shard, number>> {
  const { rows } = await sql<{ shard: Shard; folded: number }>`
    select shard, greatest(seq, rebuild_until) as folded from ${sql.table(`${EVALUATOR.schema}.checkpoint`)}
    where projection = ${EVALUATOR.projection} and stream = ${stream}`.execute(db);
  return new Map(rows.map(({ shard, folded }) => [shard, folded]));
}

export interface PutAside {
  readonly stream: StreamName;
  readonly seq: number;
  readonly subject: string;
  readonly wasReplayed: boolean;
}

/** What the evaluator could not fold. */
export async function loadPutAside(db: Kysely<unknown>): Promise<PutAside[]> {
  const { rows } = await sql<PutAside>`
    select stream, seq, subject, replayed_at is not null as "wasReplayed"
    from ${sql.table(`${EVALUATOR.schema}.dead_letter`)} where projection = ${EVALUATOR.projection}`.execute(
    db,
  );
  return rows;
}
