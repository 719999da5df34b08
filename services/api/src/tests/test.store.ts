import { type TestUsage, testCursor, type testListQuery, testVersionCursor } from '@tocsin/http-api';
import { sql } from 'kysely';
import type { z } from 'zod';
import { recordChanges, type Tx } from '../changes/change.store.js';
import { configEvent } from '../changes/config-event.js';
import { notFound } from '../changes/revision.js';
import { containing } from '../changes/status-of.js';
import type { TestRow, TestVersionRow } from '../database.js';
import type { Caller } from '../http/call.js';
import type { Database } from '../wiring.js';
import { configuredOf, type TestSummaryRow } from './test.js';

export const testOf = (db: Database, project: string, id: string) =>
  db.selectFrom('config.tests').selectAll().where('id', '=', id).where('project', '=', project);

export async function findTest(db: Database, project: string, id: string): Promise<TestRow> {
  const row = await testOf(db, project, id).executeTakeFirst();
  if (row === undefined) throw notFound('test');
  return row;
}

/** Held until the commit: nobody begins to use it meanwhile either. */
export async function lockTest(tx: Tx, project: string, id: string): Promise<TestRow> {
  const row = await testOf(tx, project, id).forUpdate().executeTakeFirst();
  if (row === undefined) throw notFound('test');
  return row;
}

const SUMMARY = [
  't.id',
  't.project',
  't.name',
  't.kind',
  't.description',
  't.tags',
  't.managed_by',
  't.revision',
  't.created_at',
  't.updated_at',
] as const;

/** One more than asked for, so that the page knows whether it is the last. */
export async function listTests(
  db: Database,
  project: string,
  { cursor, limit, kind, tag, search, managedBy }: z.output<typeof testListQuery>,
): Promise<TestSummaryRow[]> {
  const [after] = cursor === undefined ? [undefined] : testCursor.decode(cursor);
  return await db
    .selectFrom('config.tests as t')
    .select(SUMMARY)
    .where('t.project', '=', project)
    .$if(after !== undefined, (q) => q.where('t.id', '>', after!))
    .$if(kind !== undefined, (q) => q.where('t.kind', '=', kind!))
    .$if(tag !== undefined, (q) => q.where(sql<boolean>`${tag} = any(t.tags)`))
    .$if(search !== undefined, (q) => q.where('t.name', 'ilike', containing(search!)))
    .$if(managedBy !== undefined, (q) => q.where('t.managed_by', '=', managedBy!))
    .orderBy('t.id')
    .limit(limit + 1)
    .execute();
}

/** Newest first, one more than asked for. */
export async function listTestVersions(
  db: Database,
  id: string,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<TestVersionRow[]> {
  const [before] = cursor === undefined ? [undefined] : testVersionCursor.decode(cursor);
  return await db
    .selectFrom('config.test_version')
    .selectAll()
    .where('test_id', '=', id)
    .$if(before !== undefined, (q) => q.where(sql<boolean>`revision < ${before}::int8`))
    .orderBy('revision', 'desc')
    .limit(limit + 1)
    .execute();
}

/** The jobs and monitors that run it, oldest first. */
export async function usageOf(db: Database, id: string): Promise<TestUsage> {
  const jobs = await db
    .selectFrom('config.job_tests as l')
    .innerJoin('config.jobs as j', 'j.id', 'l.job_id')
    .select(['j.id', 'j.name'])
    .where('l.test_id', '=', id)
    .orderBy('j.id')
    .execute();
  const monitors = await db
    .selectFrom('config.monitors')
    .select(['id', 'name'])
    .where('type', '=', sql.lit('synthetic_test'))
    .where(sql<string>`config ->> 'testId'`, '=', id)
    .orderBy('id')
    .execute();
  return { jobs, monitors };
}

/** Row, version and event of a test that is new or changed. */
export async function saveTest(tx: Tx, caller: Caller, row: TestRow): Promise<void> {
  const { id, ...changed } = row;
  await tx
    .insertInto('config.tests')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changed))
    .execute();
  await tx
    .insertInto('config.test_version')
    .values({
      test_id: id,
      revision: row.revision,
      name: row.name,
      definition: row.definition,
      changed_at: row.updated_at,
      changed_by: caller.name,
    })
    .execute();
  await recordChanges(tx, [
    configEvent('TestConfigured', { kind: 'test', id }, caller, row.updated_at, configuredOf(row)),
  ]);
}
