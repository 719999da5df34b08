import type { NewEvent } from '@tocsin/contracts';
import { AUDITOR_ROLE, grantSelect, unnest } from '@tocsin/database';
import type { Instant } from '@tocsin/kernel';
import { type Kysely, sql, type Transaction } from 'kysely';
import { chainHash, GENESIS } from './chain.js';
import type { EventRow, EventTable } from './event-table.js';

const at = (table: EventTable) => sql.table(`${table.schema}.${table.name}`);
const headsAt = (table: EventTable) => sql.table(`${table.schema}.${table.name}_chain`);

/** The channel that wakes the relay of a schema. */
export const wakeChannel = (schema: string): string => `tocsin_${schema}_relay`;

/** For migrations. `position` of a chained table counts from 1 within its chain. */
export async function createEventTable(tx: Transaction<unknown>, table: EventTable): Promise<void> {
  await sql`create table ${at(table)} (
    chain text not null default '',
    position bigint not null ${table.chained ? sql`` : sql`generated always as identity`},
    id uuid not null unique,
    type text not null,
    source text not null,
    subject text not null,
    entity_id uuid not null,
    time timestamptz not null,
    traceparent text,
    data text not null,
    prev_hash text,
    hash text,
    stream_seq bigint,
    primary key (chain, position)
  )`.execute(tx);
  const index = (suffix: string) => sql.id(`${table.name}_${suffix}`);
  await sql`create index ${index('to_publish')} on ${at(table)} (chain, position) where stream_seq is null`.execute(
    tx,
  );
  await sql`create index ${index('published')} on ${at(table)} (stream_seq desc) where stream_seq is not null`.execute(
    tx,
  );
  await sql`create index ${index('entity')} on ${at(table)} (entity_id)`.execute(tx);
  if (!table.chained) return;
  await sql`create table ${headsAt(table)} (
    chain text primary key, position bigint not null, hash text not null)`.execute(tx);
  await grantSelect(tx, AUDITOR_ROLE, table.schema, [table.name, `${table.name}_chain`]);
}

export interface Append {
  readonly event: NewEvent;
  /** chained tables: which chain; writers of one chain take turns */
  readonly chain?: string;
}

/**
 * Appends in the caller's transaction; events whose id the table has are skipped. The relay is woken by the commit.
 * @returns how many were new
 */
export async function appendEvents<DB>(
  tx: Transaction<DB>,
  table: EventTable,
  appends: readonly Append[],
): Promise<number> {
  if (appends.length === 0) return 0;
  const db = tx as unknown as Transaction<unknown>;
  const distinct = new Map(appends.map((append) => [append.event.id, append]));
  return table.chained
    ? await appendChained(db, table, distinct)
    : await appendPlain(db, table, [...distinct.values()]);
}

/** Whoever appends has decided something that others will be told: it is on disk before it is published. */
const wakeRelay = (table: EventTable) =>
  sql`pg_notify(${wakeChannel(table.schema)}, ''), set_config('synchronous_commit', 'on', true)`;

const columnsOf = ({ event }: Append) => ({
  id: event.id,
  type: event.type,
  source: event.source,
  subject: event.natsSubject,
  entity_id: event.entityId,
  time: event.time,
  traceparent: event.traceparent ?? null,
  data: JSON.stringify(event.data),
});

const COLUMN_TYPES = {
  id: 'uuid',
  type: 'text',
  source: 'text',
  subject: 'text',
  entity_id: 'uuid',
  time: 'timestamptz',
  traceparent: 'text',
  data: 'text',
} as const;

async function appendPlain(
  tx: Transaction<unknown>,
  table: EventTable,
  appends: readonly Append[],
): Promise<number> {
  const { rows } = await sql<{ added: number }>`
    with added as (
      insert into ${at(table)} (id, type, source, subject, entity_id, time, traceparent, data)
      select * from ${unnest('e', COLUMN_TYPES, appends.map(columnsOf))}
      on conflict (id) do nothing returning id)
    select (select count(*)::int from added) as added, ${wakeRelay(table)}`.execute(tx);
  return rows[0]?.added ?? 0;
}

interface Head {
  readonly chain: string;
  readonly position: number;
  readonly hash: string;
}

