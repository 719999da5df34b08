import { createHash } from 'node:crypto';
import { DomainError, type Instant, type JsonValue } from '@tocsin/kernel';
import { openSecret, sealSecret } from '@tocsin/service-kit';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { ApiDatabase } from '../database.js';
import type { Call } from '../http/call.js';
import type { SecretKeys } from '../wiring.js';

const KEPT_HOURS = 24;

export interface StoredAnswer {
  readonly body: JsonValue | undefined;
}

interface Place {
  readonly token_id: string;
  readonly route: string;
  readonly key: string;
}

/** Undefined when the caller asked for no such thing. */
export function placeOf({ caller, route, headers }: Call): Place | undefined {
  const key = headers['idempotency-key'];
  return key === undefined ? undefined : { token_id: caller.tokenId, route: route.name, key };
}

const aadOf = ({ token_id, route, key }: Place): string =>
  `idempotency:${token_id}:${route}:${createHash('sha256').update(key).digest('hex')}`;

/**
 * Takes the key for this transaction; who comes second waits for the first to commit and has its answer.
 * @returns the answer given before, if there is one
 * @throws DomainError `idempotency_mismatch`
 */
export async function claim(
  tx: Transaction<ApiDatabase>,
  call: Call,
  place: Place,
  keys: SecretKeys,
  now: Instant,
): Promise<StoredAnswer | undefined> {
  await tx
    .deleteFrom('auth.idempotency')
    .where('token_id', '=', place.token_id)
    .where('route', '=', place.route)
    .where('key', '=', place.key)
    .where('created_at', '<', sql<Instant>`${now}::timestamptz - ${KEPT_HOURS} * interval '1 hour'`)
    .execute();
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('auth.idempotency')
    .values({
      ...place,
      request_hash: call.requestHash,
      sealing_key_id: null,
      wrapped_key: null,
      ciphertext: null,
      created_at: now,
    })
    .onConflict((conflict) => conflict.columns(['token_id', 'route', 'key']).doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n ? undefined : await answerGiven(tx, call, place, keys);
}

/** @throws DomainError `idempotency_mismatch` */
export async function answerGiven(
  db: Kysely<ApiDatabase>,
  call: Call,
  place: Place,
  keys: SecretKeys,
): Promise<StoredAnswer | undefined> {
  const row = await db
    .selectFrom('auth.idempotency')
    .selectAll()
    .where('token_id', '=', place.token_id)
    .where('route', '=', place.route)
    .where('key', '=', place.key)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (!row.request_hash.equals(call.requestHash))
    throw new DomainError(
      'idempotency_mismatch',
      'this Idempotency-Key was used with another request: take a new one',
    );
  const { sealing_key_id: keyId, wrapped_key: wrappedKey, ciphertext } = row;
  if (keyId === null || wrappedKey === null || ciphertext === null) return undefined;
  const text = openSecret(keys.all, aadOf(place), { keyId, wrappedKey, ciphertext });
  return JSON.parse(text) as StoredAnswer;
}

/** The answer may show a token, which is nowhere else to be read: it is sealed like any secret. */
export async function keepAnswer(
  tx: Kysely<ApiDatabase>,
  place: Place,
  answer: unknown,
  keys: SecretKeys,
): Promise<void> {
  const sealed = sealSecret(keys.present, aadOf(place), JSON.stringify({ body: answer }));
  await tx
    .updateTable('auth.idempotency')
    .set({
      sealing_key_id: sealed.keyId,
      wrapped_key: sealed.wrappedKey,
      ciphertext: sealed.ciphertext,
    })
    .where('token_id', '=', place.token_id)
    .where('route', '=', place.route)
    .where('key', '=', place.key)
    .execute();
}

/** @returns keys forgotten */
export async function forgetOldKeys(db: Kysely<ApiDatabase>, now: Instant): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('auth.idempotency')
    .where('created_at', '<', sql<Instant>`${now}::timestamptz - ${KEPT_HOURS} * interval '1 hour'`)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
