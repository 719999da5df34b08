import { isDeepStrictEqual } from 'node:util';
import { type MonitorInput, monitorInput, parseInput } from '@tocsin/http-api';
import { type Instant, type JsonObject, newId } from '@tocsin/kernel';
import { recordChanges, type Tx } from '../changes/change.store.js';
import { configEvent } from '../changes/config-event.js';
import { requireRevision } from '../changes/revision.js';
import type { MonitorRow } from '../database.js';
import { createHeartbeat } from '../heartbeats/heartbeat.store.js';
import type { Call } from '../http/call.js';
import { fillMasked, isObject, refuseMasks } from '../secrets/masked.js';
import { removeSecrets } from '../secrets/secret.store.js';
import { fullSettings, storeSettings } from '../secrets/settings.store.js';
import type { SecretKeys } from '../wiring.js';
import { columnsOf, isMoved, requireSameType, secretPathsOf, shownOf } from './monitor.js';
import { lockMonitor, saveMonitor } from './monitor.store.js';

export async function createMonitor(
  tx: Tx,
  { caller, body }: Call<MonitorInput>,
  keys: SecretKeys,
  now: Instant,
): Promise<MonitorRow> {
  const id = newId();
  const paths = secretPathsOf(body.type, body.config);
  refuseMasks(body.config, paths);
  const settings = await storeSettings(
    tx,
    { kind: 'monitor', id, revision: 1, full: body.config, paths, now },
    keys,
  );
  const row: MonitorRow = {
    id,
    project: caller.project,
    ...columnsOf(body),
    ...settings,
    enabled_at: now,
    revision: 1,
    created_at: now,
    updated_at: now,
  };
  await saveMonitor(tx, caller, row);
  if (body.type === 'heartbeat') await createHeartbeat(tx, id, keys);
  return row;
}

/**
 * 1. load, 2. fill in what was masked and parse the whole, 3. write.
 * @param next the monitor as it shall be, made of how it was shown
 */
export async function reviseMonitor(
  tx: Tx,
  call: Call,
  next: (shown: JsonObject) => unknown,
  keys: SecretKeys,
  now: Instant,
): Promise<MonitorRow> {
  const before = await lockMonitor(tx, call.caller.project, call.id);
  requireRevision(call, before.revision);
  const full = await fullSettings(tx, 'monitor', before, keys);

  const input = parseWhole(before, full, next(shownOf(before)));
  const paths = secretPathsOf(input.type, input.config);
  refuseMasks(input.config, paths);

  const columns = columnsOf(input, before);
  if (
    isDeepStrictEqual(input.config, full) &&
    Object.entries(columns).every(([name, value]) =>
      isDeepStrictEqual(before[name as keyof MonitorRow], value),
    )
  )
    return before;
  const revision = before.revision + 1;
  const settings = await storeSettings(
    tx,
    {
      kind: 'monitor',
      id: before.id,
      revision,
      full: input.config,
      paths,
      before: { full, secretVersion: before.secret_version },
      now,
    },
    keys,
  );
  return await save(tx, call, { ...before, ...columns, ...settings }, before, now);
}

function parseWhole(before: MonitorRow, full: JsonObject, whole: unknown): MonitorInput {
  if (!isObject(whole)) return parseInput(monitorInput, whole);
  if (whole.type !== undefined) requireSameType(before, whole.type);
  const config = fillMasked({
    config: whole.config,
    stored: full,
    paths: secretPathsOf(before.type, full),
    isMoved: () => isMoved(before, whole.target),
  });
  return parseInput(monitorInput, config === undefined ? whole : { ...whole, config });
}

/** Pausing must not depend on whether stored settings still pass today's schema, so nothing is parsed. */
export async function switchMonitor(tx: Tx, call: Call, enabled: boolean, now: Instant): Promise<MonitorRow> {
  const before = await lockMonitor(tx, call.caller.project, call.id);
  if (before.enabled === enabled) return before;
  return await save(tx, call, { ...before, enabled }, before, now);
}

async function save(
  tx: Tx,
  { caller }: Call,
  after: MonitorRow,
  before: MonitorRow,
  now: Instant,
): Promise<MonitorRow> {
  const row = {
    ...after,
    enabled_at: after.enabled && !before.enabled ? now : before.enabled_at,
    revision: before.revision + 1,
    updated_at: now,
  };
  await saveMonitor(tx, caller, row);
  return row;
}

export async function deleteMonitor(tx: Tx, call: Call, now: Instant): Promise<void> {
  const { id, revision, project } = await lockMonitor(tx, call.caller.project, call.id);
  requireRevision(call, revision);
  await tx.deleteFrom('config.monitors').where('id', '=', id).where('project', '=', project).execute();
  await removeSecrets(tx, id);
  const change = { monitorId: id, revision: revision + 1 };
  await recordChanges(tx, [configEvent('MonitorDeleted', { kind: 'monitor', id }, call.caller, now, change)]);
}
