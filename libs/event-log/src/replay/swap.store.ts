import { type Kysely, sql, type Transaction } from 'kysely';
import { addPartitions, keepTable, quoted } from './clone.store.js';
import type { Replayable, SwapSchemas } from './replayable.js';

type Tx = Transaction<unknown>;

/** Shorter than Postgres takes to look for a deadlock: who has to wait for a fold gives way to it and tries again. */
const LOCK_MS = 400;

/** Tables in the order in which a fold takes them, the checkpoint last: from here on every fold waits for the commit. */
export async function holdLive(tx: Tx, { schema, tables, gates = [] }: Replayable): Promise<void> {
  const folded = tables.filter(({ role }) => role === 'folded').map(({ name }) => name);
  await sql`set local lock_timeout = ${sql.lit(LOCK_MS)}`.execute(tx);
  await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx);
  const names = [...gates, ...folded, 'checkpoint'].map((name) => sql.id(schema, name));
  await sql`lock table ${sql.join(names)} in access exclusive mode`.execute(tx);
  await sql`set local lock_timeout = 0`.execute(tx);
}

/** Whether somebody else was in the way, and it is worth trying again. */
export const wasInTheWay = (error: unknown): boolean =>
  ['55P03', '40P01'].includes((error as { code?: string } | undefined)?.code ?? '');

/** The folded tables change places; what is not folded (event tables, the service's own facts, checkpoints) stays. */
export async function swapTables(tx: Tx, replayable: Replayable, schemas: SwapSchemas): Promise<void> {
  const { live, shadow, before } = schemas;
  const folded = replayable.tables.filter(({ role }) => role === 'folded').map(({ name }) => name);
  const views = await viewsOn(tx, live, folded);
  for (const name of folded) {
    if (await isPartitioned(tx, live, name)) {
      await addPartitions(tx, live, shadow, name);
      await keepTable(tx, shadow, name);
    }
    await moveTable(tx, name, live, before);
    await moveTable(tx, name, shadow, live);
  }
  // What they mean was written down while the names still meant the old tables.
  for (const { schema, name, definition } of views)
    await sql`create or replace view ${sql.id(schema, name)} as ${sql.raw(definition)}`.execute(tx);
}

interface View {
  readonly schema: string;
  readonly name: string;
  readonly definition: string;
}

/** Views over the live tables, with every table's full name in their text. */
async function viewsOn(tx: Tx, live: string, tables: readonly string[]): Promise<View[]> {
  await sql`select set_config('search_path', '', true)`.execute(tx);
  const { rows } = await sql<View>`
    select distinct v.relnamespace::regnamespace::text as schema, v.relname as name, pg_get_viewdef(v.oid) as definition
    from pg_class as v join pg_rewrite as r on r.ev_class = v.oid
      join pg_depend as d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
      join pg_class as t on t.oid = d.refobjid and d.refclassid = 'pg_class'::regclass
    where v.relkind = 'v' and t.relnamespace = ${quoted(live)}::regnamespace and t.relname = any(${tables}::text[])
    order by v.relname`.execute(tx);
  return rows;
}

async function isPartitioned(tx: Tx, schema: string, name: string): Promise<boolean> {
  const { rows } = await sql`select from pg_class
    where oid = ${`${quoted(schema)}.${quoted(name)}`}::regclass and relkind = 'p'`.execute(tx);
  return rows.length > 0;
}

async function moveTable(tx: Tx, name: string, from: string, to: string): Promise<void> {
  const { rows: parts } = await sql<{ name: string }>`
    select c.relname as name from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
    where i.inhparent = ${`${quoted(from)}.${quoted(name)}`}::regclass`.execute(tx);
  for (const table of [name, ...parts.map((part) => part.name)])
    await sql`alter table ${sql.id(from, table)} set schema ${sql.id(to)}`.execute(tx);
}

/** Which session is behind a lock that was not to be had, for the message. */
export async function whoHolds(db: Kysely<unknown>, { schema, tables }: Replayable): Promise<string> {
  const { rows } = await sql<{ who: string }>`
    select distinct coalesce(nullif(a.application_name, ''), a.usename::text) || ' (pid ' || a.pid || ')' as who
    from pg_locks as l join pg_stat_activity as a using (pid) join pg_class as c on c.oid = l.relation
    where c.relnamespace = ${quoted(schema)}::regnamespace and c.relname = any(${tables.map(({ name }) => name)}::text[])
      and l.granted and a.pid <> pg_backend_pid()`.execute(db);
  return rows.map(({ who }) => who).join(', ');
}
