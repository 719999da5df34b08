import { MASK, parseInput, type VariableInput, variableInput } from '@tocsin/http-api';
import { DomainError, type Instant, type JsonObject, newId } from '@tocsin/kernel';
import { recordChanges, type Tx } from '../changes/change.store.js';
import { configEvent } from '../changes/config-event.js';
import { ownedBy } from '../changes/owner.js';
import { requireRevision } from '../changes/revision.js';
import type { VariableRow } from '../database.js';
import type { Call } from '../http/call.js';
import { isObject } from '../secrets/masked.js';
import { removeSecrets } from '../secrets/secret.store.js';
import type { SecretKeys } from '../wiring.js';
import { columnsOf, refuseReadable } from './variable.js';
import { findVariable, saveVariable, takeTurns } from './variable.store.js';
import { openValues, sealValue } from './variable-value.store.js';

export async function createVariable(
  tx: Tx,
  { caller, body }: Call<VariableInput>,
  keys: SecretKeys,
  now: Instant,
): Promise<VariableRow> {
  await takeTurns(tx, caller.project);
  refuseMask(body);
  const row: VariableRow = {
    id: newId(),
    project: caller.project,
    ...columnsOf(body),
    secret_version: body.secret ? 1 : null,
    revision: 1,
    created_at: now,
    updated_at: now,
  };
  await saveVariable(tx, caller, row);
  if (body.secret) await sealValue(tx, row, body.value, null, keys, now);
  return row;
}

/**
 * 1. load, 2. fill in what was not shown and parse the whole, 3. write.
 * @param next the variable as it shall be, made of how it was shown
 */
export async function reviseVariable(
  tx: Tx,
  call: Call,
  next: (shown: JsonObject) => unknown,
  keys: SecretKeys,
  now: Instant,
): Promise<VariableRow> {
  await takeTurns(tx, call.caller.project);
  const before = await findVariable(tx, call.caller.project, call.id);
  requireRevision(call, before.revision);
  const stored = (await openValues(tx, [before], keys)).get(before.id) ?? '';

  const input = parseInput(variableInput, filled(before, stored, next(shownOf(before))));
  refuseReadable(before, input);
  refuseMask(input);

  const columns = columnsOf(input, before);
  const isSame = Object.entries(columns).every(
    ([name, value]) => before[name as keyof VariableRow] === value,
  );
  const isSameValue = input.value === stored;
  if (isSame && isSameValue) return before;
  const revision = before.revision + 1;
  const isResealed = input.secret && !(before.secret && isSameValue);
  const secretVersion = isResealed ? revision : before.secret_version;
  const row = { ...before, ...columns, secret_version: secretVersion, revision, updated_at: now };
  await saveVariable(tx, call.caller, row);
  if (isResealed) await sealValue(tx, row, input.value, before.secret_version, keys, now);
  return row;
}

export async function deleteVariable(tx: Tx, call: Call, now: Instant): Promise<void> {
  const { caller } = call;
  await takeTurns(tx, caller.project);
  const { id, revision } = await findVariable(tx, caller.project, call.id);
  requireRevision(call, revision);
  await tx.deleteFrom('config.variables').where('id', '=', id).execute();
  await removeSecrets(tx, id);
  const change = { variableId: id, revision: revision + 1 };
  await recordChanges(tx, [configEvent('VariableDeleted', { kind: 'variable', id }, caller, now, change)]);
}

const shownOf = ({ name, secret, value, description, managed_by }: VariableRow): JsonObject => ({
  name,
  secret,
  value,
  ...(description === null ? {} : { description }),
  ...ownedBy({ managed_by }),
});

/** Sent back as it was shown, a secret is kept; so is that it is one, when nothing is said of it. */
function filled(before: VariableRow, stored: string, whole: unknown): unknown {
  if (!isObject(whole) || !before.secret) return whole;
  const isKept = whole.value === null || whole.value === MASK;
  return { secret: true, ...whole, ...(isKept ? { value: stored } : {}) };
}

function refuseMask({ secret, value }: VariableInput): void {
  if (!secret || value !== MASK) return;
  const message = 'must be the secret itself: none is stored';
  throw new DomainError('validation_failed', `value: ${message}`, [{ field: 'value', message }]);
}
