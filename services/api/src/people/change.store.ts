import { appendToTrail } from '@tocsin/audit';
import type { Actor } from '@tocsin/contracts';
import { type Instant, type JsonObject, newId } from '@tocsin/kernel';
import type { Transaction } from 'kysely';
import type { ApiDatabase } from '../database.js';
import { actorOf, type Caller } from '../http/call.js';
import type { ChangeRow, UserRow } from './tables.js';
import { userView } from './user.js';
import { PROJECT } from './user.store.js';

/** Who, and from where. */
export interface Author {
  readonly actor: Actor;
  readonly network: string | null;
  readonly project: string;
}

export const authorOf = (caller: Caller): Author => ({
  actor: actorOf(caller),
  network: caller.network ?? null,
  project: caller.project,
});

/** Somebody who is not signed in yet, or this service itself. */
export const systemAt = (network: string | null): Author => ({
  actor: { kind: 'system', id: '', name: 'system' },
  network,
  project: PROJECT,
});

export interface AccessChange {
  readonly kind: ChangeRow['kind'];
  readonly action: string;
  readonly id: string;
  readonly name: string;
  readonly before?: JsonObject | undefined;
  readonly after?: JsonObject | undefined;
}

/** Beside the log: who may do what is the business of the audit trail and of nobody else. */
export async function recordAccess(
  tx: Transaction<ApiDatabase>,
  { actor, network, project }: Author,
  { kind, action, id, name, before, after }: AccessChange,
  now: Instant,
): Promise<void> {
  const row: ChangeRow = {
    id: newId(),
    project,
    changed_at: now,
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_name: actor.name,
    network,
    kind,
    action,
    entity_id: id,
    entity_name: name,
    before: before ?? null,
    after: after ?? null,
  };
  await tx.insertInto('auth.change').values(row).execute();
  await appendToTrail(tx, [{ table: 'auth.change', id: row.id, row }]);
}

export interface UserChange {
  readonly action:
    | 'created'
    | 'changed'
    | 'deleted'
    | 'password_changed'
    | 'password_reset'
    | 'two_factor_on'
    | 'two_factor_off';
  readonly before?: UserRow | undefined;
  readonly after?: UserRow | undefined;
}

export async function recordUserChange(
  tx: Transaction<ApiDatabase>,
  author: Author,
  { action, before, after }: UserChange,
  now: Instant,
): Promise<void> {
  const about = after ?? before;
  if (about === undefined) return;
  const shown = { before: shownOf(before), after: shownOf(after) };
  await recordAccess(tx, author, { kind: 'user', action, id: about.id, name: about.email, ...shown }, now);
}

function shownOf(row: UserRow | undefined): JsonObject | undefined {
  if (row === undefined) return undefined;
  const { email, name, role, disabled, twoFactor, passwordIsTemporary, signsInWith } = userView(row);
  return { email, name, role, disabled, twoFactor, passwordIsTemporary, signsInWith: [...signsInWith] };
}
