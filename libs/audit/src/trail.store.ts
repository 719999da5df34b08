import { AUDITOR_ROLE, grantSelect, unnest } from '@tocsin/database';
import { type Kysely, sql, type Transaction } from 'kysely';
import {
  type BrokenTrail,
  TRAIL_GENESIS,
  TRAIL_TABLES,
  type TrailRow,
  type TrailTable,
  trailHash,
} from './trail.js';

const PAGE = 5000;
const TABLES = Object.keys(TRAIL_TABLES) as TrailTable[];

/** For the migrations of whoever owns the tables: makes the chain, and takes in the rows that are there. */
export async function createTrail(tx: Transaction<unknown>): Promise<void> {
  await sql`create table auth.trail (
    position bigint primary key,
    source text not null,
    row_id uuid not null,
    prev_hash text not null,
    hash text not null,
    unique (source, row_id)
  )`.execute(tx);
  await sql`create table auth.trail_head (
    one bool primary key default true check (one), position bigint not null, hash text not null)`.execute(tx);
  await sql`insert into auth.trail_head (position, hash) values (0, ${TRAIL_GENESIS})`.execute(tx);
  await grantSelect(tx, AUDITOR_ROLE, 'auth', ['trail', 'trail_head', 'change']);
  await grantSelect(tx, AUDITOR_ROLE, 'config', ['event_origin']);
  for (const table of TABLES) {
    const { rows } = await sql<Record<string, string>>`select * from ${sql.table(table)}
      order by ${sql.ref(TRAIL_TABLES[table])}`.execute(tx);
    await appendToTrail(
      tx,
      rows.map((row) => ({ table, id: row[TRAIL_TABLES[table]] ?? '', row })),
    );
  }
}

/** In the transaction that writes the rows; those who write take turns. */
export async function appendToTrail<DB>(given: Transaction<DB>, rows: readonly TrailRow[]): Promise<void> {
  if (rows.length === 0) return;
  const tx = given as unknown as Transaction<unknown>;
  const { rows: heads } = await sql<{ position: number; hash: string }>`
    select position, hash from auth.trail_head for update`.execute(tx);
  let head = heads[0];
  if (head === undefined) throw new Error('auth.trail_head is empty: the audit trail has lost its end');
  const links = rows.map((row) => {
    const { position: before, hash: previous } = head!;
    head = { position: before + 1, hash: trailHash(previous, row) };
    return { ...head, source: row.table, row_id: row.id, prev_hash: previous };
  });
  const types = {
    position: 'int8',
    source: 'text',
    row_id: 'uuid',
    prev_hash: 'text',
    hash: 'text',
  } as const;
  await sql`insert into auth.trail (position, source, row_id, prev_hash, hash)
    select * from ${unnest('l', types, links)}`.execute(tx);
  await sql`update auth.trail_head set position = ${head.position}, hash = ${head.hash}`.execute(tx);
}

interface Link {
  readonly position: number;
  readonly source: TrailTable;
  readonly row_id: string;
  readonly prev_hash: string;
  readonly hash: string;
}

/** @returns the first thing that is not as it was written; undefined when all of it is */
export async function verifyTrail(db: Kysely<unknown>): Promise<BrokenTrail | undefined> {
  let previous = TRAIL_GENESIS;
  let position = 0;
  for (;;) {
    const { rows: links } = await sql<Link>`select * from auth.trail where position > ${position}
      order by position limit ${PAGE}`.execute(db);
    const found = await rowsOf(db, links);
    for (const link of links) {
      position += 1;
      const about = { position, table: link.source, id: link.row_id };
      if (link.position !== position || link.prev_hash !== previous)
        return { ...about, reason: 'link_deleted' };
      const row = found.get(keyOf(link.source, link.row_id));
      if (row === undefined) return { ...about, reason: 'deleted' };
      const hash = trailHash(previous, { table: link.source, id: link.row_id, row });
      if (hash !== link.hash) return { ...about, reason: 'altered' };
      previous = hash;
    }
    if (links.length < PAGE) break;
  }
  return (await truncated(db, { position, hash: previous })) ?? (await inserted(db));
}

const keyOf = (table: string, id: string) => `${table} ${id}`;

async function rowsOf(db: Kysely<unknown>, links: readonly Link[]): Promise<Map<string, object>> {
  const found = new Map<string, object>();
  for (const table of TABLES) {
    const key = TRAIL_TABLES[table];
    const ids = links.filter(({ source }) => source === table).map(({ row_id: id }) => id);
    const { rows } = await sql<Record<string, string>>`
      select * from ${sql.table(table)} where ${sql.ref(key)} = any(${ids}::uuid[])`.execute(db);
    for (const row of rows) found.set(keyOf(table, row[key] ?? ''), row);
  }
  return found;
}

async function truncated(
  db: Kysely<unknown>,
  end: { position: number; hash: string },
): Promise<BrokenTrail | undefined> {
  const { rows } = await sql<{ position: number; hash: string }>`
    select position, hash from auth.trail_head`.execute(db);
  const [head] = rows;
  if (head?.position === end.position && head.hash === end.hash) return undefined;
  return { position: end.position + 1, table: 'auth.change', id: '', reason: 'truncated' };
}

async function inserted(db: Kysely<unknown>): Promise<BrokenTrail | undefined> {
  for (const table of TABLES) {
    const key = sql.ref(`r.${TRAIL_TABLES[table]}`);
    const { rows } = await sql<{ id: string }>`
      select ${key} as id from ${sql.table(table)} as r
      where not exists (select from auth.trail t where t.source = ${table} and t.row_id = ${key})
      order by 1 limit 1`.execute(db);
    if (rows[0] !== undefined) return { position: 0, table, id: rows[0].id, reason: 'inserted' };
  }
  return undefined;
}

/** An api of before there was one has none. */
export async function hasTrail(db: Kysely<unknown>): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass('auth.trail') is not null as there`.execute(db);
  return rows[0]?.there === true;
}

/** Where the trail ends; undefined when nothing is in it. */
export async function trailEnd(db: Kysely<unknown>): Promise<{ position: number; hash: string } | undefined> {
  if (!(await hasTrail(db))) return undefined;
  const { rows } = await sql<{ position: number; hash: string }>`
    select position, hash from auth.trail order by position desc limit 1`.execute(db);
  return rows[0];
}

export async function trailHashAt(db: Kysely<unknown>, position: number): Promise<string | undefined> {
  const { rows } = await sql<{ hash: string }>`
    select hash from auth.trail where position = ${position}`.execute(db);
  return rows[0]?.hash;
}
