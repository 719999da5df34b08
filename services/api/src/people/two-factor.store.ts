import { DomainError, type Instant } from '@tocsin/kernel';
import { openSecret, rewrapSecret, sealSecret } from '@tocsin/service-kit';
import { type Kysely, sql } from 'kysely';
import type { ApiDatabase } from '../database.js';
import type { Database, SecretKeys } from '../wiring.js';
import type { UserRow } from './tables.js';
import { hashRecoveryCode, newRecoveryCodes, newTotpSecret, stepOf } from './two-factor.js';
import { hasTwoFactor } from './user.js';

type Db = Kysely<ApiDatabase>;

const aadOf = (userId: string): string => `totp:${userId}:1`;

const NO_TOTP = {
  totp_key_id: null,
  totp_wrapped_key: null,
  totp_ciphertext: null,
  totp_confirmed_at: null,
  totp_last_step: null,
} as const;

function sealedOf({
  totp_key_id: keyId,
  totp_wrapped_key: wrappedKey,
  totp_ciphertext: ciphertext,
}: UserRow) {
  return keyId === null || wrappedKey === null || ciphertext === null
    ? undefined
    : { keyId, wrappedKey, ciphertext };
}

/** Counts for nothing until a code of it was shown. @throws DomainError `conflict` when there is one already */
export async function offerTwoFactor(tx: Db, user: UserRow, keys: SecretKeys): Promise<string> {
  if (hasTwoFactor(user)) throw new DomainError('conflict', 'codes are asked for already: end that first');
  const secret = newTotpSecret();
  const sealed = sealSecret(keys.present, aadOf(user.id), secret);
  await tx
    .updateTable('auth.user')
    .set({
      ...NO_TOTP,
      totp_key_id: sealed.keyId,
      totp_wrapped_key: sealed.wrappedKey,
      totp_ciphertext: sealed.ciphertext,
    })
    .where('id', '=', user.id)
    .execute();
  return secret;
}

/** @returns recovery codes, kept as hashes only; undefined when the code is wrong */
export async function confirmTwoFactor(
  tx: Db,
  user: UserRow,
  code: string,
  keys: SecretKeys,
  now: Instant,
): Promise<string[] | undefined> {
  if (hasTwoFactor(user)) throw new DomainError('conflict', 'codes are asked for already');
  if (sealedOf(user) === undefined) throw new DomainError('conflict', 'ask for a secret first');
  if (!(await takeStep(tx, user, code, keys, now))) return undefined;
  await tx.updateTable('auth.user').set({ totp_confirmed_at: now }).where('id', '=', user.id).execute();
  await tx.deleteFrom('auth.recovery_code').where('user_id', '=', user.id).execute();
  const codes = newRecoveryCodes();
  await tx
    .insertInto('auth.recovery_code')
    .values(codes.map((one) => ({ user_id: user.id, code_hash: hashRecoveryCode(one) })))
    .execute();
  return codes;
}

export async function removeTwoFactor(tx: Db, userId: string): Promise<void> {
  await tx.updateTable('auth.user').set(NO_TOTP).where('id', '=', userId).execute();
  await tx.deleteFrom('auth.recovery_code').where('user_id', '=', userId).execute();
}

/** Each code is good once, that of an app and one for recovery alike; of two who show it at once one is believed. */
export async function takeCode(
  db: Db,
  user: UserRow,
  code: string,
  keys: SecretKeys,
  now: Instant,
): Promise<boolean> {
  if (await takeStep(db, user, code, keys, now)) return true;
  const { numDeletedRows } = await db
    .deleteFrom('auth.recovery_code')
    .where('user_id', '=', user.id)
    .where('code_hash', '=', hashRecoveryCode(code))
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

async function takeStep(
  db: Db,
  user: UserRow,
  code: string,
  keys: SecretKeys,
  now: Instant,
): Promise<boolean> {
  const sealed = sealedOf(user);
  if (sealed === undefined) return false;
  const step = stepOf(openSecret(keys.all, aadOf(user.id), sealed), code, now);
  if (step === undefined) return false;
  const { numUpdatedRows } = await db
    .updateTable('auth.user')
    .set({ totp_last_step: step })
    .where('id', '=', user.id)
    .where('totp_ciphertext', '=', sealed.ciphertext)
    .where(sql<boolean>`coalesce(totp_last_step, 0) < ${step}`)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** After a rotation of the master key, as with any secret. @returns how many */
export async function rewrapTwoFactor(db: Database, keys: SecretKeys, presentId: string): Promise<number> {
  const rows = await db.selectFrom('auth.user').selectAll().where('totp_key_id', '<>', presentId).execute();
  for (const row of rows) {
    const sealed = sealedOf(row);
    if (sealed === undefined) continue;
    const { keyId, wrappedKey } = rewrapSecret(keys.present, keys.all, aadOf(row.id), sealed);
    // Whoever began anew meanwhile has sealed it under the present key.
    await db
      .updateTable('auth.user')
      .set({ totp_key_id: keyId, totp_wrapped_key: wrappedKey })
      .where('id', '=', row.id)
      .where('totp_ciphertext', '=', sealed.ciphertext)
      .execute();
  }
  return rows.length;
}
