import type { VariableInput, VariableView } from '@tocsin/http-api';
import { DomainError } from '@tocsin/kernel';
import type { Change } from '../changes/config-event.js';
import { type Owned, ownedBy, ownerOf } from '../changes/owner.js';
import type { VariableRow } from '../database.js';

/** All variables of a project go to an executor in one answer, beside the test they are for. */
export const MAX_BYTES = 512 * 1024;

/** What a value takes of that answer. */
export const bytesOf = (value: string): number => Buffer.byteLength(JSON.stringify(value));

/** What a caller may set, as columns; a secret value apart, which is sealed. */
export const columnsOf = (
  { name, value, secret, description, managedBy }: VariableInput,
  before?: Owned,
) => ({
  name,
  secret,
  value: secret ? null : value,
  bytes: bytesOf(value),
  description: description ?? null,
  managed_by: ownerOf({ managedBy }, before),
});

export const viewOf = (row: VariableRow): VariableView => ({
  id: row.id,
  name: row.name,
  value: row.value,
  secret: row.secret,
  ...(row.description === null ? {} : { description: row.description }),
  ...ownedBy(row),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  revision: row.revision,
});

export const configuredOf = (row: VariableRow): Change<'VariableConfigured'> => ({
  variableId: row.id,
  revision: row.revision,
  name: row.name,
  ...(row.value === null ? {} : { value: row.value }),
  ...(row.secret_version === null ? {} : { secretVersion: row.secret_version }),
  ...ownedBy(row),
});

/** @throws DomainError `validation_failed` where what is secret would become readable */
export function refuseReadable(before: VariableRow, { secret }: VariableInput): void {
  if (!before.secret || secret) return;
  const message = 'what is secret stays so: delete the variable and create it anew';
  throw new DomainError('validation_failed', `secret: ${message}`, [{ field: 'secret', message }]);
}
