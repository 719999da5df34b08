import { createHash, randomBytes } from 'node:crypto';

const PREFIXES = { token: 'tocsin_', key: 'tocsinkey_' } as const;
/** `key`: starts one job and does nothing else, and can be told from a token at a glance */
type Kind = keyof typeof PREFIXES;

const RANDOM_BYTES = 24;
const RANDOM_CHARS = 32;
const CHECKSUM_CHARS = 6;
const FORM = new RegExp(`^${PREFIXES.token}[A-Za-z0-9_-]{${RANDOM_CHARS + CHECKSUM_CHARS}}$`);

/** 192 random bits behind a prefix that secret scanners find, with a checksum that spares a look-up for typos. */
export function newTokenText(kind: Kind = 'token'): string {
  const body = PREFIXES[kind] + randomBytes(RANDOM_BYTES).toString('base64url');
  return body + checksum(body);
}

export const isTokenText = (text: string): boolean =>
  FORM.test(text) && checksum(text.slice(0, -CHECKSUM_CHARS)) === text.slice(-CHECKSUM_CHARS);

/** All that is kept of a token: with this much randomness a fast hash cannot be run backwards. */
export const hashToken = (text: string): Buffer => createHash('sha256').update(text).digest();

const checksum = (body: string): string =>
  createHash('sha256').update(`checksum|${body}`).digest('base64url').slice(0, CHECKSUM_CHARS);

/** For a URL: 192 random bits, nothing else. */
export const newHeartbeatToken = (): string => randomBytes(RANDOM_BYTES).toString('base64url');
