import { addMs, DomainError, type Instant } from '@tocsin/kernel';
import { sql } from 'kysely';
import type { Tx } from '../changes/change.store.js';
import type { Database } from '../wiring.js';
import { type Allowance, allowanceOf } from './allowance.js';
import type { ValidKey } from './job-key.store.js';

/** Counted in Postgres, one by one: a limit holds over all replicas and over any span of its length. */
export async function allowanceFor(db: Database, key: ValidKey, now: Instant): Promise<Allowance> {
  const { id, max_starts: limit, per_seconds: perSeconds } = key;
  const { rows } = await sql<{ starts: number; oldest: Instant | null }>`
    select count(*)::int4 as starts, min(started_at) as oldest from config.job_key_start
    where key_id = ${id} and started_at > ${addMs(now, -perSeconds * 1000)}`.execute(db);
  const [{ starts, oldest } = { starts: 0, oldest: null }] = rows;
  return allowanceOf({ limit, perSeconds }, starts, oldest ?? undefined, now);
}

/**
 * Takes one of the key's starts; starts with one key take turns until the commit.
 * @throws DomainError `too_many_requests` when there was none; `unauthorized` when the key was revoked meanwhile
 */
export async function takeStart(tx: Tx, key: ValidKey, runId: string, now: Instant): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('config.job_key')
    .set({ last_used_at: now })
    .where('id', '=', key.id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new DomainError('unauthorized', 'the key was revoked');
  await tx
    .deleteFrom('config.job_key_start')
    .where('key_id', '=', key.id)
    .where('started_at', '<=', addMs(now, -key.per_seconds * 1000))
    .execute();
  const { limit, remaining, resetSeconds } = await allowanceFor(tx, key, now);
  if (remaining === 0)
    throw new DomainError(
      'too_many_requests',
      `this key starts at most ${limit} runs in ${key.per_seconds} s: try again in ${resetSeconds} s`,
    );
  await tx
    .insertInto('config.job_key_start')
    .values({ run_id: runId, key_id: key.id, started_at: now })
    .execute();
}
