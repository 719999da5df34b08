import { createHash } from 'node:crypto';
import type { Instant } from '@tocsin/kernel';
import { type Kysely, sql } from 'kysely';
import type { ApiDatabase } from '../database.js';
import type { AttemptRow } from './tables.js';

interface Allowance {
  /** guesses at once */
  readonly burst: number;
  /** after which one more is allowed */
  readonly everySeconds: number;
}

/**
 * An account has ten guesses and one more a minute, wherever they come from: 1,450 a day. A network has twenty and one
 * more every ten seconds, over all accounts.
 */
export const ALLOWANCES: Readonly<Record<AttemptRow['kind'], Allowance>> = {
  account: { burst: 10, everySeconds: 60 },
  network: { burst: 20, everySeconds: 10 },
};

export interface Guesser {
  readonly account: string;
  readonly network: string;
}

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Counts a guess before it is looked at, so that any number of them at once, on any number of replicas, are no more than
 * allowed. The network comes first: one that has used up its own takes nothing from the accounts it tries.
 * @returns seconds to wait; 0: go on
 */
export async function takeAttempt(
  db: Kysely<ApiDatabase>,
  { account, network }: Guesser,
  now: Instant,
): Promise<number> {
  const wait = await take(db, 'network', network, now);
  return wait > 0 ? wait : await take(db, 'account', account, now);
}

async function take(
  db: Kysely<ApiDatabase>,
  kind: AttemptRow['kind'],
  name: string,
  now: Instant,
): Promise<number> {
  const { burst, everySeconds } = ALLOWANCES[kind];
  const who = hashOf(name);
  const refilled = sql<number>`least(${burst}::float8, a.tokens
    + greatest(0, extract(epoch from ${now}::timestamptz - a.counted_at)) / ${everySeconds}::float8)`;
  const { rows } = await sql`
    insert into auth.attempt as a (kind, who, tokens, counted_at) values (${kind}, ${who}, ${burst - 1}, ${now})
    on conflict (kind, who) do update set tokens = ${refilled} - 1, counted_at = excluded.counted_at
    where ${refilled} >= 1
    returning 1`.execute(db);
  if (rows.length > 0) return 0;
  const left = await sql<{ tokens: number }>`
    select ${refilled} as tokens from auth.attempt a where kind = ${kind} and who = ${who}`.execute(db);
  return Math.max(1, Math.ceil((1 - (left.rows[0]?.tokens ?? 0)) * everySeconds));
}

/**
 * It was no guess: the network has back what it took, and the account all it ever had.
 * @param only `network`: the account keeps its count
 */
export async function forgiveAttempt(
  db: Kysely<ApiDatabase>,
  { account, network }: Guesser,
  only?: 'network',
): Promise<void> {
  if (only === undefined)
    await db
      .deleteFrom('auth.attempt')
      .where('kind', '=', 'account')
      .where('who', '=', hashOf(account))
      .execute();
  await db
    .updateTable('auth.attempt')
    .set({ tokens: sql<number>`least(${ALLOWANCES.network.burst}::float8, tokens + 1)` })
    .where('kind', '=', 'network')
    .where('who', '=', hashOf(network))
    .execute();
}

/** Who has all of them again is as good as unknown. @returns how many */
export async function forgetOldAttempts(db: Kysely<ApiDatabase>, now: Instant): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('auth.attempt')
    .where('counted_at', '<', sql<Instant>`${now}::timestamptz - interval '1 hour'`)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
