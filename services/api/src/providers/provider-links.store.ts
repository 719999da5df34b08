import { DomainError } from '@tocsin/kernel';
import type { Tx } from '../changes/change.store.js';

/**
 * The providers an alertConfig names exist in its project, and go on existing until the commit.
 * @throws DomainError naming those that do not
 */
export async function requireProviders(tx: Tx, project: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const rows = await tx
    .selectFrom('config.notification_providers')
    .select('id')
    .where('project', '=', project)
    .where('id', 'in', [...ids])
    .orderBy('id')
    .forKeyShare()
    .execute();
  const known = new Set(rows.map((row) => row.id));
  const problems = ids.flatMap((id, index) =>
    known.has(id)
      ? []
      : [{ field: `alertConfig.notificationProviders.${index}`, message: 'there is no such provider' }],
  );
  if (problems.length > 0)
    throw new DomainError('validation_failed', `${problems[0]?.field}: ${problems[0]?.message}`, problems);
}

export async function linkMonitor(tx: Tx, monitorId: string, providers: readonly string[]): Promise<void> {
  await tx.deleteFrom('config.monitor_notification_settings').where('monitor_id', '=', monitorId).execute();
  if (providers.length === 0) return;
  await tx
    .insertInto('config.monitor_notification_settings')
    .values(providers.map((id, position) => ({ monitor_id: monitorId, provider_id: id, position })))
    .execute();
}

export async function linkJob(tx: Tx, jobId: string, providers: readonly string[]): Promise<void> {
  await tx.deleteFrom('config.job_notification_settings').where('job_id', '=', jobId).execute();
  if (providers.length === 0) return;
  await tx
    .insertInto('config.job_notification_settings')
    .values(providers.map((id, position) => ({ job_id: jobId, provider_id: id, position })))
    .execute();
}
