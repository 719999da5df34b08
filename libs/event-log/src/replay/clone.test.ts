import { randomUUID } from 'node:crypto';
import { connectDatabase } from '@tocsin/database';
import { freshDatabase } from '@tocsin/testing';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { cloneTable, dropRepeats, indexTable, keepTable } from './clone.store.js';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Kysely<unknown>;
/** Roles are those of the whole server: one of a name that no other test has. */
const reader = `reader_${randomUUID().replaceAll('-', '')}`;

beforeAll(async () => {
  database = await freshDatabase(inject('pgUrl'));
  db = connectDatabase<unknown>({ databaseUrl: database.url, name: 'test' });
  await sql`create role ${sql.id(reader)}`.execute(db);
  await sql`create schema live`.execute(db);
  await sql`create schema beside`.execute(db);
  await sql`create table live.plain (
    id uuid primary key,
    n bigint generated always as identity,
    kind text not null default 'none' check (kind <> ''),
    at timestamptz
  ) with (fillfactor = 50)`.execute(db);
  await sql`create unique index one_open on live.plain (kind) where at is null`.execute(db);
  await sql`create index by_age on live.plain using brin (at)`.execute(db);
  await sql`create table live.parted (
    id uuid not null, day timestamptz not null, primary key (id, day)
  ) partition by range (day)`.execute(db);
  await sql`create index parted_day on live.parted (day desc)`.execute(db);
  await sql`create table live.parted_1 partition of live.parted
    for values from ('2026-01-01') to ('2026-01-02')`.execute(db);
  await sql`grant select on live.plain, live.parted to ${sql.id(reader)}`.execute(db);
});
afterAll(async () => {
  await sql`drop owned by ${sql.id(reader)}`.execute(db);
  await sql`drop role ${sql.id(reader)}`.execute(db);
  await db.destroy();
  await database.drop();
});

/** All that makes a table what it is, but for its schema. */
async function formOf(schema: string): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    select concat_ws(' ', c.relname, c.relkind, c.relpersistence, c.reloptions, a.attname, format_type(a.atttypid, a.atttypmod),
      a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid)) as line
    from pg_class as c join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0
      left join pg_attrdef as d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = ${schema}::regnamespace and c.relkind in ('r', 'p')
    union all select concat_ws(' ', tablename, indexname, replace(indexdef, ${`${schema}.`}, ''))
      from pg_indexes where schemaname = ${schema} and tablename !~ '_1$'
    union all select concat_ws(' ', conrelid::regclass::text ~ 'parted', conname, pg_get_constraintdef(k.oid))
      from pg_constraint as k where connamespace = ${schema}::regnamespace and conname !~ '_1_'
    union all select concat_ws(' ', table_name, grantee, privilege_type) from information_schema.role_table_grants
      where table_schema = ${schema} and grantee = ${reader}
    order by 1`.execute(db);
  return rows.map(({ line }) => line);
}

describe('a table beside another', () => {
  it('has the form of the other in everything, its keys and indexes by the same names', async () => {
    await db.transaction().execute(async (tx) => {
      for (const table of ['plain', 'parted']) {
        await cloneTable(tx, 'live', 'beside', table);
        await indexTable(tx, 'live', 'beside', table);
        await keepTable(tx, 'beside', table);
      }
    });
    const form = await formOf('live');
    expect(form.length).toBeGreaterThan(20);
    expect(await formOf('beside')).toEqual(form);
  });

  it('keeps of rows that came twice the first, once it gets its key', async () => {
    await sql`create schema late`.execute(db);
    await db.transaction().execute(async (tx) => {
      await cloneTable(tx, 'live', 'late', 'plain');
      await sql`insert into late.plain (id, kind, at) values
        ('00000000-0000-4000-8000-000000000001', 'first', now()),
        ('00000000-0000-4000-8000-000000000002', 'only', now()),
        ('00000000-0000-4000-8000-000000000001', 'second', now())`.execute(tx);
      expect(await dropRepeats(tx, 'late', 'plain', ['id'])).toBe(1);
      await indexTable(tx, 'live', 'late', 'plain');
    });
    const { rows } = await sql<{ kind: string }>`select kind from late.plain order by id`.execute(db);
    expect(rows.map(({ kind }) => kind)).toEqual(['first', 'only']);
  });
});
