import { DomainError } from '@tocsin/kernel';
import type { FastifyReply } from 'fastify';
import type { Call } from '../http/call.js';
import type { Session, SessionSpan } from './session.store.js';
import { cookieOf, setCookie } from './session-cookie.js';
import { type Browser, TooManyAttempts } from './sign-in.js';

/** Whose session it is; the guard has let nobody else in. */
export function sessionOf({ caller }: Call): Session {
  if (caller.session === undefined) throw new DomainError('unauthorized', 'sign in');
  return caller.session;
}

/** @throws DomainError `forbidden` where a browser could keep no session safely */
export function browserOf(call: Call): Browser {
  const { name } = cookieFor(call);
  const { userAgent, cookies } = call.browser;
  return { ip: call.ip, userAgent, secret: cookieOf(cookies, name) };
}

export function giveSession(reply: FastifyReply, call: Call, secret: string, { wholeMs }: SessionSpan): void {
  setCookie(reply, cookieFor(call), secret, Math.floor(wholeMs / 1000));
}

export const clearSession = (reply: FastifyReply, call: Call): void =>
  setCookie(reply, cookieFor(call), '', 0);

function cookieFor({ site }: Call) {
  if (site.cookie === undefined)
    throw new DomainError(
      'forbidden',
      `signing in over plain http sends the password to whoever listens: put TLS in front, or set TOCSIN_PUBLIC_URL=${site.origin} if this network is yours alone`,
    );
  return site.cookie;
}

/** Who has tried too often is told when to come back. */
export async function tellingWhen<T>(reply: FastifyReply, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TooManyAttempts) void reply.header('retry-after', String(error.retryAfterSeconds));
    throw error;
  }
}
