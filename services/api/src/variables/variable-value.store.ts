import type { Instant } from '@tocsin/kernel';
import type { Kysely } from 'kysely';
import type { ApiDatabase, VariableRow } from '../database.js';
import { findSecrets, storeSecret } from '../secrets/secret.store.js';
import type { SecretKeys } from '../wiring.js';

type Db = Kysely<ApiDatabase>;

/** The values of variables, secret or not, by id. */
export async function openValues(
  db: Db,
  rows: readonly VariableRow[],
  keys: SecretKeys,
): Promise<ReadonlyMap<string, string>> {
  const sealed = rows.flatMap(({ id, secret_version: version }) =>
    version === null ? [] : [{ id, version }],
  );
  const secrets = await findSecrets(db, 'variable', sealed, keys);
  return new Map(
    rows.map(({ id, value }) => {
      const opened = value ?? secrets.get(id)?.value;
      if (typeof opened !== 'string') throw new Error(`the secret of variable ${id} is gone`);
      return [id, opened];
    }),
  );
}

/** @param before version that stays for runs under way */
export async function sealValue(
  tx: Db,
  { id, revision: version }: VariableRow,
  value: string,
  before: number | null,
  keys: SecretKeys,
  now: Instant,
): Promise<void> {
  await storeSecret(tx, { kind: 'variable', id, version, secret: { value }, before }, keys, now);
}
