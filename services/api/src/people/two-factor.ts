import { createHash, randomBytes } from 'node:crypto';
import { type Instant, toMs } from '@tocsin/kernel';
import { Secret, TOTP } from 'otpauth';

const STEP_SECONDS = 30;
const SECRET_BYTES = 20;
const RECOVERY_CODES = 10;
const RECOVERY_BYTES = 10;

const totpOf = (secret: string, label = ''): TOTP =>
  new TOTP({ issuer: 'Tocsin', label, secret: Secret.fromBase32(secret), period: STEP_SECONDS });

export const newTotpSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

/** What authenticator apps read, as text or from a picture. */
export const totpUri = (secret: string, email: string): string => totpOf(secret, email).toString();

/** Clocks differ by a step. @returns the step the code is of; undefined when of none */
export function stepOf(secret: string, code: string, now: Instant): number | undefined {
  const timestamp = toMs(now);
  const token = code.replaceAll(' ', '');
  if (!/^\d{6}$/.test(token)) return undefined;
  const delta = totpOf(secret).validate({ token, timestamp, window: 1 });
  return delta === null ? undefined : Math.floor(timestamp / 1000 / STEP_SECONDS) + delta;
}

/** 80 random bits each: a fast hash cannot be run backwards. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () =>
    (new Secret({ buffer: new Uint8Array(randomBytes(RECOVERY_BYTES)).buffer }).base32.match(/.{4}/g) ?? [])
      .join('-')
      .toLowerCase(),
  );

export const hashRecoveryCode = (code: string): Buffer =>
  createHash('sha256')
    .update(code.toLowerCase().replaceAll(/[^a-z2-7]/g, ''))
    .digest();
