import type { NewEvent } from '@tocsin/contracts';
import { unnest } from '@tocsin/database';
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
  await sql`create table ${sql.table(`${table.schema}.${table.name}_relay`)} (
    stream text primary key, stream_created_at timestamptz not null)`.execute(tx);
  if (!table.chained) return;
  await sql`create table ${headsAt(table)} (
    chain text primary key, position bigint not null, hash text not null)`.execute(tx);
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
  const fresh = await withoutKnown(db, table, appends);
  if (fresh.length === 0) return 0;
  if (table.chained) await insertChained(db, table, fresh);
  else await insertPlain(db, table, fresh);
  // Whoever appends has decided something that others will be told: it is on disk before it is published.
  await sql`select pg_notify(${wakeChannel(table.schema)}, ''), set_config('synchronous_commit', 'on', true)`.execute(
    db,
  );
  return fresh.length;
}

async function withoutKnown(
  tx: Transaction<unknown>,
  table: EventTable,
  appends: readonly Append[],
): Promise<Append[]> {
  const byId = new Map(appends.map((append) => [append.event.id, append]));
  const { rows } = await sql<{ id: string }>`
    select id from ${at(table)} where id = any(${[...byId.keys()]}::uuid[])`.execute(tx);
  for (const { id } of rows) byId.delete(id);
  return [...byId.values()];
}

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

async function insertPlain(
  tx: Transaction<unknown>,
  table: EventTable,
  appends: readonly Append[],
): Promise<void> {
  await sql`insert into ${at(table)} (id, type, source, subject, entity_id, time, traceparent, data)
    select * from ${unnest('e', COLUMN_TYPES, appends.map(columnsOf))}
    on conflict (id) do nothing`.execute(tx);
}

async function insertChained(
  tx: Transaction<unknown>,
  table: EventTable,
  appends: readonly Append[],
): Promise<void> {
  const chains = [...new Set(appends.map(({ chain }) => chain ?? ''))].toSorted();
  await sql`insert into ${headsAt(table)} (chain, position, hash)
    select chain, 0, ${GENESIS} from unnest(${chains}::text[]) as c(chain) on conflict do nothing`.execute(
    tx,
  );
  const { rows } = await sql<{ chain: string; position: number; hash: string }>`
    select chain, position, hash from ${headsAt(table)} where chain = any(${chains}::text[])
    order by chain for update`.execute(tx);
  const heads = new Map(rows.map((row) => [row.chain, row]));
  const inserted = appends.map((append) => {
    const chain = append.chain ?? '';
    const head = heads.get(chain);
    if (head === undefined) throw new Error(`chain ${chain} of ${table.schema}.${table.name} has no head`);
    const columns = columnsOf(append);
    const row = {
      chain,
      position: head.position + 1,
      ...columns,
      prev_hash: head.hash,
      hash: chainHash(head.hash, columns),
    };
    heads.set(chain, row);
    return row;
  });
  const types = {
    chain: 'text',
    position: 'int8',
    ...COLUMN_TYPES,
    prev_hash: 'text',
    hash: 'text',
  } as const;
  await sql`insert into ${at(table)} (chain, position, id, type, source, subject, entity_id, time, traceparent, data, prev_hash, hash)
    select * from ${unnest('e', types, inserted)}`.execute(tx);
  await sql`update ${headsAt(table)} as h set position = e.position, hash = e.hash
    from ${unnest('e', { chain: 'text', position: 'int8', hash: 'text' }, [...heads.values()])}
    where h.chain = e.chain`.execute(tx);
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
