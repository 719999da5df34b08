import { jobCursor, type jobListQuery } from '@tocsin/http-api';
import { sql } from 'kysely';
import type { z } from 'zod';
import { recordChanges, type Tx } from '../changes/change.store.js';
import { configEvent } from '../changes/config-event.js';
import { notFound } from '../changes/revision.js';
import { containing, statusIs } from '../changes/status-of.js';
import type { JobRow } from '../database.js';
import type { Caller } from '../http/call.js';
import { linkJob, requireProviders } from '../providers/provider-links.store.js';
import { linkTests, requireTests } from '../tests/test-links.store.js';
import type { Database } from '../wiring.js';
import { configuredOf } from './job.js';

const jobOf = (db: Database, project: string, id: string) =>
  db.selectFrom('config.jobs').selectAll().where('id', '=', id).where('project', '=', project);

export async function findJob(db: Database, project: string, id: string): Promise<JobRow> {
  const row = await jobOf(db, project, id).executeTakeFirst();
  if (row === undefined) throw notFound('job');
  return row;
}

/** Held until the commit: changes of one job take turns. */
export async function lockJob(tx: Tx, project: string, id: string): Promise<JobRow> {
  const row = await jobOf(tx, project, id).forUpdate().executeTakeFirst();
  if (row === undefined) throw notFound('job');
  return row;
}

/** One more than asked for, so that the page knows whether it is the last. */
export async function listJobs(
  db: Database,
  project: string,
  { cursor, limit, status, enabled, tag, search, managedBy }: z.output<typeof jobListQuery>,
): Promise<JobRow[]> {
  const [after] = cursor === undefined ? [undefined] : jobCursor.decode(cursor);
  const condition = status === undefined ? undefined : await statusIs(db, status);
  return await db
    .selectFrom('config.jobs as t')
    .selectAll('t')
    .where('t.project', '=', project)
    .$if(after !== undefined, (q) => q.where('t.id', '>', after!))
    .$if(enabled !== undefined, (q) => q.where('t.enabled', '=', enabled!))
    .$if(tag !== undefined, (q) => q.where(sql<boolean>`${tag} = any(t.tags)`))
    .$if(search !== undefined, (q) => q.where('t.name', 'ilike', containing(search!)))
    .$if(managedBy !== undefined, (q) => q.where('t.managed_by', '=', managedBy!))
    .$if(condition !== undefined, (q) => q.where(condition!))
    .orderBy('t.id')
    .limit(limit + 1)
    .execute();
}

/** Row, links and event of a job that is new or changed. */
export async function saveJob(tx: Tx, caller: Caller, row: JobRow): Promise<void> {
  const providers = row.alert_config.notificationProviders;
  await requireProviders(tx, row.project, providers);
  await requireTests(tx, row.project, row.tests);
  const { id, ...changed } = row;
  await tx
    .insertInto('config.jobs')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changed))
    .execute();
  await linkJob(tx, id, providers);
  await linkTests(tx, id, row.tests);
  await recordChanges(tx, [
    configEvent('JobConfigured', { kind: 'job', id }, caller, row.updated_at, configuredOf(row)),
  ]);
}
