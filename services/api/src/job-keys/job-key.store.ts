import {
  type JobKeyCreated,
  type JobKeyInput,
  type JobKeyView,
  jobKeyCursor,
  type jobKeyListQuery,
} from '@tocsin/http-api';
import { DomainError, type Instant, newId } from '@tocsin/kernel';
import type { z } from 'zod';
import type { Tx } from '../changes/change.store.js';
import { notFound } from '../changes/revision.js';
import type { JobKeyRow } from '../database.js';
import { hashToken, newTokenText } from '../tokens/token-text.js';
import type { Database } from '../wiring.js';

export const viewOf = (row: Omit<JobKeyRow, 'key_hash'>): JobKeyView => ({
  id: row.id,
  jobId: row.job_id,
  name: row.name,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
  limit: row.max_starts,
  perSeconds: row.per_seconds,
});

/** One more than asked for, so that the page knows whether it is the last. */
export async function listKeys(
  db: Database,
  jobId: string,
  { cursor, limit }: z.output<typeof jobKeyListQuery>,
): Promise<JobKeyRow[]> {
  const [after] = cursor === undefined ? [undefined] : jobKeyCursor.decode(cursor);
  return await db
    .selectFrom('config.job_key')
    .selectAll()
    .where('job_id', '=', jobId)
    .$if(after !== undefined, (q) => q.where('id', '>', after!))
    .orderBy('id')
    .limit(limit + 1)
    .execute();
}

export async function insertKey(
  tx: Tx,
  jobId: string,
  { name, expiresAt, limit, perSeconds }: JobKeyInput,
  now: Instant,
): Promise<JobKeyCreated> {
  if (expiresAt !== undefined && expiresAt <= now)
    throw new DomainError('validation_failed', 'expiresAt: must be in the future', [
      { field: 'expiresAt', message: 'must be in the future' },
    ]);
  const key = newTokenText('key');
  const row: JobKeyRow = {
    id: newId(),
    job_id: jobId,
    name,
    key_hash: hashToken(key),
    max_starts: limit,
    per_seconds: perSeconds,
    created_at: now,
    expires_at: expiresAt ?? null,
    last_used_at: null,
  };
  await tx.insertInto('config.job_key').values(row).execute();
  return { ...viewOf(row), key };
}

/** @throws DomainError `not_found` */
export async function removeKey(tx: Tx, jobId: string, id: string): Promise<Pick<JobKeyRow, 'id' | 'name'>> {
  const removed = await tx
    .deleteFrom('config.job_key')
    .where('id', '=', id)
    .where('job_id', '=', jobId)
    .returning(['id', 'name'])
    .executeTakeFirst();
  if (removed === undefined) throw notFound('key');
  return removed;
}

export type ValidKey = Pick<JobKeyRow, 'id' | 'name' | 'max_starts' | 'per_seconds'> & {
  readonly project: string;
};

/**
 * The key, when it is one of this job and still good. Whatever is wrong with it, the same is asked of Postgres: how
 * long the answer takes says nothing.
 */
export async function validKey(
  db: Database,
  jobId: string,
  text: string,
  now: Instant,
): Promise<ValidKey | undefined> {
  const row = await db
    .selectFrom('config.job_key as k')
    .innerJoin('config.jobs as j', 'j.id', 'k.job_id')
    .select(['k.id', 'k.job_id', 'k.name', 'k.max_starts', 'k.per_seconds', 'k.expires_at', 'j.project'])
    .where('k.key_hash', '=', hashToken(text))
    .executeTakeFirst();
  const isGood =
    row !== undefined && row.job_id === jobId && (row.expires_at === null || row.expires_at > now);
  return isGood ? row : undefined;
}
