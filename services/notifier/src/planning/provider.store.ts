import { unnest } from '@tocsin/database';
import type { Instant } from '@tocsin/kernel';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { ProviderRow } from './plan-batch.js';

/**
 * New settings deserve a new chance at once: what was held against the old ones is forgotten, and what waited for another
 * attempt is due. Not in a rebuild, which tells nothing new.
 */
export async function saveProviders(
  tx: Transaction<unknown>,
  providers: readonly ProviderRow[],
  mode: 'live' | 'rebuild',
  now: Instant,
): Promise<void> {
  if (providers.length === 0) return;
  await sql`insert into provider (id, project, kind, name, config, secret_version, enabled, revision, deleted)
    select * from ${unnest(
      'p',
      {
        id: 'uuid',
        project: 'text',
        kind: 'text',
        name: 'text',
        config: 'jsonb',
        secret_version: 'int4',
        enabled: 'bool',
        revision: 'int4',
        deleted: 'bool',
      },
      providers,
    )}
    on conflict (id) do update set project = excluded.project, kind = excluded.kind, name = excluded.name,
      config = excluded.config, secret_version = excluded.secret_version, enabled = excluded.enabled,
      revision = excluded.revision, deleted = excluded.deleted
    where provider.revision < excluded.revision`.execute(tx);
  if (mode === 'rebuild') return;
  const ids = providers.map(({ id }) => id);
  await sql`update notification set next_attempt_at = least(next_attempt_at, ${now}::timestamptz)
    where provider_id = any(${ids}::uuid[]) and state = 'planned'`.execute(tx);
  await sql`update provider_health set disabled_reason = null, disabled_at = null, breaker = 'closed',
      breaker_state = '{"state":"closed","failures":0}', held_until = null, incident = null
    where provider_id = any(${ids}::uuid[])`.execute(tx);
}

const COLUMNS = sql.raw('id, project, kind, name, config, secret_version, enabled, revision, deleted');

export async function findProviders(
  db: Kysely<unknown>,
  ids: readonly string[],
): Promise<readonly ProviderRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<ProviderRow>`
    select ${COLUMNS} from provider where id = any(${ids}::uuid[])`.execute(db);
  return rows;
}

export const findProvider = async (db: Kysely<unknown>, id: string): Promise<ProviderRow | undefined> =>
  (await findProviders(db, [id]))[0];
