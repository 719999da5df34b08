import { type ProviderUsage, providerCursor, type providerListQuery } from '@tocsin/http-api';
import { type Kysely, sql } from 'kysely';
import type { z } from 'zod';
import { recordChanges, type Tx } from '../changes/change.store.js';
import { configEvent } from '../changes/config-event.js';
import { notFound } from '../changes/revision.js';
import type { ApiDatabase, ProviderRow } from '../database.js';
import type { Caller } from '../http/call.js';
import type { Database } from '../wiring.js';
import { configuredOf } from './provider.js';

const providerOf = (db: Database, project: string, id: string) =>
  db
    .selectFrom('config.notification_providers')
    .selectAll()
    .where('id', '=', id)
    .where('project', '=', project);

export async function findProvider(db: Database, project: string, id: string): Promise<ProviderRow> {
  const row = await providerOf(db, project, id).executeTakeFirst();
  if (row === undefined) throw notFound('notification provider');
  return row;
}

/** Held until the commit: nobody begins to use it meanwhile either. */
export async function lockProvider(tx: Tx, project: string, id: string): Promise<ProviderRow> {
  const row = await providerOf(tx, project, id).forUpdate().executeTakeFirst();
  if (row === undefined) throw notFound('notification provider');
  return row;
}

/** One more than asked for, so that the page knows whether it is the last. */
export async function listProviders(
  db: Database,
  project: string,
  { cursor, limit, type, enabled, managedBy }: z.output<typeof providerListQuery>,
): Promise<ProviderRow[]> {
  const [after] = cursor === undefined ? [undefined] : providerCursor.decode(cursor);
  return await db
    .selectFrom('config.notification_providers as t')
    .selectAll()
    .where('t.project', '=', project)
    .$if(after !== undefined, (q) => q.where('t.id', '>', after!))
    .$if(type !== undefined, (q) => q.where('t.type', '=', type!))
    .$if(enabled !== undefined, (q) => q.where('t.enabled', '=', enabled!))
    .$if(managedBy !== undefined, (q) => q.where('t.managed_by', '=', managedBy!))
    .orderBy('t.id')
    .limit(limit + 1)
    .execute();
}

/** The monitors and jobs that name it, oldest first. */
export async function usageOf(db: Kysely<ApiDatabase>, id: string): Promise<ProviderUsage> {
  const { rows: items } = await sql<ProviderUsage['items'][number]>`
    select 'monitor' as kind, m.id, m.name from config.monitor_notification_settings s
      join config.monitors m on m.id = s.monitor_id where s.provider_id = ${id}
    union all
    select 'job', j.id, j.name from config.job_notification_settings s
      join config.jobs j on j.id = s.job_id where s.provider_id = ${id}
    order by id`.execute(db);
  return { items, count: items.length };
}

/** Row and event of a provider that is new or changed. */
export async function saveProvider(tx: Tx, caller: Caller, row: ProviderRow): Promise<void> {
  const { id, ...changed } = row;
  await tx
    .insertInto('config.notification_providers')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changed))
    .execute();
  await recordChanges(tx, [
    configEvent('ProviderConfigured', { kind: 'provider', id }, caller, row.updated_at, configuredOf(row)),
  ]);
}
