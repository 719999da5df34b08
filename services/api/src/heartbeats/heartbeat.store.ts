import { openSecret, rewrapSecret, sealSecret } from '@tocsin/service-kit';
import type { Kysely } from 'kysely';
import type { Tx } from '../changes/change.store.js';
import type { ApiDatabase, MonitorRow } from '../database.js';
import { fromColumns, toColumns } from '../secrets/secret.store.js';
import { hashToken, newHeartbeatToken } from '../tokens/token-text.js';
import type { Database, SecretKeys } from '../wiring.js';

const aadOf = (monitorId: string): string => `heartbeat:${monitorId}:1`;

/** The token is looked up by its hash and shown again from what is sealed. */
export async function createHeartbeat(tx: Tx, monitorId: string, keys: SecretKeys): Promise<void> {
  const token = newHeartbeatToken();
  const sealed = sealSecret(keys.present, aadOf(monitorId), token);
  await tx
    .insertInto('config.heartbeat')
    .values({ monitor_id: monitorId, token_hash: hashToken(token), ...toColumns(sealed) })
    .execute();
}

/** Tokens by monitor, for those of the ids that are heartbeats. */
export async function heartbeatTokens(
  db: Kysely<ApiDatabase>,
  ids: readonly string[],
  keys: SecretKeys,
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('config.heartbeat')
    .selectAll()
    .where('monitor_id', 'in', [...ids])
    .execute();
  return new Map(
    rows.map((row) => [row.monitor_id, openSecret(keys.all, aadOf(row.monitor_id), fromColumns(row))]),
  );
}

export type Expected = Pick<MonitorRow, 'id' | 'project' | 'revision'>;

/** The monitor that expects heartbeats under this token. */
export async function findByToken(db: Database, token: string): Promise<Expected | undefined> {
  return await db
    .selectFrom('config.heartbeat as h')
    .innerJoin('config.monitors as m', 'm.id', 'h.monitor_id')
    .select(['m.id', 'm.project', 'm.revision'])
    .where('h.token_hash', '=', hashToken(token))
    .executeTakeFirst();
}

/** After a rotation of the master key, as with any secret. @returns how many */
export async function rewrapHeartbeats(db: Database, keys: SecretKeys, presentId: string): Promise<number> {
  const rows = await db.selectFrom('config.heartbeat').selectAll().where('key_id', '<>', presentId).execute();
  for (const row of rows) {
    const sealed = rewrapSecret(keys.present, keys.all, aadOf(row.monitor_id), fromColumns(row));
    await db
      .updateTable('config.heartbeat')
      .set(toColumns(sealed))
      .where('monitor_id', '=', row.monitor_id)
      .execute();
  }
  return rows.length;
}
