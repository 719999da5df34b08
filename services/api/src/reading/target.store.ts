import { DomainError } from '@tocsin/kernel';
import type { TargetKind } from '@tocsin/monitoring';
import { type QueryExecutorProvider, sql } from 'kysely';

const TABLES = { monitor: 'monitors', job: 'jobs' } as const;

/**
 * What belongs to a monitor or job is shown to whoever may see the monitor or job, and to nobody else.
 * @throws DomainError `not_found` when the project has none of this id
 */
export async function requireTarget(
  db: QueryExecutorProvider,
  project: string,
  kind: TargetKind,
  id: string,
): Promise<void> {
  const { rows } = await sql`select 1 from config.${sql.id(TABLES[kind])}
    where id = ${id} and project = ${project}`.execute(db);
  if (rows.length === 0) throw new DomainError('not_found', `there is no ${kind} ${id}`);
}
