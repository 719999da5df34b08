import type { Role } from '@tocsin/http-api';
import { DomainError, type Instant, newId } from '@tocsin/kernel';
import { type Kysely, sql } from 'kysely';
import { notFound } from '../changes/revision.js';
import type { ApiDatabase } from '../database.js';
import type { UserRow } from './tables.js';
import { emailKey } from './user.js';

type Db = Kysely<ApiDatabase>;

/** Users belong to the one project there is. */
export const PROJECT = 'default';

/** Whoever changes who may do what takes turns: two administrators cannot take the last right from each other. */
export async function lockPeople(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('tocsin:people'))`.execute(tx);
}

export const hasAdministrator = async (db: Db): Promise<boolean> =>
  (await administrators(db).select('id').limit(1).executeTakeFirst()) !== undefined;

const administrators = (db: Db) =>
  db.selectFrom('auth.user').where('role', '=', 'admin').where('disabled_at', 'is', null);

export const hasAnotherAdministrator = async (db: Db, id: string): Promise<boolean> =>
  (await administrators(db).select('id').where('id', '<>', id).limit(1).executeTakeFirst()) !== undefined;

/** @throws DomainError `conflict` where nobody else administers this */
export async function requireAnotherAdministrator(tx: Db, id: string): Promise<void> {
  if (!(await hasAnotherAdministrator(tx, id)))
    throw new DomainError('conflict', 'this is the last administrator: make somebody else one first');
}

export interface NewUser {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly passwordHash: string | null;
  readonly isTemporary?: boolean;
  readonly oidc?: { readonly issuer: string; readonly subject: string } | undefined;
}

/** @throws DomainError `conflict` when the address is somebody's */
export async function insertUser(tx: Db, user: NewUser, now: Instant): Promise<UserRow> {
  const row: UserRow = {
    id: newId(),
    project: PROJECT,
    email: user.email,
    email_key: emailKey(user.email),
    name: user.name,
    role: user.role,
    password_hash: user.passwordHash,
    password_is_temporary: user.isTemporary ?? false,
    disabled_at: null,
    oidc_issuer: user.oidc?.issuer ?? null,
    oidc_subject: user.oidc?.subject ?? null,
    totp_key_id: null,
    totp_wrapped_key: null,
    totp_ciphertext: null,
    totp_confirmed_at: null,
    totp_last_step: null,
    created_at: now,
    updated_at: now,
    last_signed_in_at: null,
  };
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('auth.user')
    .values(row)
    .onConflict((conflict) => conflict.column('email_key').doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 0n)
    throw new DomainError('conflict', 'there is a user with this e-mail address', [
      { field: 'email', message: 'is taken' },
    ]);
  return row;
}

export const userByEmail = (db: Db, email: string): Promise<UserRow | undefined> =>
  db.selectFrom('auth.user').selectAll().where('email_key', '=', emailKey(email)).executeTakeFirst();

/** @throws DomainError `not_found` */
export async function findUser(db: Db, project: string, id: string): Promise<UserRow> {
  const row = await db
    .selectFrom('auth.user')
    .selectAll()
    .where('id', '=', id)
    .where('project', '=', project)
    .executeTakeFirst();
  if (row === undefined) throw notFound('user');
  return row;
}

/** Held until the commit. @throws DomainError `not_found` */
export async function lockUser(tx: Db, project: string, id: string): Promise<UserRow> {
  const row = await tx
    .selectFrom('auth.user')
    .selectAll()
    .where('id', '=', id)
    .where('project', '=', project)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw notFound('user');
  return row;
}

export async function changeUser(
  tx: Db,
  id: string,
  change: Partial<Omit<UserRow, 'id' | 'project'>>,
  now: Instant,
): Promise<UserRow> {
  return await tx
    .updateTable('auth.user')
    .set({ ...change, updated_at: now })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** One more than asked for, so that the page knows whether it is the last. */
export const listUsers = (
  db: Db,
  project: string,
  after: string | undefined,
  limit: number,
): Promise<UserRow[]> =>
  db
    .selectFrom('auth.user')
    .selectAll()
    .where('project', '=', project)
    .$if(after !== undefined, (query) => query.where('id', '>', after!))
    .orderBy('id')
    .limit(limit)
    .execute();
