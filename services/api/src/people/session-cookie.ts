import { createHash, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Site } from '../http/site.js';

const RANDOM_BYTES = 24;
const FORM = /^[A-Za-z0-9_-]{32}$/;

/** 192 random bits: all that a session is known by. */
export const newSessionSecret = (): string => randomBytes(RANDOM_BYTES).toString('base64url');

/** All that is kept of it. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Empty when there is none, or none of ours. */
export function sessionSecretOf({ headers }: Pick<FastifyRequest, 'headers'>, { cookie }: Site): string {
  if (cookie === undefined) return '';
  const value = cookieOf(headers.cookie, cookie.name);
  return FORM.test(value) ? value : '';
}

/** The first of that name: browsers send the more specific one first. */
export function cookieOf(header: string | undefined, name: string): string {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at !== -1 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return '';
}

/** @param seconds until the browser forgets it; 0: at once */
export function setCookie(
  reply: FastifyReply,
  { name, secure }: { readonly name: string; readonly secure: boolean },
  value: string,
  seconds: number,
): void {
  const parts = [`${name}=${value}`, 'Path=/', `Max-Age=${seconds}`, 'HttpOnly', 'SameSite=Lax'];
  if (secure) parts.push('Secure');
  void reply.header('set-cookie', parts.join('; '));
}
