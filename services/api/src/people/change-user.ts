import type { UserInput, UserPatch } from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';
import type { Tx } from '../changes/change.store.js';
import type { Call } from '../http/call.js';
import { authorOf, recordUserChange } from './change.store.js';
import { endSessionsOf } from './session.store.js';
import type { UserRow } from './tables.js';
import { removeTwoFactor } from './two-factor.store.js';
import { changeUser, insertUser, lockPeople, lockUser, requireAnotherAdministrator } from './user.store.js';

export async function createUser(
  tx: Tx,
  { caller, body }: Call<UserInput>,
  { passwordHash, isTemporary }: { readonly passwordHash: string; readonly isTemporary: boolean },
  now: Instant,
): Promise<UserRow> {
  const { email, name, role } = body;
  const after = await insertUser(tx, { email, name, role, passwordHash, isTemporary }, now);
  await recordUserChange(tx, authorOf(caller), { action: 'created', after }, now);
  return after;
}

const administers = (row: Pick<UserRow, 'role' | 'disabled_at'>): boolean =>
  row.role === 'admin' && row.disabled_at === null;

/** Another role, or none at all for now: what was begun in the former one ends, but for the session that says so. */
export async function updateUser(
  tx: Tx,
  { caller, id, body }: Call<UserPatch>,
  now: Instant,
): Promise<{ readonly before: UserRow; readonly after: UserRow }> {
  await lockPeople(tx);
  const before = await lockUser(tx, caller.project, id);
  const wanted = {
    name: body.name ?? before.name,
    role: body.role ?? before.role,
    disabled_at: (body.disabled ?? before.disabled_at !== null) ? (before.disabled_at ?? now) : null,
  };
  if (administers(before) && !administers(wanted)) await requireAnotherAdministrator(tx, id);
  const after = await changeUser(tx, id, wanted, now);
  if (after.disabled_at !== null) await endSessionsOf(tx, id);
  else if (after.role !== before.role) await endSessionsOf(tx, id, caller.session?.id);
  await recordUserChange(tx, authorOf(caller), { action: 'changed', before, after }, now);
  return { before, after };
}

export async function deleteUser(tx: Tx, { caller, id }: Call, now: Instant): Promise<void> {
  await lockPeople(tx);
  const before = await lockUser(tx, caller.project, id);
  if (administers(before)) await requireAnotherAdministrator(tx, id);
  await tx.deleteFrom('auth.user').where('id', '=', id).execute();
  await recordUserChange(tx, authorOf(caller), { action: 'deleted', before }, now);
}

export async function resetPassword(tx: Tx, call: Call, passwordHash: string, now: Instant): Promise<void> {
  const { caller, id } = call;
  const before = await lockUser(tx, caller.project, id);
  const change = { password_hash: passwordHash, password_is_temporary: true };
  const after = await changeUser(tx, id, change, now);
  await endSessionsOf(tx, id);
  await recordUserChange(tx, authorOf(caller), { action: 'password_reset', before, after }, now);
}

export async function resetTwoFactor(tx: Tx, { caller, id }: Call, now: Instant): Promise<void> {
  const before = await lockUser(tx, caller.project, id);
  await removeTwoFactor(tx, id);
  const after = await lockUser(tx, caller.project, id);
  await recordUserChange(tx, authorOf(caller), { action: 'two_factor_off', before, after }, now);
}
