import type { PasswordInput } from '@tocsin/http-api';
import { DomainError, type Instant } from '@tocsin/kernel';
import type { Call } from '../http/call.js';
import type { Database } from '../wiring.js';
import { forgiveAttempt } from './attempts.store.js';
import { sessionOf } from './browser.js';
import { authorOf, recordUserChange } from './change.store.js';
import { requireGoodPassword } from './password.js';
import { hashPassword, verifyPassword } from './password-hash.js';
import { endSessionsOf, rotateSession } from './session.store.js';
import { countAttempt, guesserOf, type SignedIn } from './sign-in.js';
import { changeUser, lockUser } from './user.store.js';

/**
 * All other sessions end, and this one goes on under another secret. Whoever found a screen unlocked may guess no more
 * often than a stranger.
 */
export async function changePassword(
  db: Database,
  call: Call<PasswordInput>,
  now: Instant,
): Promise<SignedIn> {
  const { caller, body, ip } = call;
  const { id, user } = sessionOf(call);
  const guesser = guesserOf(user.email, ip);
  await countAttempt(db, guesser, now);
  if (!(await verifyPassword(body.current, user.password_hash)))
    throw new DomainError('validation_failed', 'current: is not your password', [
      { field: 'current', message: 'is not your password' },
    ]);
  await forgiveAttempt(db, guesser);
  requireGoodPassword(body.next, user.email, 'next');
  if (body.next === body.current)
    throw new DomainError('validation_failed', 'next: must be another one', [
      { field: 'next', message: 'must be another one' },
    ]);
  const passwordHash = await hashPassword(body.next);
  return await db.transaction().execute(async (tx) => {
    const before = await lockUser(tx, caller.project, user.id);
    if (before.password_hash !== user.password_hash)
      throw new DomainError('conflict', 'the password was changed meanwhile: sign in with the new one');
    const change = { password_hash: passwordHash, password_is_temporary: false };
    const after = await changeUser(tx, user.id, change, now);
    await endSessionsOf(tx, user.id, id);
    await recordUserChange(tx, authorOf(caller), { action: 'password_changed', before, after }, now);
    return { user: after, secret: await rotateSession(tx, id) };
  });
}
