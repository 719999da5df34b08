import type { OwnSession } from '@tocsin/http-api';
import { addMs, type Instant, newId, toMs } from '@tocsin/kernel';
import { type Kysely, sql } from 'kysely';
import type { ApiDatabase } from '../database.js';
import { hashSecret, newSessionSecret } from './session-cookie.js';
import type { SessionRow, UserRow } from './tables.js';

type Db = Kysely<ApiDatabase>;

/** How long a session lasts. */
export interface SessionSpan {
  /** after the last request */
  readonly idleMs: number;
  /** whatever is done with it */
  readonly wholeMs: number;
}

export interface Session {
  readonly id: string;
  readonly user: UserRow;
}

const SEEN_EVERY_MS = 60_000;

/** Undefined when there is no such session, or no longer. That it was used is written down once a minute. */
export async function findSession(
  db: Db,
  secret: string,
  { idleMs }: SessionSpan,
  now: Instant,
): Promise<Session | undefined> {
  const row = await db
    .selectFrom('auth.session as s')
    .innerJoin('auth.user as u', 'u.id', 's.user_id')
    .selectAll('u')
    .select(['s.id as session_id', 's.last_seen_at', 's.expires_at'])
    .where('s.secret_hash', '=', hashSecret(secret))
    .where('u.disabled_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { session_id: id, last_seen_at: seenAt, expires_at: expiresAt, ...user } = row;
  if (expiresAt <= now || toMs(now) - toMs(seenAt) >= idleMs) return undefined;
  if (toMs(now) - toMs(seenAt) >= Math.min(SEEN_EVERY_MS, idleMs / 10))
    await db.updateTable('auth.session').set({ last_seen_at: now }).where('id', '=', id).execute();
  return { id, user };
}

export interface NewSession {
  readonly userId: string;
  readonly method: SessionRow['method'];
  readonly network: string;
  readonly userAgent: string | undefined;
}

/** @returns what its cookie holds, which is kept nowhere */
export async function insertSession(
  tx: Db,
  { userId, method, network, userAgent }: NewSession,
  { wholeMs }: SessionSpan,
  now: Instant,
): Promise<string> {
  const secret = newSessionSecret();
  await tx
    .insertInto('auth.session')
    .values({
      id: newId(),
      user_id: userId,
      secret_hash: hashSecret(secret),
      method,
      created_at: now,
      last_seen_at: now,
      expires_at: addMs(now, wholeMs),
      network,
      user_agent: userAgent?.slice(0, 300) ?? null,
    })
    .execute();
  return secret;
}

/** The same session under another secret: the one before is good for nothing from the commit on. */
export async function rotateSession(tx: Db, id: string): Promise<string> {
  const secret = newSessionSecret();
  await tx
    .updateTable('auth.session')
    .set({ secret_hash: hashSecret(secret) })
    .where('id', '=', id)
    .execute();
  return secret;
}

export async function endSession(db: Db, secret: string): Promise<void> {
  await db.deleteFrom('auth.session').where('secret_hash', '=', hashSecret(secret)).execute();
}

/** @returns whether it was theirs to end */
export async function endSessionOf(db: Db, userId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('auth.session')
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

/** @param except the one that goes on */
export async function endSessionsOf(db: Db, userId: string, except?: string): Promise<void> {
  await db
    .deleteFrom('auth.session')
    .where('user_id', '=', userId)
    .$if(except !== undefined, (query) => query.where('id', '<>', except!))
    .execute();
}

/** Newest first, those that have ended left out. */
export async function sessionsOf(
  db: Db,
  { id, user }: Session,
  { idleMs }: SessionSpan,
  now: Instant,
): Promise<OwnSession[]> {
  const rows = await db
    .selectFrom('auth.session')
    .selectAll()
    .where('user_id', '=', user.id)
    .where('expires_at', '>', now)
    .where('last_seen_at', '>', addMs(now, -idleMs))
    .orderBy('id', 'desc')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    current: row.id === id,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
    network: row.network,
    userAgent: row.user_agent,
    method: row.method,
  }));
}

/** @returns how many */
export async function forgetOldSessions(db: Db, { idleMs }: SessionSpan, now: Instant): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('auth.session')
    .where(sql<boolean>`expires_at <= ${now} or last_seen_at <= ${addMs(now, -idleMs)}`)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