/** Locks the ends of the chains. @returns them, and which of the ids the table has */
async function takeHeads(
  tx: Transaction<unknown>,
  table: EventTable,
  chains: readonly string[],
  ids: readonly string[],
): Promise<{ heads: Map<string, Head>; known: readonly string[] }> {
  const { rows } = await sql<Head & { known: string[] }>`
    select chain, position, hash, array(select id::text from ${at(table)} where id = any(${ids}::uuid[])) as known
    from ${headsAt(table)} where chain = any(${chains}::text[]) order by chain for update`.execute(tx);
  if (rows.length === chains.length)
    return { heads: new Map(rows.map((row) => [row.chain, row])), known: rows[0]?.known ?? [] };
  await sql`insert into ${headsAt(table)} (chain, position, hash)
    select chain, 0, ${GENESIS} from unnest(${chains}::text[]) as c(chain) on conflict do nothing`.execute(
    tx,
  );
  return await takeHeads(tx, table, chains, ids);
}

async function appendChained(
  tx: Transaction<unknown>,
  table: EventTable,
  appends: ReadonlyMap<string, Append>,
): Promise<number> {
  const chains = [...new Set([...appends.values()].map(({ chain }) => chain ?? ''))].toSorted();
  const { heads, known } = await takeHeads(tx, table, chains, [...appends.keys()]);
  const rows = [...appends.values()]
    .filter(({ event }) => !known.includes(event.id))
    .map((append) => {
      const chain = append.chain ?? '';
      const head = heads.get(chain);
      if (head === undefined) throw new Error(`chain ${chain} of ${table.schema}.${table.name} has no head`);
      const columns = columnsOf(append);
      const position = head.position + 1;
      const row = { chain, position, ...columns, prev_hash: head.hash, hash: chainHash(head.hash, columns) };
      heads.set(chain, row);
      return row;
    });
  if (rows.length === 0) return 0;
  const types = {
    chain: 'text',
    position: 'int8',
    ...COLUMN_TYPES,
    prev_hash: 'text',
    hash: 'text',
  } as const;
  await sql`
    with added as (
      insert into ${at(table)} (chain, position, id, type, source, subject, entity_id, time, traceparent, data, prev_hash, hash)
      select * from ${unnest('e', types, rows)}),
    moved as (
      update ${headsAt(table)} as h set position = n.position, hash = n.hash
      from ${unnest('n', { chain: 'text', position: 'int8', hash: 'text' }, [...heads.values()])}
      where h.chain = n.chain)
    select ${wakeRelay(table)}`.execute(tx);
  return rows.length;
}

/** Rows that the stream has not got, oldest first of each chain. */
export async function rowsToPublish(
  db: Kysely<unknown>,
  table: EventTable,
  limit: number,
): Promise<EventRow[]> {
  const { rows } = await sql<EventRow>`
    select * from ${at(table)} where stream_seq is null order by chain, position limit ${limit}`.execute(db);
  return rows;
}

export async function markPublished(
  db: Kysely<unknown>,
  table: EventTable,
  published: readonly { id: string; stream_seq: number }[],
): Promise<void> {
  if (published.length === 0) return;
  await sql`update ${at(table)} as t set stream_seq = p.stream_seq
    from ${unnest('p', { id: 'uuid', stream_seq: 'int8' }, published)} where t.id = p.id`.execute(db);
}

/** Drops what a plain table has kept long enough. @returns rows dropped */
export async function prune(db: Kysely<unknown>, table: EventTable, now: Instant): Promise<number> {
  if (table.keepMs === undefined) return 0;
  const { numAffectedRows } = await sql`delete from ${at(table)}
    where stream_seq is not null and time < ${now}::timestamptz - ${table.keepMs} * interval '1 millisecond'`.execute(
    db,
  );
  return Number(numAffectedRows ?? 0);
}

export function rowToEvent(row: EventRow): NewEvent {
  return {
    type: row.type,
    id: row.id,
    source: row.source,
    time: row.time,
    natsSubject: row.subject,
    entityId: row.entity_id,
    data: JSON.parse(row.data) as NewEvent['data'],
    ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
  } as NewEvent;
}
