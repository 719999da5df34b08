import { type NewEvent, subjects } from '@tocsin/contracts';
import type { RunReport, RunView } from '@tocsin/http-api';
import { addMs, DomainError, derivedId, type Instant } from '@tocsin/kernel';
import type { RunCompleted } from '@tocsin/monitoring';
import type { JobRow } from '../database.js';
import { SOURCE } from '../event-tables.js';

/** Clocks of build machines are not ours. */
const AHEAD_MS = 5 * 60_000;
/** Older than what RESULTS keeps there is nothing to compare it with. */
const BEHIND_MS = 7 * 86_400_000;

/**
 * A reported run; the slot is its identity, so that a report sent twice is one run.
 * @throws DomainError naming a slot so far ahead that every later run would count as late, or too old to be kept
 */
export function completedRun(job: JobRow, report: RunReport, now: Instant): NewEvent<'RunCompleted'> {
  const slot = report.slot ?? now;
  if (slot > addMs(now, AHEAD_MS)) throw wrongSlot('must not lie in the future');
  if (slot < addMs(now, -BEHIND_MS)) throw wrongSlot('must lie within the last seven days');
  const { id: jobId, project } = job;
  const runId = derivedId('run', jobId, slot);
  return {
    type: 'RunCompleted',
    id: runId,
    source: SOURCE,
    time: now,
    natsSubject: subjects.result(project, 'job', jobId),
    entityId: jobId,
    data: {
      jobId,
      project,
      runId,
      slot,
      status: report.status,
      startedAt: addMs(now, -report.durationMs),
      finishedAt: now,
      durationMs: report.durationMs,
      ...(report.error === undefined ? {} : { error: report.error }),
      ...(report.externalId === undefined ? {} : { externalId: report.externalId }),
      trigger: 'reported',
      tests: [],
      artifacts: [],
    },
  };
}

/** Whether a second report of a slot says what the first said; when they arrived does not matter. */
export const isSameRun = (one: RunCompleted, other: RunCompleted): boolean =>
  one.status === other.status &&
  one.durationMs === other.durationMs &&
  one.externalId === other.externalId &&
  one.error?.message === other.error?.message;

export const runViewOf = (run: RunCompleted, jobName: string): RunView => ({
  runId: run.runId,
  jobId: run.jobId,
  jobName,
  slot: run.slot,
  status: run.status,
  queuedAt: null,
  startedAt: run.startedAt,
  finishedAt: run.finishedAt,
  durationMs: run.durationMs,
  error: run.error ?? null,
  externalId: run.externalId ?? null,
  trigger: run.trigger,
  location: null,
  testCount: null,
  position: null,
});

const wrongSlot = (message: string): DomainError =>
  new DomainError('validation_failed', `slot: ${message}`, [{ field: 'slot', message }]);
