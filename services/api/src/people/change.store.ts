import type { Actor } from '@tocsin/contracts';
import { type Instant, type JsonObject, newId } from '@tocsin/kernel';
import type { Kysely } from 'kysely';
import type { ApiDatabase } from '../database.js';
import type { UserRow } from './tables.js';
import { userView } from './user.js';

export const SYSTEM: Actor = { kind: 'system', id: '', name: 'system' };

export interface Change {
  readonly actor: Actor;
  readonly network: string | null;
  readonly action:
    | 'created'
    | 'changed'
    | 'deleted'
    | 'password_changed'
    | 'password_reset'
    | 'two_factor_on'
    | 'two_factor_off';
  readonly before?: UserRow;
  readonly after?: UserRow;
}

/** Beside the log: who may do what is nobody's business but that of the audit trail. */
export async function recordChange(
  tx: Kysely<ApiDatabase>,
  { actor, network, action, before, after }: Change,
  now: Instant,
): Promise<void> {
  const about = after ?? before;
  if (about === undefined) return;
  await tx
    .insertInto('auth.change')
    .values({
      id: newId(),
      project: about.project,
      changed_at: now,
      actor_kind: actor.kind,
      actor_id: actor.id,
      actor_name: actor.name,
      network,
      kind: 'user',
      action,
      entity_id: about.id,
      entity_name: about.email,
      before: shownOf(before),
      after: shownOf(after),
    })
    .execute();
}

function shownOf(row: UserRow | undefined): JsonObject | null {
  if (row === undefined) return null;
  const { email, name, role, disabled, twoFactor, passwordIsTemporary, signsInWith } = userView(row);
  return { email, name, role, disabled, twoFactor, passwordIsTemporary, signsInWith: [...signsInWith] };
}
