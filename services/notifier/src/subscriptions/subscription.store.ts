import { unnest } from '@tocsin/database';
import type { Shard } from '@tocsin/kernel';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { SubscriptionRow } from './subscription.js';

export async function saveSubscriptions(
  tx: Transaction<unknown>,
  rows: readonly SubscriptionRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into subscription (id, project, name, enabled, event_types, start_at, config, secret_version,
      revision, deleted)
    select * from ${unnest(
      's',
      {
        id: 'uuid',
        project: 'text',
        name: 'text',
        enabled: 'bool',
        event_types: 'jsonb',
        start_at: 'timestamptz',
        config: 'jsonb',
        secret_version: 'int4',
        revision: 'int4',
        deleted: 'bool',
      },
      rows,
    )}
    on conflict (id) do update set project = excluded.project, name = excluded.name, enabled = excluded.enabled,
      event_types = excluded.event_types, start_at = excluded.start_at, config = excluded.config,
      secret_version = excluded.secret_version, revision = excluded.revision, deleted = excluded.deleted
    where subscription.revision < excluded.revision`.execute(tx);
}

export async function findSubscriptions(
  db: Kysely<unknown>,
  ids: readonly string[],
): Promise<readonly SubscriptionRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<SubscriptionRow>`
    select * from notifier.subscription where id = any(${ids}::uuid[])`.execute(db);
  return rows;
}

export async function subscriptionsOf(
  db: Kysely<unknown>,
  shards: readonly Shard[],
): Promise<readonly SubscriptionRow[]> {
  const { rows } = await sql<SubscriptionRow>`
    select * from notifier.subscription
    where not deleted and right(id::text, 1) = any(${shards}::text[])`.execute(db);
  return rows;
}
