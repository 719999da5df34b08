import type { NewEvent } from '@tocsin/contracts';
import { assertNever, type Instant } from '@tocsin/kernel';
import { decideRuns, type RunLimits } from '@tocsin/monitoring';
import type { ScheduledJob } from './job.js';
import { liveRun, type QueuedRun } from './queued-run.js';
import { runCompleted, runDue, runQueued } from './run-events.js';

/** What a run becomes, and what others are told of it, in order. */
export interface RunStep {
  readonly before: QueuedRun;
  readonly after: QueuedRun;
  readonly events: readonly NewEvent[];
}

export interface QueueOutcome {
  readonly steps: readonly RunStep[];
  /** runs whose executors are told to end them */
  readonly stops: readonly { readonly runId: string; readonly location: string }[];
  /** runs of which the log may hold more than is known here */
  readonly silent: readonly QueuedRun[];
}

export interface QueueFacts {
  /** in the order of the queue */
  readonly live: readonly QueuedRun[];
  readonly jobs: ReadonlyMap<string, ScheduledJob>;
  /** runs of which nothing more is in the log than is known here */
  readonly heardOut: ReadonlySet<string>;
}

/** What is announced, may be taken, is to be stopped and is over now. */
export function planQueue(
  { live, jobs, heardOut }: QueueFacts,
  now: Instant,
  limits: RunLimits,
): QueueOutcome {
  const byId = new Map(live.map((run) => [run.runId, run]));
  const steps = new Map<string, RunStep>();
  const stops: { runId: string; location: string }[] = [];
  const silent: QueuedRun[] = [];
  const step = (run: QueuedRun, change: Partial<QueuedRun>, event: NewEvent) => {
    const { after, events } = steps.get(run.runId) ?? { after: run, events: [] };
    steps.set(run.runId, { before: run, after: { ...after, ...change }, events: [...events, event] });
  };

  for (const run of live) {
    const job = jobs.get(run.jobId);
    if (run.announced || job === undefined) continue;
    step(run, { announced: true, location: job.location }, runQueued(run, job, now));
  }
  const ruled = live.flatMap(
    (run) => liveRun(run, ruledBy(jobs.get(run.jobId)), heardOut.has(run.runId)) ?? [],
  );
  for (const decision of decideRuns(ruled, now, limits)) {
    const run = byId.get(decision.run.runId);
    if (run === undefined) continue;
    const job = jobs.get(run.jobId);
    switch (decision.type) {
      case 'dispatch':
        if (job !== undefined)
          step(
            run,
            { state: 'dispatched', dispatchedAt: now, location: job.location },
            runDue(run, job, now),
          );
        break;
      case 'stop':
        if (run.location !== undefined) stops.push({ runId: run.runId, location: run.location });
        break;
      case 'hear_out':
        silent.push(run);
        break;
      case 'finish':
        step(run, { state: 'finished', finishedAt: now }, runCompleted(run, decision.reason, now));
        break;
      default:
        assertNever(decision);
    }
  }
  return { steps: [...steps.values()], stops, silent };
}

const ruledBy = (job: ScheduledJob | undefined) =>
  job === undefined
    ? undefined
    : { allowOverlap: job.allowOverlap, tests: job.tests.length, deletedAt: job.deletedAt };
