import { randomInt } from 'node:crypto';
import { DomainError } from '@tocsin/kernel';
import { COMMON_PASSWORDS } from './common-passwords.js';

/** @throws DomainError `validation_failed` naming the field, for what a guesser tries first */
export function requireGoodPassword(password: string, email: string, field: string): void {
  const message = weaknessOf(password, email);
  if (message !== undefined)
    throw new DomainError('validation_failed', `${field}: ${message}`, [{ field, message }]);
}

export function weaknessOf(password: string, email: string): string | undefined {
  const plain = password.normalize('NFKC').toLowerCase();
  const address = email.toLowerCase();
  const [local = ''] = address.split('@');
  if (plain === address || (local.length >= 4 && stripped(plain) === stripped(local)))
    return 'must not be the e-mail address';
  if (new Set(plain).size < 4) return 'must not repeat a few characters';
  if (COMMON_PASSWORDS.has(plain) || COMMON_PASSWORDS.has(stripped(plain)))
    return 'is one of the commonest: choose another';
  return undefined;
}

/** Without the digits and signs that people add to a word to make it long enough. */
const stripped = (text: string): string => text.replace(/[^\p{L}]+$/u, '').replace(/^[^\p{L}]+/u, '');

/** Neither 0 and O, nor 1, l and I: somebody will read it out to somebody else. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** Twenty letters in fours: 116 bits. */
export const oneTimePassword = (): string =>
  Array.from({ length: 5 }, () =>
    Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join(''),
  ).join('-');
