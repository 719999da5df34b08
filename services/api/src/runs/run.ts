import type { TriggerAnswer } from '@tocsin/http-api';
import { DomainError, type Instant } from '@tocsin/kernel';
import type { Change } from '../changes/config-event.js';
import type { JobRow, RunRequestRow } from '../database.js';

/** @throws DomainError `conflict` with the reason why there is nothing to run */
export function requireRunnable(job: JobRow, trigger: RunRequestRow['trigger']): void {
  if (job.tests.length === 0)
    throw new DomainError('conflict', 'the job has no tests: give it some, or report runs made elsewhere');
  if (trigger === 'remote' && !job.enabled)
    throw new DomainError('conflict', 'the job is paused: resume it first, or start it by hand');
}

export const requestOf = (
  job: JobRow,
  trigger: RunRequestRow['trigger'],
  { runId, by, now }: { readonly runId: string; readonly by: string; readonly now: Instant },
): RunRequestRow => ({
  run_id: runId,
  job_id: job.id,
  project: job.project,
  trigger,
  location: job.location,
  test_count: job.tests.length,
  requested_by: by,
  requested_at: now,
});

export const requestedOf = (request: RunRequestRow): Change<'RunRequested'> => ({
  runId: request.run_id,
  jobId: request.job_id,
  trigger: request.trigger,
});

export const answerOf = (job: JobRow, request: RunRequestRow, position: number): TriggerAnswer => ({
  jobId: job.id,
  jobName: job.name,
  runId: request.run_id,
  status: 'queued',
  position,
  testCount: request.test_count,
  triggeredBy: request.requested_by,
  triggeredAt: request.requested_at,
});
