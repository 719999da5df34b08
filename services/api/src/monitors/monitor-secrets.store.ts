import type { MonitorTestInput } from '@tocsin/http-api';
import type { JsonObject } from '@tocsin/kernel';
import { fillMasked } from '../secrets/masked.js';
import { fullSettings } from '../secrets/settings.store.js';
import type { Database, SecretKeys } from '../wiring.js';
import { isMoved, requireSameType, secretPathsOf } from './monitor.js';
import { findMonitor } from './monitor.store.js';

/** Settings as they came in, with the stored secrets of the monitor they are about where their masks were. */
export async function filledConfig(
  db: Database,
  project: string,
  { id, type, target, config }: MonitorTestInput,
  keys: SecretKeys,
): Promise<unknown> {
  const row = await findMonitor(db, project, id ?? '');
  requireSameType(row, type);
  const stored: JsonObject = await fullSettings(db, 'monitor', row, keys);
  return fillMasked({
    config,
    stored,
    paths: secretPathsOf(row.type, stored),
    isMoved: () => isMoved(row, target),
  });
}
