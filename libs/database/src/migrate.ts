import { type Kysely, sql, type Transaction } from 'kysely';

export interface Migration {
  /** `0001_what_it_does`: applied in this order, never edited once released */
  readonly name: string;
  up(db: Transaction<unknown>): Promise<void>;
}

/**
 * Brings one schema up to date. Forward only; two replicas starting at once take turns behind an advisory lock,
 * and all of it is one transaction, so that a failure leaves the schema as it was.
 * @returns names of the migrations applied now
 * @throws when the database knows a migration that this code does not: an older release must not touch it
 */
export async function migrate<DB>(
  db: Kysely<DB>,
  schema: string,
  migrations: readonly Migration[],
): Promise<string[]> {
  return await db.transaction().execute(async (trx) => {
    const tx = trx as unknown as Transaction<unknown>;
    await sql`select pg_advisory_xact_lock(hashtext(${`migrate:${schema}`}))`.execute(tx);
    await createSchemaUnlessThere(tx, schema);
    await sql`create table if not exists ${sql.id(schema, 'migration')} (
      name text primary key, applied_at timestamptz not null default now())`.execute(tx);
    const { rows } = await sql<{ name: string }>`select name from ${sql.id(schema, 'migration')}`.execute(tx);
    const applied = new Set(rows.map((row) => row.name));
    const known = new Set(migrations.map((migration) => migration.name));
    for (const name of applied) {
      if (!known.has(name))
        throw new Error(
          `schema ${schema} has migration ${name}, which this release does not know: start the newer release instead`,
        );
    }
    const fresh = migrations.filter((migration) => !applied.has(migration.name));
    await sql`select set_config('search_path', ${schema}, true)`.execute(tx);
    for (const migration of fresh) {
      await migration.up(tx);
      await sql`insert into ${sql.id(schema, 'migration')} (name) values (${migration.name})`.execute(tx);
    }
    return fresh.map((migration) => migration.name);
  });
}

/** A service's own role may use its schema but not create one: that is the provision step's. */
async function createSchemaUnlessThere(tx: Transaction<unknown>, schema: string): Promise<void> {
  const { rows } = await sql`select 1 from pg_namespace where nspname = ${schema}`.execute(tx);
  if (rows.length === 0) await sql`create schema ${sql.id(schema)}`.execute(tx);
}

/** Reads the log to judge it, where it was provisioned. */
export const AUDITOR_ROLE = 'tocsin_auditor';

/** Lets another service's role read what this one publishes; nothing to do where there is only one role. */
export async function grantSelect(
  tx: Transaction<unknown>,
  role: string,
  schema: string,
  names: readonly string[],
): Promise<void> {
  const { rows } = await sql`select 1 from pg_roles where rolname = ${role}`.execute(tx);
  if (rows.length === 0) return;
  for (const name of names) await sql`grant select on ${sql.id(schema, name)} to ${sql.id(role)}`.execute(tx);
}
