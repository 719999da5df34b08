import type { Scope, TokenCreated, TokenInput, TokenView } from '@tocsin/http-api';
import { DomainError, type Instant, newId } from '@tocsin/kernel';
import type { Transaction } from 'kysely';
import type { ApiDatabase, TokenRow } from '../database.js';
import type { Caller } from '../http/call.js';
import type { Database } from '../wiring.js';
import { hashToken, newTokenText } from './token-text.js';

type Tx = Transaction<ApiDatabase>;

const USE_RECORDED_EVERY_MS = 60_000;

export const tokenView = (row: Omit<TokenRow, 'token_hash' | 'project'>): TokenView => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
});

export async function insertToken(
  tx: Tx,
  project: string,
  { name, scopes, expiresAt }: TokenInput,
  now: Instant,
): Promise<TokenCreated> {
  if (expiresAt !== undefined && expiresAt <= now)
    throw new DomainError('validation_failed', 'expiresAt: must be in the future', [
      { field: 'expiresAt', message: 'must be in the future' },
    ]);
  const token = newTokenText();
  const row = {
    id: newId(),
    project,
    name,
    scopes: [...scopes],
    created_at: now,
    expires_at: expiresAt ?? null,
    last_used_at: null,
  };
  await tx
    .insertInto('auth.token')
    .values({ ...row, token_hash: hashToken(token) })
    .execute();
  return { ...tokenView(row), token };
}

/** Undefined when there is no such token, or no longer. The first use in a minute is written down. */
export async function callerOf(db: Database, token: string, now: Instant): Promise<Caller | undefined> {
  const row = await db
    .selectFrom('auth.token')
    .select(['id', 'name', 'project', 'scopes', 'expires_at', 'last_used_at'])
    .where('token_hash', '=', hashToken(token))
    .executeTakeFirst();
  if (row === undefined || (row.expires_at !== null && row.expires_at <= now)) return undefined;
  const { id, name, project, scopes, last_used_at: lastUsedAt } = row;
  if (lastUsedAt === null || Date.parse(now) - Date.parse(lastUsedAt) >= USE_RECORDED_EVERY_MS)
    await db.updateTable('auth.token').set({ last_used_at: now }).where('id', '=', id).execute();
  return { tokenId: id, name, project, scopes };
}

export async function listTokens(
  db: Database,
  project: string,
  after: string | undefined,
  limit: number,
): Promise<TokenView[]> {
  const rows = await db
    .selectFrom('auth.token')
    .selectAll()
    .where('project', '=', project)
    .$if(after !== undefined, (query) => query.where('id', '>', after!))
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(tokenView);
}

/** @throws DomainError `not_found`; `conflict` where nobody could administer the project any more */
export async function revokeToken(
  tx: Tx,
  project: string,
  id: string,
  now: Instant,
): Promise<Pick<TokenRow, 'id' | 'name' | 'scopes'>> {
  const rows = await tx
    .selectFrom('auth.token')
    .select(['id', 'name', 'scopes', 'expires_at'])
    .where('project', '=', project)
    .orderBy('id')
    .forUpdate()
    .execute();
  const revoked = rows.find((row) => row.id === id);
  if (revoked === undefined) throw new DomainError('not_found', 'there is no such token');
  const lasting = (row: (typeof rows)[number]) =>
    row.scopes.includes('admin') && (row.expires_at === null || row.expires_at > now);
  if (rows.some(lasting) && !rows.some((row) => row.id !== id && lasting(row)))
    throw new DomainError('conflict', 'this is the last token of an administrator: create another one first');
  await tx.deleteFrom('auth.token').where('id', '=', id).execute();
  return revoked;
}

const RANK: Readonly<Record<Scope, number>> = { read: 0, write: 1, admin: 2 };

/** Each scope includes the ones before it. */
export const hasScope = (scopes: readonly Scope[], wanted: Scope): boolean =>
  scopes.some((scope) => RANK[scope] >= RANK[wanted]);
