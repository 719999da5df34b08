import { DomainError } from '@tocsin/kernel';
import type { Tx } from '../changes/change.store.js';
import type { MonitorRow } from '../database.js';
import type { Database } from '../wiring.js';

/**
 * The tests a job names exist in its project, and go on existing until the commit.
 * @throws DomainError naming those that do not
 */
export async function requireTests(tx: Tx, project: string, ids: readonly string[]): Promise<void> {
  const known = await knownTests(tx, project, ids);
  refuse(ids.flatMap((id, index) => (known.has(id) ? [] : [`tests.${index}`])));
}

/** Likewise of the test a monitor runs. */
export async function requireTestOf(
  tx: Database,
  { project, type, config }: Pick<MonitorRow, 'project' | 'type' | 'config'>,
): Promise<void> {
  const { testId: id } = config;
  if (type !== 'synthetic_test' || typeof id !== 'string') return;
  if (!(await knownTests(tx, project, [id])).has(id)) refuse(['config.testId']);
}

async function knownTests(
  tx: Database,
  project: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx
    .selectFrom('config.tests')
    .select('id')
    .where('project', '=', project)
    .where('id', 'in', [...ids])
    .orderBy('id')
    .forKeyShare()
    .execute();
  return new Set(rows.map(({ id }) => id));
}

function refuse(fields: readonly string[]): void {
  if (fields.length === 0) return;
  const message = 'there is no such test';
  const problems = fields.map((field) => ({ field, message }));
  throw new DomainError('validation_failed', `${fields[0]}: ${message}`, problems);
}

export async function linkTests(tx: Tx, jobId: string, tests: readonly string[]): Promise<void> {
  await tx.deleteFrom('config.job_tests').where('job_id', '=', jobId).execute();
  if (tests.length === 0) return;
  await tx
    .insertInto('config.job_tests')
    .values(tests.map((id, position) => ({ job_id: jobId, test_id: id, position })))
    .execute();
}
