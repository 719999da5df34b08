import { addMs, assertNever, type Instant } from '@tocsin/kernel';

interface LiveRunBase {
  readonly runId: string;
  readonly jobId: string;
  readonly project: string;
  readonly queuedAt: Instant;
  readonly cancelRequestedAt?: Instant | undefined;
  /** of its job as it is now; absent: there is no such job */
  readonly job?: JobOfRun | undefined;
  /** it is certain that its executor has said nothing that is not known here */
  readonly isHeardOut: boolean;
}

export interface JobOfRun {
  readonly allowOverlap: boolean;
  /** how many; a job without any runs elsewhere */
  readonly tests: number;
  readonly deletedAt?: Instant | undefined;
}

/** A run that is not over. `dispatched`: an executor may take it now. */
export type LiveRun = LiveRunBase &
  (
    | { readonly state: 'queued' }
    | { readonly state: 'dispatched'; readonly dispatchedAt: Instant }
    /** `deadlineAt`: it should have ended by itself */
    | { readonly state: 'running'; readonly deadlineAt: Instant }
  );

export interface RunLimits {
  /** runs of a project dispatched or running at once */
  readonly perProject: number;
  /** what has waited in the queue for this long is not what anybody waits for any more, milliseconds */
  readonly notBegunAfterMs: number;
  /** what no executor has taken for this long will not be made, milliseconds */
  readonly notTakenAfterMs: number;
  /** past its deadline, or told to end, a run gets this long to say that it ended, milliseconds */
  readonly graceMs: number;
}

export type StopReason = 'cancel_requested' | 'job_deleted';
/** Why a run is over without its executor having said so. */
export type FinishReason =
  | StopReason
  | 'job_gone'
  | 'no_tests'
  | 'waited_too_long'
  | 'executor_lost'
  | 'not_taken';

export type RunDecision =
  /** an executor may take it */
  | { readonly type: 'dispatch'; readonly run: LiveRun; readonly reason: 'free' }
  /** its executor is to end it; told again until it has */
  | { readonly type: 'stop'; readonly run: LiveRun; readonly reason: StopReason }
  /** nothing was heard of it for too long: find out whether something was said; until then it goes on */
  | { readonly type: 'hear_out'; readonly run: LiveRun; readonly reason: 'silent' }
  | { readonly type: 'finish'; readonly run: LiveRun; readonly reason: FinishReason };

/** What is to be done about the runs of all jobs now. @param live in the order of the queue, oldest first */
export function decideRuns(live: readonly LiveRun[], now: Instant, limits: RunLimits): RunDecision[] {
  const decisions: RunDecision[] = [];
  const goingOfProject = new Map<string, number>();
  const goingJobs = new Set<string>();
  const waiting: LiveRun[] = [];
  const goes = ({ project, jobId }: LiveRun) => {
    goingOfProject.set(project, (goingOfProject.get(project) ?? 0) + 1);
    goingJobs.add(jobId);
  };
  for (const run of live) {
    const ended = decideEnd(run, now, limits);
    decisions.push(...ended);
    if (ended.some(({ type }) => type === 'finish')) continue;
    if (run.state === 'queued') waiting.push(run);
    else goes(run);
  }
  for (const run of waiting) {
    const isFull = (goingOfProject.get(run.project) ?? 0) >= limits.perProject;
    const isBlocked = run.job?.allowOverlap !== true && goingJobs.has(run.jobId);
    if (isFull || isBlocked) continue;
    goes(run);
    decisions.push({ type: 'dispatch', run, reason: 'free' });
  }
  return decisions;
}

function decideEnd(run: LiveRun, now: Instant, limits: RunLimits): RunDecision[] {
  const finish = (reason: FinishReason): RunDecision[] => [{ type: 'finish', run, reason }];
  const giveUp = (reason: FinishReason): RunDecision[] =>
    run.isHeardOut ? finish(reason) : [{ type: 'hear_out', run, reason: 'silent' }];
  const wish = wishToEnd(run);
  switch (run.state) {
    case 'queued':
      if (wish !== undefined) return finish(wish.reason);
      if (run.job === undefined || run.job.deletedAt !== undefined) return finish('job_gone');
      if (run.job.tests === 0) return finish('no_tests');
      return isOver(run.queuedAt, limits.notBegunAfterMs, now) ? finish('waited_too_long') : [];
    case 'dispatched':
      // It may have been taken a moment ago: its executor is told too.
      if (wish !== undefined) return [{ type: 'stop', run, reason: wish.reason }, ...finish(wish.reason)];
      return isOver(run.dispatchedAt, limits.notTakenAfterMs, now) ? giveUp('not_taken') : [];
    case 'running':
      if (isOver(run.deadlineAt, limits.graceMs, now)) return giveUp('executor_lost');
      if (wish === undefined) return [];
      // Nobody answers: its executor is gone, and the deadline may be a day away.
      return [
        { type: 'stop', run, reason: wish.reason },
        ...(isOver(wish.since, limits.graceMs, now) ? giveUp(wish.reason) : []),
      ];
    default:
      return assertNever(run);
  }
}

/** Somebody wants it to end. A run that was asked for after its job was deleted never was one of that job. */
function wishToEnd({ cancelRequestedAt, queuedAt, job }: LiveRun) {
  if (cancelRequestedAt !== undefined)
    return { reason: 'cancel_requested', since: cancelRequestedAt } as const;
  const deletedAt = job?.deletedAt;
  if (deletedAt === undefined || queuedAt > deletedAt) return undefined;
  return { reason: 'job_deleted', since: deletedAt } as const;
}

const isOver = (since: Instant, afterMs: number, now: Instant): boolean => addMs(since, afterMs) < now;

/** Why a slot of a job's cron is not queued; undefined when it is. @param live runs of its project */
export function decideSlot(
  job: { readonly jobId: string; readonly allowOverlap: boolean },
  live: readonly Pick<LiveRun, 'jobId' | 'state'>[],
  queueLimit: number,
): 'still_running' | 'queue_full' | undefined {
  if (!job.allowOverlap && live.some(({ jobId }) => jobId === job.jobId)) return 'still_running';
  return live.filter(({ state }) => state === 'queued').length >= queueLimit ? 'queue_full' : undefined;
}
