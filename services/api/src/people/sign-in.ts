import type { SignInInput } from '@tocsin/http-api';
import { DomainError, type Instant } from '@tocsin/kernel';
import { networkOf } from '../http/peer.js';
import type { Database, SecretKeys } from '../wiring.js';
import { forgiveAttempt, type Guesser, takeAttempt } from './attempts.store.js';
import { verifyPassword } from './password-hash.js';
import { endSession, insertSession, type SessionSpan } from './session.store.js';
import type { SessionRow, UserRow } from './tables.js';
import { takeCode } from './two-factor.store.js';
import { emailKey, hasTwoFactor } from './user.js';
import { userByEmail } from './user.store.js';

/** The browser that asks. */
export interface Browser {
  readonly ip: string;
  readonly userAgent: string | undefined;
  /** what its cookie holds now; empty when nothing */
  readonly secret: string;
}

export interface SignedIn {
  readonly user: UserRow;
  /** for its cookie */
  readonly secret: string;
}

export interface SigningIn {
  readonly db: Database;
  readonly keys: SecretKeys;
  readonly span: SessionSpan;
}

/** Says when it is worth trying again. */
export class TooManyAttempts extends DomainError {
  constructor(readonly retryAfterSeconds: number) {
    super('too_many_requests', `too many attempts: try again in ${retryAfterSeconds} s`);
  }
}

/** @throws TooManyAttempts */
export async function countAttempt(db: Database, guesser: Guesser, now: Instant): Promise<void> {
  const wait = await takeAttempt(db, guesser, now);
  if (wait > 0) throw new TooManyAttempts(wait);
}

export const guesserOf = (email: string, ip: string): Guesser => ({
  account: emailKey(email),
  network: networkOf(ip),
});

const wrong = (): DomainError =>
  new DomainError('unauthorized', 'the e-mail address or the password is wrong');

/**
 * 1. count, 2. compare, 3. ask for a code, 4. begin. Nothing tells a wrong address from a wrong password or a disabled
 * user: not the answer, not the time it takes.
 * @throws DomainError `unauthorized`, `code_required`
 */
export async function signIn(
  { db, keys, span }: SigningIn,
  { email, password, code }: SignInInput,
  browser: Browser,
  now: Instant,
): Promise<SignedIn> {
  const guesser = guesserOf(email, browser.ip);
  await countAttempt(db, guesser, now);
  const user = await userByEmail(db, email);
  const isRight = await verifyPassword(password, user?.password_hash ?? null);
  if (user === undefined || !isRight || user.disabled_at !== null) throw wrong();
  if (hasTwoFactor(user)) await requireCode({ db, keys }, user, code, guesser, now);
  const secret = await beginSession(db, { user, method: 'password', browser }, span, now);
  if (secret === undefined) throw wrong();
  await forgiveAttempt(db, guesser);
  return { user, secret };
}

async function requireCode(
  { db, keys }: Pick<SigningIn, 'db' | 'keys'>,
  user: UserRow,
  code: string | undefined,
  guesser: Guesser,
  now: Instant,
): Promise<void> {
  if (code === undefined) {
    // The password was no guess; the account keeps its count, or codes could be guessed for ever in between.
    await forgiveAttempt(db, guesser, 'network');
    throw new DomainError('code_required', 'give the code of your authenticator app, or a recovery code');
  }
  if (!(await takeCode(db, user, code, keys, now)))
    throw new DomainError('code_required', 'this code is wrong or was used: give the next one');
}

interface Beginning {
  readonly user: UserRow;
  readonly method: SessionRow['method'];
  readonly browser: Browser;
}

/**
 * The session the browser had before ends with it.
 * @returns undefined when the user was changed since they were looked at
 */
export async function beginSession(
  db: Database,
  { user, method, browser }: Beginning,
  span: SessionSpan,
  now: Instant,
): Promise<string | undefined> {
  return await db.transaction().execute(async (tx) => {
    const updated = await tx
      .updateTable('auth.user')
      .set({ last_signed_in_at: now })
      .where('id', '=', user.id)
      .where('disabled_at', 'is', null)
      .where('password_hash', 'is not distinct from', user.password_hash)
      .returning('id')
      .executeTakeFirst();
    if (updated === undefined) return undefined;
    if (browser.secret !== '') await endSession(tx, browser.secret);
    const session = { userId: user.id, method, network: browser.ip, userAgent: browser.userAgent };
    return await insertSession(tx, session, span, now);
  });
}
