import { type SetupInput, setupInput } from '@tocsin/http-api';
import { DomainError, type Instant } from '@tocsin/kernel';
import type { Clock, Database } from '../wiring.js';
import { recordUserChange, systemAt } from './change.store.js';
import { requireGoodPassword } from './password.js';
import { hashPassword } from './password-hash.js';
import type { UserRow } from './tables.js';
import { hasAdministrator, insertUser, lockPeople } from './user.store.js';

/**
 * Of any number at once exactly one makes it.
 * @throws DomainError `conflict` when there is an administrator
 */
export async function makeFirstAdministrator(
  db: Database,
  { email, name, password }: Pick<SetupInput, 'email' | 'name' | 'password'>,
  network: string | null,
  now: Instant,
): Promise<UserRow> {
  requireGoodPassword(password, email, 'password');
  // Before the slow part, for the sake of whoever asks in vain; once more in turn.
  if (await hasAdministrator(db)) throw taken();
  const passwordHash = await hashPassword(password);
  return await db.transaction().execute(async (tx) => {
    await lockPeople(tx);
    if (await hasAdministrator(tx)) throw taken();
    const user = await insertUser(tx, { email, name, role: 'admin', passwordHash }, now);
    await recordUserChange(tx, systemAt(network), { action: 'created', after: user }, now);
    return user;
  });
}

const taken = (): DomainError => new DomainError('conflict', 'there is an administrator already: sign in');

export interface GivenAdministrator {
  readonly email: string;
  readonly password: string;
}

/** From the environment, at a first start. @returns whether it was made now */
export async function makeGivenAdministrator(
  db: Database,
  given: GivenAdministrator,
  clock: Clock,
): Promise<boolean> {
  if (await hasAdministrator(db)) return false;
  const [name = ''] = given.email.split('@');
  const input = setupInput.safeParse({ ...given, name });
  if (!input.success)
    throw new Error(
      'TOCSIN_ADMIN_EMAIL must be an e-mail address and TOCSIN_ADMIN_PASSWORD have 10 to 128 characters',
    );
  try {
    await makeFirstAdministrator(db, input.data, null, clock());
    return true;
  } catch (error) {
    // Another replica was faster.
    if (error instanceof DomainError && error.code === 'conflict') return false;
    if (error instanceof DomainError)
      throw new Error(`TOCSIN_ADMIN_PASSWORD: ${error.message}`, { cause: error });
    throw error;
  }
}
