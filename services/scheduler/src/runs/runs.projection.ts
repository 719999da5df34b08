import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { filters } from '@tocsin/contracts';
import type { FoldContext, InputEvent, Projection, ProjectionContext } from '@tocsin/event-log';
import { addMs, type Instant } from '@tocsin/kernel';
import { type Kysely, sql } from 'kysely';
import { evolveJob, type ScheduledJob } from './job.js';
import { jobsById, saveJobs } from './job.store.js';
import { evolveRun, isRunEvent, type QueuedRun, type RunEvent } from './queued-run.js';
import { addRuns, lockRuns, RUNS_CHANNEL, saveRuns } from './run.store.js';
import { KEPT_MS } from './run-tables.js';

export const RUNS_PROJECTION: Projection = {
  name: 'scheduler-runs',
  schema: 'scheduler',
  inputs: [
    { stream: 'CONFIG', subjects: () => [filters.allConfig], order: 0 },
    { stream: 'RESULTS', subjects: () => [filters.allRuns], order: 1 },
  ],
};

/** Called once jobs or runs have changed, after the commit. */
export const ON_RUNS_CHANGED = Symbol('ON_RUNS_CHANGED');

export async function foldRuns(
  events: readonly InputEvent[],
  { tx, mode, afterCommit }: FoldContext,
  onChanged: () => void,
  now: () => Instant,
): Promise<void> {
  const db: Kysely<unknown> = tx;
  // How it ended is forgotten, and it is not asked for again.
  const horizon = mode === 'rebuild' ? addMs(now(), -KEPT_MS) : '';
  const ofRuns = events
    .filter(isRunEvent)
    .filter(({ type, data }) => type !== 'RunRequested' || data.changedAt >= horizon);
  const jobs = await foldJobs(
    db,
    events.filter(({ type }) => type === 'JobConfigured' || type === 'JobDeleted'),
  );
  const runs = await foldQueue(db, ofRuns);
  if (jobs + runs === 0) return;
  await sql`select pg_notify(${RUNS_CHANNEL}, '')`.execute(db);
  afterCommit(onChanged);
}

export async function foldJobs(db: Kysely<unknown>, events: readonly InputEvent[]): Promise<number> {
  if (events.length === 0) return 0;
  // 1. load
  const known = await jobsById(db, [...new Set(events.map(({ entityId }) => entityId))]);
  // 2. decide
  const changed = evolveAll<ScheduledJob, InputEvent>(known, events, evolveJob, ({ entityId }) => entityId);
  // 3. write
  await saveJobs(db, [...changed.values()]);
  return changed.size;
}

async function foldQueue(db: Kysely<unknown>, events: readonly RunEvent[]): Promise<number> {
  if (events.length === 0) return 0;
  // 1. load; a row there is none of yet is made first, for somebody else may be about to
  const made = evolveAll<QueuedRun, RunEvent>(new Map(), events, evolveRun, runIdOf);
  const added = await addRuns(db, [...made.values()]);
  const known = await lockRuns(db, [...new Set(events.map(runIdOf))]);
  // 2. decide
  const changed = evolveAll(known, events, evolveRun, runIdOf);
  // 3. write
  await saveRuns(db, [...changed.values()]);
  return added.size + changed.size;
}

const runIdOf = ({ data }: RunEvent): string => data.runId;

/** @returns what is not as it was */
function evolveAll<T, E>(
  known: ReadonlyMap<string, T>,
  events: readonly E[],
  evolve: (known: T | undefined, event: E) => T | undefined,
  idOf: (event: E) => string,
): Map<string, T> {
  const changed = new Map<string, T>();
  for (const event of events) {
    const id = idOf(event);
    const before = changed.get(id) ?? known.get(id);
    const after = evolve(before, event);
    if (after !== undefined && after !== before) changed.set(id, after);
  }
  return changed;
}

@Controller()
export class RunsProjection {
  constructor(@Inject(ON_RUNS_CHANGED) private readonly onChanged: () => void) {}

  @EventPattern<string>('scheduler-runs')
  async fold(@Payload() events: InputEvent[], @Ctx() context: ProjectionContext): Promise<void> {
    await foldRuns(events, context.fold, this.onChanged, () => new Date().toISOString());
  }
}
