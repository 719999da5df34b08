import { type NewEvent, subjects } from '@tocsin/contracts';
import { assertNever, derivedId, type Instant, msBetween } from '@tocsin/kernel';
import type { CheckError, FinishReason, RunMissedReason, RunStatus } from '@tocsin/monitoring';
import type { ScheduledJob } from './job.js';
import type { QueuedRun } from './queued-run.js';

const SOURCE = 'tocsin/scheduler';

/** The run of a slot has one id, whoever plans it and however often. */
export const runIdOfSlot = (jobId: string, slot: Instant): string => derivedId('run', jobId, slot);

const ofJob = (project: string, jobId: string) => ({
  source: SOURCE,
  natsSubject: subjects.result(project, 'job', jobId),
  entityId: jobId,
});

export function runQueued(run: QueuedRun, job: ScheduledJob, time: Instant): NewEvent<'RunQueued'> {
  const { runId, jobId, project, slot, queuedAt, trigger } = run;
  return {
    type: 'RunQueued',
    id: derivedId('run-queued', runId),
    time,
    ...ofJob(project, jobId),
    data: {
      jobId,
      project,
      runId,
      slot,
      queuedAt,
      trigger,
      testCount: job.tests.length,
      location: job.location,
    },
  };
}

/** With the settings the job has when an executor may take it. */
export function runDue(run: QueuedRun, job: ScheduledJob, time: Instant): NewEvent<'RunDue'> {
  const { runId, jobId, project, slot, trigger } = run;
  const { location, tests, timeoutSeconds, retries, revision } = job;
  return {
    type: 'RunDue',
    id: derivedId('run-due', runId),
    source: SOURCE,
    time,
    natsSubject: subjects.runDue(location, runId),
    entityId: jobId,
    data: {
      jobId,
      project,
      runId,
      slot,
      location,
      trigger,
      tests,
      timeoutSeconds,
      retries,
      configRevision: revision,
    },
  };
}

/** The end of a run that no executor has told of. */
export function runCompleted(
  run: QueuedRun,
  reason: FinishReason,
  finishedAt: Instant,
): NewEvent<'RunCompleted'> {
  const { runId, jobId, project, slot, trigger, location } = run;
  const startedAt = run.startedAt !== undefined && run.startedAt < finishedAt ? run.startedAt : finishedAt;
  const { status, error } = endOf(run, reason);
  return {
    type: 'RunCompleted',
    id: derivedId('run-completed', runId),
    time: finishedAt,
    ...ofJob(project, jobId),
    data: {
      jobId,
      project,
      runId,
      slot,
      status,
      startedAt,
      finishedAt,
      durationMs: msBetween(startedAt, finishedAt),
      error,
      trigger,
      tests: [],
      artifacts: [],
      ...(run.startedAt === undefined || location === undefined ? {} : { location }),
    },
  };
}

function endOf(run: QueuedRun, reason: FinishReason): { status: RunStatus; error: CheckError } {
  const cancelled = (message: string) => ({
    status: 'cancelled' as const,
    error: { code: reason === 'cancel_requested' ? 'cancelled' : reason, message },
  });
  const error = (message: string) => ({ status: 'error' as const, error: { code: reason, message } });
  const where = run.location ?? 'unknown';
  switch (reason) {
    case 'cancel_requested':
      return cancelled(
        run.state === 'running'
          ? `it was cancelled, and no executor at ${where} answered`
          : 'it was cancelled before it began',
      );
    case 'job_deleted':
      return cancelled('its job was deleted');
    case 'job_gone':
      return error('its job does not exist any more');
    case 'no_tests':
      return error('its job has no tests: add one to run it here');
    case 'waited_too_long':
      return error('its turn did not come within 7 days: raise TOCSIN_RUNS_PER_PROJECT, or run fewer jobs');
    case 'executor_lost':
      return error(
        `its executor at ${where} was not heard of by its deadline ${run.deadlineAt ?? ''}`.trim(),
      );
    case 'not_taken':
      return error(
        `no executor at ${where} took it within an hour: see that one runs there, or raise its TOCSIN_RUN_CONCURRENCY`,
      );
    default:
      return assertNever(reason);
  }
}

export interface MissedSlots {
  readonly firstSlot: Instant;
  readonly lastSlot: Instant;
  readonly count: number;
}

export function runMissed(
  { jobId, project }: Pick<ScheduledJob, 'jobId' | 'project'>,
  { firstSlot, lastSlot, count }: MissedSlots,
  reason: RunMissedReason,
  time: Instant,
): NewEvent<'RunMissed'> {
  return {
    type: 'RunMissed',
    id: derivedId('run-missed', jobId, firstSlot, lastSlot),
    time,
    ...ofJob(project, jobId),
    data: { jobId, project, firstSlot, lastSlot, count, reason },
  };
}
