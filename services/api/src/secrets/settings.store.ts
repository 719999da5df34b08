import { isDeepStrictEqual } from 'node:util';
import { joinSecrets, splitSecrets } from '@tocsin/contracts';
import { maskSecrets } from '@tocsin/http-api';
import type { Instant, JsonObject } from '@tocsin/kernel';
import type { Tx } from '../changes/change.store.js';
import type { SecretRow } from '../database.js';
import type { Database, SecretKeys } from '../wiring.js';
import { findSecret, removeSecrets, storeSecret } from './secret.store.js';

interface Record {
  readonly id: string;
  readonly config: JsonObject;
  readonly secret_version: number | null;
}

export interface SettingsColumns {
  readonly config: JsonObject;
  readonly masks: JsonObject;
  readonly secret_version: number | null;
}

/** The settings of a record with its secrets in their places. */
export async function fullSettings(
  tx: Database,
  kind: SecretRow['record_kind'],
  row: Record,
  keys: SecretKeys,
): Promise<JsonObject> {
  const { id, secret_version: version } = row;
  if (version === null) return row.config;
  const secret = await findSecret(tx, { kind, id, version }, keys);
  if (secret === undefined) throw new Error(`the secret ${version} of ${kind} ${id} is gone`);
  return joinSecrets(row.config, secret);
}

export interface NewSettings {
  readonly kind: SecretRow['record_kind'];
  readonly id: string;
  /** the revision these settings come with: a secret's version is never used twice */
  readonly revision: number;
  readonly full: JsonObject;
  readonly paths: readonly (readonly string[])[];
  /** what was stored before */
  readonly before?: { readonly full: JsonObject; readonly secretVersion: number | null } | undefined;
  readonly now: Instant;
}

/** Seals what is secret if it is new. @returns the columns that stay in the record */
export async function storeSettings(
  tx: Tx,
  { kind, id, revision, full, paths, before, now }: NewSettings,
  keys: SecretKeys,
): Promise<SettingsColumns> {
  const { open, secret } = splitSecrets(full, paths);
  const masks = splitSecrets(maskSecrets(full, paths), paths).secret;
  const columns = { config: open, masks };
  if (Object.keys(secret).length === 0) {
    if (before?.secretVersion != null) await removeSecrets(tx, id);
    return { ...columns, secret_version: null };
  }
  if (before?.secretVersion != null && isDeepStrictEqual(full, before.full))
    return { ...columns, secret_version: before.secretVersion };
  const ref = { kind, id, version: revision };
  await storeSecret(tx, { ...ref, secret, before: before?.secretVersion ?? null }, keys, now);
  return { ...columns, secret_version: revision };
}
