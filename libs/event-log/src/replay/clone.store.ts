import { sql, type Transaction } from 'kysely';

type Tx = Transaction<unknown>;

interface Source {
  readonly oid: number;
  readonly partition_key: string | null;
  readonly options: readonly string[] | null;
}

/**
 * A table beside the live one, empty and of the same form: columns, defaults, checks, storage and grants. Without keys and
 * indexes, which `indexTable` makes. Unlogged: what is lost in a crash is folded again, and `keepTable` ends that.
 */
export async function cloneTable(tx: Tx, live: string, shadow: string, name: string): Promise<void> {
  const source = await sourceOf(tx, live, name);
  const [table, like] = [sql.id(shadow, name), sql.id(live, name)];
  const form = sql`(like ${like} including all excluding indexes)`;
  const options = source.options === null ? sql`` : sql`with (${sql.raw(source.options.join(', '))})`;
  if (source.partition_key === null) await sql`create unlogged table ${table} ${form} ${options}`.execute(tx);
  else {
    await sql`create table ${table} ${form} partition by ${sql.raw(source.partition_key)}`.execute(tx);
    await addPartitions(tx, live, shadow, name);
  }
  const { rows: grants } = await sql<{ privilege: string; grantee: string }>`
    select a.privilege_type as privilege, r.rolname as grantee
    from pg_class as c, aclexplode(c.relacl) as a join pg_roles as r on r.oid = a.grantee
    where c.oid = ${source.oid} and a.grantee <> c.relowner`.execute(tx);
  for (const { privilege, grantee } of grants)
    await sql`grant ${sql.raw(privilege)} on ${table} to ${sql.id(grantee)}`.execute(tx);
}

/** The days, or whatever it is cut into, that the live table has and the other not. */
export async function addPartitions(tx: Tx, live: string, shadow: string, name: string): Promise<void> {
  const { rows } = await sql<{ name: string; bound: string }>`
    select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bound
    from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
    where i.inhparent = ${`${quoted(live)}.${quoted(name)}`}::regclass
      and not exists (select from pg_inherits as o join pg_class as p on p.oid = o.inhrelid
        where o.inhparent = ${`${quoted(shadow)}.${quoted(name)}`}::regclass and p.relname = c.relname)
    order by c.relname`.execute(tx);
  for (const { name: part, bound } of rows) {
    await sql`create unlogged table ${sql.id(shadow, part)} (like ${sql.id(shadow, name)} including all)`.execute(
      tx,
    );
    await sql`alter table ${sql.id(shadow, name)} attach partition ${sql.id(shadow, part)} ${sql.raw(bound)}`.execute(
      tx,
    );
  }
}

/** Keys and indexes as the live table has them, under the same names. */
export async function indexTable(tx: Tx, live: string, shadow: string, name: string): Promise<void> {
  const { oid } = await sourceOf(tx, live, name);
  const table = sql.id(shadow, name);
  const { rows: keys } = await sql<{ name: string; definition: string }>`
    select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
    where conrelid = ${oid} and contype in ('p', 'u', 'x') order by contype, conname`.execute(tx);
  for (const { name: key, definition } of keys)
    await sql`alter table ${table} add constraint ${sql.id(key)} ${sql.raw(definition)}`.execute(tx);
  // Postgres writes `… on [only] schema.table using …`: what follows does not name the table.
  const { rows: indexes } = await sql<{ name: string; is_unique: boolean; rest: string }>`
    select c.relname as name, i.indisunique as is_unique,
      regexp_replace(pg_get_indexdef(i.indexrelid), '^.*? USING ', 'using ') as rest
    from pg_index as i join pg_class as c on c.oid = i.indexrelid
    where i.indrelid = ${oid} and not exists (select from pg_constraint as k where k.conindid = i.indexrelid
      and k.contype in ('p', 'u', 'x'))
    order by c.relname`.execute(tx);
  for (const { name: index, is_unique, rest } of indexes)
    await sql`create ${sql.raw(is_unique ? 'unique' : '')} index ${sql.id(index)} on ${table} ${sql.raw(rest)}`.execute(
      tx,
    );
}

/** From now on the table survives a crash. */
export async function keepTable(tx: Tx, schema: string, name: string): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relpersistence = 'u' and relkind = 'r' and (oid = ${`${quoted(schema)}.${quoted(name)}`}::regclass
      or oid in (select inhrelid from pg_inherits where inhparent = ${`${quoted(schema)}.${quoted(name)}`}::regclass))`.execute(
    tx,
  );
  for (const { name: table } of rows) await sql`alter table ${sql.id(schema, table)} set logged`.execute(tx);
}

/** Of rows that are there twice the first one stays: what a key would have done as they came. */
export async function dropRepeats(
  tx: Tx,
  schema: string,
  name: string,
  key: readonly string[],
): Promise<number> {
  const columns = sql.join(key.map((column) => sql.id(column)));
  const table = sql.id(schema, name);
  const { numAffectedRows } = await sql`delete from ${table} as t using (
      select tableoid as part, ctid as place, row_number() over (partition by ${columns} order by ctid) as n
      from ${table}) as r
    where r.n > 1 and t.tableoid = r.part and t.ctid = r.place`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

async function sourceOf(tx: Tx, live: string, name: string): Promise<Source> {
  const { rows } = await sql<Source>`
    select c.oid::int8 as oid, pg_get_partkeydef(c.oid) as partition_key, c.reloptions as options
    from pg_class as c where c.oid = ${`${quoted(live)}.${quoted(name)}`}::regclass`.execute(tx);
  if (rows[0] === undefined) throw new Error(`there is no table ${live}.${name}`);
  return rows[0];
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
