import { isDeepStrictEqual } from 'node:util';
import { type ProviderInput, parseInput, providerInput } from '@tocsin/http-api';
import { DomainError, type Instant, type JsonObject, newId } from '@tocsin/kernel';
import type { Tx } from '../changes/change.store.js';
import { requireRevision } from '../changes/revision.js';
import type { ProviderRow } from '../database.js';
import type { Call } from '../http/call.js';
import { fillMasked, isObject, refuseMasks } from '../secrets/masked.js';
import { fullSettings, storeSettings } from '../secrets/settings.store.js';
import type { SecretKeys } from '../wiring.js';
import { columnsOf, isMoved, secretPathsOf, shownOf } from './provider.js';
import { lockProvider, saveProvider } from './provider.store.js';

export async function createProvider(
  tx: Tx,
  { caller, body }: Call<ProviderInput>,
  keys: SecretKeys,
  now: Instant,
): Promise<ProviderRow> {
  const id = newId();
  const paths = secretPathsOf(body.type, body.config);
  refuseMasks(body.config, paths);
  const given = { kind: 'provider' as const, id, revision: 1, full: body.config, paths, now };
  const row: ProviderRow = {
    id,
    project: caller.project,
    ...columnsOf(body),
    ...(await storeSettings(tx, given, keys)),
    revision: 1,
    created_at: now,
    updated_at: now,
  };
  await saveProvider(tx, caller, row);
  return row;
}

/**
 * 1. load, 2. fill in what was masked and parse the whole, 3. write.
 * @param next the provider as it shall be, made of how it was shown
 */
export async function reviseProvider(
  tx: Tx,
  call: Call,
  next: (shown: JsonObject) => unknown,
  keys: SecretKeys,
  now: Instant,
): Promise<ProviderRow> {
  const before = await lockProvider(tx, call.caller.project, call.id);
  requireRevision(call, before.revision);
  const full = await fullSettings(tx, 'provider', before, keys);

  const input = parseWhole(before, full, next(shownOf(before)));
  const paths = secretPathsOf(input.type, input.config);
  refuseMasks(input.config, paths);

  const { id } = before;
  const columns = columnsOf(input, before);
  const isSame = Object.entries(columns).every(
    ([name, value]) => before[name as keyof ProviderRow] === value,
  );
  if (isSame && isDeepStrictEqual(input.config, full)) return before;
  const revision = before.revision + 1;
  const stored = { full, secretVersion: before.secret_version };
  const given = { kind: 'provider' as const, id, revision, full: input.config, paths, before: stored, now };
  const settings = await storeSettings(tx, given, keys);
  const row = { ...before, ...columns, ...settings, revision, updated_at: now };
  await saveProvider(tx, call.caller, row);
  return row;
}

function parseWhole(before: ProviderRow, full: JsonObject, whole: unknown): ProviderInput {
  if (!isObject(whole)) return parseInput(providerInput, whole);
  if (whole.type !== undefined && whole.type !== before.type) {
    const message = `cannot be changed from ${before.type}: create another provider`;
    throw new DomainError('validation_failed', `type: ${message}`, [{ field: 'type', message }]);
  }
  const config = fillMasked({
    config: whole.config,
    stored: full,
    paths: secretPathsOf(before.type, full),
    isMoved: (filled) => isMoved(full, filled),
  });
  return parseInput(providerInput, config === undefined ? whole : { ...whole, config });
}
