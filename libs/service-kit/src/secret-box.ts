import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from 'node:crypto';
import type { Secret } from './secret.js';

/** A text at rest: encrypted under a key of its own, which is encrypted under the master key. */
export interface SealedSecret {
  /** names the master key without telling anything of it */
  readonly keyId: string;
  readonly wrappedKey: Buffer;
  /** iv ‖ tag ‖ data */
  readonly ciphertext: Buffer;
}

const cipher = 'aes-256-gcm';
const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

/** Deriving is slow on purpose where it is needed at all, so it is done once per key. */
const derived = new WeakMap<Secret, Buffer>();

/** 32 bytes in base64 or hex are taken as they are; anything else is a passphrase. */
function keyOf(master: Secret): Buffer {
  const known = derived.get(master);
  if (known !== undefined) return known;
  const text = master.reveal();
  const bytes = /^[0-9a-f]{64}$/i.test(text)
    ? Buffer.from(text, 'hex')
    : /^[A-Za-z0-9+/_-]{43}=?$/.test(text)
      ? Buffer.from(text, 'base64')
      : scryptSync(text, 'tocsin.secret-box.1', keyBytes, { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 });
  derived.set(master, bytes);
  return bytes;
}

export const secretKeyId = (master: Secret): string =>
  createHash('sha256').update(keyOf(master)).digest('hex').slice(0, 8);

function encrypt(key: Buffer, aad: string, data: Buffer): Buffer {
  const iv = randomBytes(ivBytes);
  const gcm = createCipheriv(cipher, key, iv).setAAD(Buffer.from(aad));
  const body = Buffer.concat([gcm.update(data), gcm.final()]);
  return Buffer.concat([iv, gcm.getAuthTag(), body]);
}

function decrypt(key: Buffer, aad: string, sealed: Buffer): Buffer {
  const tag = sealed.subarray(ivBytes, ivBytes + tagBytes);
  const gcm = createDecipheriv(cipher, key, sealed.subarray(0, ivBytes), { authTagLength: tagBytes })
    .setAAD(Buffer.from(aad))
    .setAuthTag(tag);
  return Buffer.concat([gcm.update(sealed.subarray(ivBytes + tagBytes)), gcm.final()]);
}

/** The wrapped key is bound to the record too, and cannot pass for its data. */
const keyAad = (aad: string): string => `key|${aad}`;

/** @param aad what the secret belongs to, `<record_kind>:<record_id>:<version>`: it opens for nothing else */
export function sealSecret(master: Secret, aad: string, plaintext: string): SealedSecret {
  const key = randomBytes(keyBytes);
  return {
    keyId: secretKeyId(master),
    wrappedKey: encrypt(keyOf(master), keyAad(aad), key),
    ciphertext: encrypt(key, aad, Buffer.from(plaintext)),
  };
}

function unwrap(masters: readonly Secret[], aad: string, { keyId, wrappedKey }: SealedSecret): Buffer {
  const master = masters.find((candidate) => secretKeyId(candidate) === keyId);
  if (master === undefined)
    throw new Error(
      `the secret of ${aad} was sealed with key ${keyId}, which is not given: put that key back as TOCSIN_SECRET_KEY or into TOCSIN_SECRET_KEY_PREVIOUS`,
    );
  try {
    return decrypt(keyOf(master), keyAad(aad), wrappedKey);
  } catch (cause) {
    throw new Error(`the secret of ${aad} was changed or belongs to another record`, { cause });
  }
}

/**
 * @param masters the present master key and those before it, in any order
 * @throws when none of them sealed it, and when it was changed or belongs to another record
 */
export function openSecret(masters: readonly Secret[], aad: string, sealed: SealedSecret): string {
  const key = unwrap(masters, aad, sealed);
  try {
    return decrypt(key, aad, sealed.ciphertext).toString('utf8');
  } catch (cause) {
    throw new Error(`the secret of ${aad} was changed or belongs to another record`, { cause });
  }
}

/** For rotation: the same ciphertext, its key wrapped by another master key. */
export function rewrapSecret(
  master: Secret,
  masters: readonly Secret[],
  aad: string,
  sealed: SealedSecret,
): SealedSecret {
  const key = unwrap(masters, aad, sealed);
  return { ...sealed, keyId: secretKeyId(master), wrappedKey: encrypt(keyOf(master), keyAad(aad), key) };
}
