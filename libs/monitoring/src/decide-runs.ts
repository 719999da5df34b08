import { addMs, assertNever, type Instant } from '@tocsin/kernel';

/** A run that is not over. `dispatched`: an executor may take it now. */
export interface LiveRun {
  readonly runId: string;
  readonly jobId: string;
  readonly project: string;
  readonly state: 'queued' | 'dispatched' | 'running';
  readonly queuedAt: Instant;
  readonly dispatchedAt?: Instant | undefined;
  /** of a running one: it should have ended by itself */
  readonly deadlineAt?: Instant | undefined;
  readonly cancelRequestedAt?: Instant | undefined;
  /** of its job */
  readonly allowOverlap: boolean;
  readonly location: string;
}

export interface RunLimits {
  /** runs of a project dispatched or running at once */
  readonly perProject: number;
  /** what nobody has taken for this long will not be made, milliseconds */
  readonly notTakenAfterMs: number;
  /** past its deadline a run gets this long to say that it ended, milliseconds */
  readonly graceMs: number;
}

export type RunDecision =
  /** an executor may take it */
  | { readonly type: 'dispatch'; readonly run: LiveRun; readonly reason: 'free' }
  /** its executor is to end it; told again until it has */
  | { readonly type: 'stop'; readonly run: LiveRun; readonly reason: 'cancel_requested' }
  /** it is over without its executor having said so */
  | {
      readonly type: 'finish';
      readonly run: LiveRun;
      readonly reason: 'cancel_requested' | 'executor_lost' | 'not_taken';
    };

/** What is to be done about the runs of all jobs now. @param live in the order of the queue, oldest first */
export function decideRuns(live: readonly LiveRun[], now: Instant, limits: RunLimits): RunDecision[] {
  const decisions: RunDecision[] = [];
  const going: LiveRun[] = [];
  for (const run of live) {
    const ended = decideEnd(run, now, limits);
    decisions.push(...ended);
    if (run.state !== 'queued' && !ended.some(({ type }) => type === 'finish')) going.push(run);
  }
  const waiting = live.filter(
    (run) => run.state === 'queued' && !decisions.some((decision) => decision.run === run),
  );
  for (const run of waiting) {
    const isFull = going.filter(({ project }) => project === run.project).length >= limits.perProject;
    const isBlocked = !run.allowOverlap && going.some(({ jobId }) => jobId === run.jobId);
    if (isFull || isBlocked) continue;
    going.push(run);
    decisions.push({ type: 'dispatch', run, reason: 'free' });
  }
  return decisions;
}

function decideEnd(run: LiveRun, now: Instant, limits: RunLimits): RunDecision[] {
  const isCancelled = run.cancelRequestedAt !== undefined;
  switch (run.state) {
    case 'queued':
      return isCancelled ? [{ type: 'finish', run, reason: 'cancel_requested' }] : [];
    case 'dispatched':
      // It may have been taken a moment ago: its executor is told too.
      if (isCancelled)
        return [
          { type: 'stop', run, reason: 'cancel_requested' },
          { type: 'finish', run, reason: 'cancel_requested' },
        ];
      return isOver(run.dispatchedAt, limits.notTakenAfterMs, now)
        ? [{ type: 'finish', run, reason: 'not_taken' }]
        : [];
    case 'running':
      if (isOver(run.deadlineAt, limits.graceMs, now))
        return [{ type: 'finish', run, reason: 'executor_lost' }];
      return isCancelled ? [{ type: 'stop', run, reason: 'cancel_requested' }] : [];
    default:
      return assertNever(run.state);
  }
}

const isOver = (since: Instant | undefined, afterMs: number, now: Instant): boolean =>
  since !== undefined && addMs(since, afterMs) < now;

/** Why a slot of a job's cron is not queued; undefined when it is. @param live runs of its project */
export function decideSlot(
  job: { readonly jobId: string; readonly allowOverlap: boolean },
  live: readonly Pick<LiveRun, 'jobId' | 'state'>[],
  queueLimit: number,
): 'still_running' | 'queue_full' | undefined {
  if (!job.allowOverlap && live.some(({ jobId }) => jobId === job.jobId)) return 'still_running';
  return live.filter(({ state }) => state === 'queued').length >= queueLimit ? 'queue_full' : undefined;
}
