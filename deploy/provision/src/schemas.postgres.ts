import { AUDITOR_ROLE } from '@tocsin/database';
import pg from 'pg';
import {
  AUDITED_TABLES,
  DATABASE_ROLES,
  type DatabaseRole,
  foreignSchemasOf,
  SCHEMA_OWNERS,
  SCHEMAS,
  schemasOf,
} from './schemas.js';

/** Held while we provision, tables and streams alike. Any number, the same for all. */
const lockKey = 7_065_746_001;

/** A second provisioning of the same database waits for the first. */
export async function withProvisionLock<T>(
  databaseUrl: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'tocsin-provision' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    return await work(client);
  } finally {
    await client.end();
  }
}

const name = pg.escapeIdentifier;

function checkPasswords(passwords: Record<string, string>): void {
  const wrong = DATABASE_ROLES.filter((role) => !passwords[role]);
  if (wrong.length > 0) throw new Error(`no password for the database role ${wrong.join(', ')}`);
  const unknown = Object.keys(passwords).filter(
    (role) => role !== AUDITOR_ROLE && !DATABASE_ROLES.includes(role as DatabaseRole),
  );
  if (unknown.length > 0) throw new Error(`not a database role of ours: ${unknown.join(', ')}`);
}

/** Attributes that no service has. To name one takes a superuser, so only those are named that have to go. */
const excess = {
  rolsuper: 'nosuperuser',
  rolcreaterole: 'nocreaterole',
  rolcreatedb: 'nocreatedb',
  rolreplication: 'noreplication',
  rolbypassrls: 'nobypassrls',
} as const;

async function ensureRole(
  client: pg.Client,
  role: DatabaseRole | typeof AUDITOR_ROLE,
  password: string,
): Promise<void> {
  const find = () =>
    client.query<Record<string, boolean>>('select * from pg_roles where rolname = $1', [role]);
  if ((await find()).rowCount === 0) await client.query(`create role ${name(role)}`);
  const found = (await find()).rows[0] ?? {};
  const taken = Object.entries(excess).flatMap(([attribute, without]) => (found[attribute] ? [without] : []));
  await client.query(
    `alter role ${name(role)} ${['login', ...taken].join(' ')} password ${pg.escapeLiteral(password)}`,
  );
}

async function ensureRoles(client: pg.Client, passwords: Record<string, string>): Promise<void> {
  const {
    rows: [self],
  } = await client.query<{ database: string; superuser: boolean }>(
    'select current_database() as database, rolsuper as superuser from pg_roles where rolname = current_user',
  );
  const database = name(self?.database ?? '');
  for (const role of DATABASE_ROLES) {
    await ensureRole(client, role, passwords[role] ?? '');
    // Only a member of a role may hand it a schema, unless he is a superuser
    if (!self?.superuser) await client.query(`grant ${name(role)} to current_user`);
    await client.query(`grant connect on database ${database} to ${name(role)}`);
    await client.query(
      `alter role ${name(role)} in database ${database} set search_path = ${schemasOf(role).join(', ')}`,
    );
  }
  for (const schema of SCHEMAS)
    await client.query(`alter schema ${schema} owner to ${name(SCHEMA_OWNERS[schema])}`);
  for (const role of DATABASE_ROLES)
    for (const schema of foreignSchemasOf(role))
      await client.query(`grant usage on schema ${schema} to ${name(role)}`);
  const auditorPassword = passwords[AUDITOR_ROLE];
  if (auditorPassword) await ensureAuditor(client, database, auditorPassword);
  await client.query('revoke create on schema public from public');
}

/** Tables that are made later are granted by whoever makes them. */
async function ensureAuditor(client: pg.Client, database: string, password: string): Promise<void> {
  await ensureRole(client, AUDITOR_ROLE, password);
  await client.query(`grant connect on database ${database} to ${AUDITOR_ROLE}`);
  await client.query(
    `alter role ${AUDITOR_ROLE} in database ${database} set default_transaction_read_only = on`,
  );
  for (const [schema, tables] of Object.entries(AUDITED_TABLES)) {
    await client.query(`grant usage on schema ${schema} to ${AUDITOR_ROLE}`);
    const { rows } = await client.query<{ name: string }>(
      'select table_name as name from information_schema.tables where table_schema = $1 and table_name = any($2)',
      [schema, tables],
    );
    for (const table of rows)
      await client.query(`grant select on ${schema}.${name(table.name)} to ${AUDITOR_ROLE}`);
  }
}

/** Roles belong to all databases of a server, our lock to one: another database's provisioning may be at it too. */
const metAnother = (error: unknown) =>
  error instanceof pg.DatabaseError &&
  (['23505', '42710', '40P01'].includes(error.code ?? '') || /concurrently updated/.test(error.message));

/** Schemas, and with passwords the roles that own them. */
export async function provisionPostgres(
  client: pg.Client,
  passwords: Record<string, string> | undefined,
): Promise<void> {
  if (passwords) checkPasswords(passwords);
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query('begin');
      for (const schema of SCHEMAS) await client.query(`create schema if not exists ${schema}`);
      if (passwords) await ensureRoles(client, passwords);
      await client.query('commit');
      return;
    } catch (error) {
      await client.query('rollback');
      if (attempt >= 10 || !metAnother(error)) throw error;
    }
  }
}
