import type { JobConfigured, JobDeleted, LoggedEvent } from '@tocsin/contracts';
import { type Instant, PermanentError } from '@tocsin/kernel';
import { cronProblem, isTimeZone } from '@tocsin/monitoring';

/** What the scheduler knows of a job: all that a run of it needs to be told. */
export interface ScheduledJob {
  readonly jobId: string;
  readonly project: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly deletedAt?: Instant | undefined;
  readonly revision: number;
  readonly tests: readonly string[];
  readonly cron?: string | undefined;
  readonly timeZone: string;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly allowOverlap: boolean;
  readonly location: string;
  /** slots of the cron count from here: the change that gave it its form, or that enabled it */
  readonly cronFrom: Instant;
}

type Known = ScheduledJob | undefined;

/** @returns the very job it was given when the event changes nothing, because it is old, foreign or told again */
export function evolveJob(known: Known, event: LoggedEvent): Known {
  if (event.type === 'JobConfigured') return onConfigured(known, event.data);
  if (event.type === 'JobDeleted') return onDeleted(known, event.data);
  return known;
}

function onConfigured(known: Known, event: JobConfigured): Known {
  if (known !== undefined && event.revision <= known.revision) return known;
  const { jobId, project, name, enabled, revision, tests, cron, timeZone, location } = event;
  const problem = cron === undefined ? undefined : cronProblem(cron);
  if (problem !== undefined) throw new PermanentError('invalid_event', `the cron of the job ${problem}`);
  if (!isTimeZone(timeZone)) throw new PermanentError('invalid_event', 'the time zone of the job is unknown');
  const isSameCron =
    known !== undefined &&
    known.enabled === enabled &&
    known.cron === cron &&
    known.timeZone === timeZone &&
    known.deletedAt === undefined;
  return {
    jobId,
    project,
    name,
    enabled,
    deletedAt: undefined,
    revision,
    tests,
    cron,
    timeZone,
    timeoutSeconds: event.timeoutSeconds,
    retries: event.retries,
    allowOverlap: event.allowOverlap,
    location,
    cronFrom: isSameCron ? known.cronFrom : event.changedAt,
  };
}

function onDeleted(known: Known, event: JobDeleted): Known {
  if (known === undefined || known.deletedAt !== undefined || event.revision < known.revision) return known;
  return { ...known, deletedAt: event.changedAt, enabled: false, revision: event.revision };
}
