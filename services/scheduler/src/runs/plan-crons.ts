import type { NewEvent } from '@tocsin/contracts';
import { addMs, type Instant } from '@tocsin/kernel';
import { decideSlot, planCron } from '@tocsin/monitoring';
import type { ScheduledJob } from './job.js';
import type { CronJob, PlannedCron } from './job.store.js';
import type { QueuedRun } from './queued-run.js';
import { runIdOfSlot, runMissed } from './run-events.js';

export interface CronOutcome {
  readonly queued: readonly QueuedRun[];
  readonly missed: readonly NewEvent<'RunMissed'>[];
  readonly planned: readonly PlannedCron[];
}

/** A cron without a next slot is looked at again after this long, milliseconds. */
const LOOK_AGAIN_MS = 86_400_000;

/**
 * The slots of crons that came by now: queued, or recorded as missed.
 * @param live runs of all projects
 * @param queueLimit runs of a project that wait; the clock adds none beyond
 */
export function planCrons(
  crons: readonly CronJob[],
  live: readonly QueuedRun[],
  now: Instant,
  queueLimit: number,
): CronOutcome {
  const queued: QueuedRun[] = [];
  const missed: NewEvent<'RunMissed'>[] = [];
  const planned: PlannedCron[] = [];
  const ofProject = Map.groupBy(live.filter(isLive), ({ project }) => project);
  for (const { job, doneUntil } of crons) {
    const { jobId, project, revision } = job;
    const plan = planCron(job, doneUntil, now);
    if (plan.missed !== undefined) missed.push(runMissed(job, plan.missed, 'scheduler_was_down', now));
    if (plan.due !== undefined) {
      const { slot, trigger } = plan.due;
      const others = ofProject.get(project) ?? [];
      const reason = decideSlot(job, others, queueLimit);
      if (reason !== undefined)
        missed.push(runMissed(job, { firstSlot: slot, lastSlot: slot, count: 1 }, reason, now));
      else {
        const run = ofSlot(job, slot, trigger, now);
        queued.push(run);
        ofProject.set(project, [...others, run]);
      }
    }
    const nextSlotAt = plan.nextSlot ?? addMs(now, LOOK_AGAIN_MS);
    planned.push({ jobId, revision, doneUntil: plan.due?.slot ?? doneUntil, nextSlotAt });
  }
  return { queued, missed, planned };
}

type Live = QueuedRun & { readonly state: Exclude<QueuedRun['state'], 'finished'> };
const isLive = (run: QueuedRun): run is Live => run.state !== 'finished';

const ofSlot = (
  { jobId, project }: ScheduledJob,
  slot: Instant,
  trigger: 'schedule' | 'catch_up',
  queuedAt: Instant,
): Live => ({
  runId: runIdOfSlot(jobId, slot),
  jobId,
  project,
  slot,
  trigger,
  state: 'queued',
  queuedAt,
  announced: false,
  configSequence: 0,
});
