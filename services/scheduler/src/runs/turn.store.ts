import { isDeepStrictEqual } from 'node:util';
import type { NewEvent } from '@tocsin/contracts';
import { appendEvents } from '@tocsin/event-log';
import { type Instant, shardOf } from '@tocsin/kernel';
import type { RunLimits } from '@tocsin/monitoring';
import type { Kysely, Transaction } from 'kysely';
import { foldedUntil } from '../checkpoint.store.js';
import type { ScheduledJob } from './job.js';
import { jobsById, jobsToPlan, nextSlotAt, savePlanned } from './job.store.js';
import { planCrons } from './plan-crons.js';
import { planQueue, type QueueOutcome } from './plan-queue.js';
import type { QueuedRun } from './queued-run.js';
import { addRuns, liveRuns, lockRuns, saveRuns } from './run.store.js';
import { DUE_EVENTS, RUN_EVENTS } from './run-tables.js';
import { RUNS_PROJECTION } from './runs.projection.js';

export interface QueueLimits extends RunLimits {
  /** runs of a project that wait; the clock adds none beyond */
  readonly queued: number;
}

export interface TurnInput {
  readonly now: Instant;
  readonly limits: QueueLimits;
  /** runs of which nothing more is in the log than is known here */
  readonly heardOut: ReadonlySet<string>;
}

export interface Turn extends Pick<QueueOutcome, 'stops' | 'silent'> {
  /** the queue before this turn */
  readonly live: readonly QueuedRun[];
  readonly events: readonly NewEvent[];
  readonly nextSlotAt: Instant | undefined;
  /** there is more to do at once */
  readonly isMore: boolean;
}

/** To find what a long downtime took from one cron takes up to 50 ms, and time is kept by this process too. */
const CRONS_AT_ONCE = 25;

/** One look at the queue and all that follows of it, in one transaction. */
export async function takeTurn(connection: Kysely<unknown>, input: TurnInput): Promise<Turn> {
  return await connection.transaction().execute(async (tx) => await turn(tx, input));
}

async function turn(tx: Transaction<unknown>, { now, limits, heardOut }: TurnInput): Promise<Turn> {
  // 1. time: slots that came
  const crons = await jobsToPlan(tx, now, CRONS_AT_ONCE);
  const before = await liveRuns(tx);
  const { queued, missed, planned } = planCrons(crons, before, now, limits.queued);
  const added = await addRuns(tx, queued);
  await savePlanned(tx, planned);
  // 2. load
  const all = added.size === 0 ? before : await liveRuns(tx);
  const { jobs, live } = await withJobs(tx, all);
  // 3. decide
  const { steps, stops, silent } = planQueue({ live, jobs, heardOut }, now, limits);
  // 4. write; a run that a fold has moved meanwhile is looked at again
  const locked = await lockRuns(
    tx,
    steps.map((step) => step.before.runId),
  );
  const taken = steps.filter((step) => isDeepStrictEqual(locked.get(step.before.runId), step.before));
  await saveRuns(
    tx,
    taken.map(({ after }) => after),
  );
  // 5. publish, once committed
  const events = [...missed, ...taken.flatMap((step) => step.events)];
  const append = async (table: typeof RUN_EVENTS, part: readonly NewEvent[]) =>
    await appendEvents(
      tx,
      table,
      part.map((event) => ({ event })),
    );
  await append(
    RUN_EVENTS,
    events.filter(({ type }) => type !== 'RunDue'),
  );
  await append(
    DUE_EVENTS,
    events.filter(({ type }) => type === 'RunDue'),
  );
  const isMore = crons.length === CRONS_AT_ONCE || taken.length < steps.length;
  return { live: all, events, stops, silent, nextSlotAt: await nextSlotAt(tx), isMore };
}

/** A run may be folded before its job is, by another replica: it waits until the job's shard has got to where it was asked for. */
async function withJobs(
  db: Kysely<unknown>,
  all: readonly QueuedRun[],
): Promise<{ jobs: ReadonlyMap<string, ScheduledJob>; live: readonly QueuedRun[] }> {
  const idsOf = (runs: readonly QueuedRun[]) => [...new Set(runs.map(({ jobId }) => jobId))];
  const jobs = await jobsById(db, idsOf(all));
  const orphans = all.filter(({ jobId }) => !jobs.has(jobId));
  if (orphans.length === 0) return { jobs, live: all };
  const early = new Set<string>();
  for (const { runId, jobId, configSequence } of orphans) {
    const { sequence } = await foldedUntil(db, RUNS_PROJECTION, 'CONFIG', [shardOf(jobId)]);
    if (sequence < configSequence) early.add(runId);
  }
  // Read after the checkpoints: what they speak of is there.
  for (const [id, job] of await jobsById(db, idsOf(orphans))) jobs.set(id, job);
  return { jobs, live: all.filter(({ runId, jobId }) => jobs.has(jobId) || !early.has(runId)) };
}
