import { type EventMap, type EventType, type NewEvent, subjects } from '@tocsin/contracts';
import { connectDatabase, migrate } from '@tocsin/database';
import { createInMemoryLog, runProjection, runRelay } from '@tocsin/event-log';
import { derivedId, type Instant, newId, toInstant } from '@tocsin/kernel';
import { createLogger, createMetrics } from '@tocsin/service-kit';
import { sql } from 'kysely';
import { createBell } from '../bell.js';
import { migrations } from '../migrations/index.js';
import { TELLS_NOBODY } from '../testing.js';
import { until } from '../testing-stage.js';
import { DUE_EVENTS, RUN_EVENTS } from './run-tables.js';
import { type RunsLoopOptions, runRuns } from './runs.loop.js';
import { runsMetrics } from './runs.metrics.js';
import { foldRuns, RUNS_PROJECTION } from './runs.projection.js';

/** A minute of now, that the outboxes keep what is said in it; 30 s past, so that no cron of minutes is due by chance. */
const START_MS = Math.floor(Date.now() / 3_600_000) * 3_600_000 + 30_000;
/** @param seconds after the tests' time began */
export const at = (seconds: number): Instant => toInstant(START_MS + seconds * 1_000);

const HOUR_MS = 3_600_000;
const LIMITS = {
  perProject: 2,
  queued: 3,
  notBegunAfterMs: 7 * 24 * HOUR_MS,
  notTakenAfterMs: HOUR_MS,
  graceMs: 60_000,
};

const logger = createLogger({ name: 'test', level: 'silent' });
const changedBy = { kind: 'system', id: 'test', name: 'test' } as const;
const ofConfig = { project: 'default', changedBy };

function eventOf<T extends EventType>(
  type: T,
  entityId: string,
  natsSubject: string,
  data: EventMap[T],
): NewEvent<T> {
  const id = derivedId('test', type, JSON.stringify(data).replaceAll('|', ''));
  return { type, id, source: 'tocsin/test', time: at(0), natsSubject, entityId, data };
}

export const jobConfigured = (part: Partial<EventMap['JobConfigured']> = {}) => {
  const jobId = part.jobId ?? newId();
  return eventOf('JobConfigured', jobId, subjects.config('default', 'job', jobId), {
    ...ofConfig,
    jobId,
    revision: 1,
    changedAt: at(0),
    name: 'nightly',
    enabled: true,
    enabledAt: at(0),
    tests: [derivedId('test', 'one')],
    timeZone: 'UTC',
    timeoutSeconds: 600,
    retries: 1,
    allowOverlap: false,
    location: 'local',
    alertConfig: TELLS_NOBODY,
    ...part,
  });
};

export const jobDeleted = (jobId: string, changedAt: Instant) =>
  eventOf('JobDeleted', jobId, subjects.config('default', 'job', jobId), {
    ...ofConfig,
    jobId,
    revision: 99,
    changedAt,
  });

/** Of the run's own entity, as whoever asks may have it: the job's shard is another then. */
export const runRequested = (jobId: string, seconds = 0, runId = newId()) =>
  eventOf('RunRequested', runId, subjects.config('default', 'run', runId), {
    ...ofConfig,
    runId,
    jobId,
    trigger: 'manual',
    changedAt: at(seconds),
  });

export const cancelRequested = (runId: string, jobId: string, seconds: number) =>
  eventOf('RunCancelRequested', runId, subjects.config('default', 'cancel', runId), {
    ...ofConfig,
    runId,
    jobId,
    changedAt: at(seconds),
  });

type Due = EventMap['RunDue'];
const ofJob = (jobId: string) => subjects.result('default', 'job', jobId);

export const started = (due: Due, startedAt: Instant, deadlineAt: Instant) => {
  const { runId, jobId, project, slot, location, trigger } = due;
  const of = { runId, jobId, project, slot, location, trigger };
  return eventOf('RunStarted', jobId, ofJob(jobId), { ...of, startedAt, deadlineAt });
};

export const completed = (
  { runId, jobId, project, slot, location, trigger }: Due,
  finishedAt: Instant,
  status: EventMap['RunCompleted']['status'] = 'passed',
): NewEvent<'RunCompleted'> => ({
  ...eventOf('RunCompleted', jobId, ofJob(jobId), {
    runId,
    jobId,
    project,
    slot,
    location,
    trigger,
    status,
    startedAt: finishedAt,
    finishedAt,
    durationMs: 0,
    tests: [],
    artifacts: [],
  }),
  id: derivedId('run-completed', runId),
});

export interface RunsReplicaOptions {
  readonly folds?: boolean;
  readonly limits?: Partial<RunsLoopOptions['limits']>;
}

/** A log in memory, a real database, and schedulers on both as processes would be; executors are played by the test. */
export async function startRuns(
  database: { readonly url: string; readonly drop: () => Promise<void> },
  onTestFinished: (stop: () => Promise<void>) => void,
) {
  const db = connectDatabase<unknown>({
    databaseUrl: database.url,
    name: 'test',
    schemas: ['scheduler'],
    maxConnections: 3,
  });
  await migrate(db, 'scheduler', migrations);
  const log = createInMemoryLog();
  const running: { stop: () => Promise<void> }[] = [];
  const stops: string[] = [];
  let nowMs = START_MS;
  let monotonicMs = 0;
  let looks = 0;
  onTestFinished(async () => {
    await Promise.all(running.map(({ stop }) => stop()));
    await db.destroy();
    await database.drop();
  });

  function startReplica({ folds = true, limits = {} }: RunsReplicaOptions = {}) {
    const stopping = new AbortController();
    const own = connectDatabase<unknown>({
      databaseUrl: database.url,
      name: 'replica',
      schemas: ['scheduler'],
      maxConnections: 5,
    });
    const metrics = createMetrics('scheduler');
    const changed = createBell();
    const counted = runsMetrics(metrics);
    const common = { db: own, log, logger, metrics };
    const loops = [
      runProjection(
        { ...common, projection: RUNS_PROJECTION },
        (events, context) => foldRuns(events, context, changed.ring, () => toInstant(nowMs)),
        folds ? stopping.signal : AbortSignal.abort(),
      ),
      runRelay({ ...common, databaseUrl: database.url, tables: [RUN_EVENTS, DUE_EVENTS] }, stopping.signal),
      runRuns(
        {
          ...common,
          metrics: {
            ...counted,
            took(turn) {
              looks += 1;
              counted.took(turn);
            },
          },
          isConnected: () => true,
          tellStop: (location, runId) => stops.push(`${location} ${runId}`),
          time: { wallMs: () => nowMs, monotonicMs: () => monotonicMs },
          changed,
          limits: { ...LIMITS, ...limits },
          maxSleepMs: 20,
          settleMs: 0,
          ...(folds ? {} : { standstillMs: 300 }),
        },
        stopping.signal,
      ),
    ];
    let stopped: Promise<unknown> | undefined;
    const replica = {
      metrics,
      async stop() {
        stopping.abort();
        stopped ??= Promise.all(loops).then(() => own.destroy());
        await stopped;
      },
    };
    running.push(replica);
    return replica;
  }

  /** All that was ever published to a stream, what the queue of work has dropped since included. */
  async function published(table: typeof RUN_EVENTS): Promise<{ type: string; data: string }[]> {
    const { rows } = await sql<{ type: string; data: string }>`
      select type, data from ${sql.table(`scheduler.${table.name}`)}
      where stream_seq is not null order by position`.execute(db);
    return rows;
  }
  const of = async <T extends EventType>(table: typeof RUN_EVENTS, type: T): Promise<EventMap[T][]> =>
    (await published(table))
      .filter((row) => row.type === type)
      .map(({ data }) => JSON.parse(data) as EventMap[T]);

  const told = {
    due: async () => await of(DUE_EVENTS, 'RunDue'),
    queued: async () => await of(RUN_EVENTS, 'RunQueued'),
    completed: async () => await of(RUN_EVENTS, 'RunCompleted'),
    missed: async () => await of(RUN_EVENTS, 'RunMissed'),
  };

  const stateOf = async (runId: string): Promise<string> => {
    const { rows } = await sql<{ state: string }>`
      select state from scheduler.run where run_id = ${runId}`.execute(db);
    return rows[0]?.state ?? 'absent';
  };

  async function isFolded(): Promise<boolean> {
    for (const stream of ['CONFIG', 'RESULTS'] as const) {
      const { lastSequence } = await log.describe(stream);
      const { rows } = await sql<{
        seq: number;
      }>`select coalesce(max(seq), 0) as seq from scheduler.checkpoint
        where projection = ${RUNS_PROJECTION.name} and stream = ${stream}`.execute(db);
      if ((rows[0]?.seq ?? 0) < lastSequence) return false;
    }
    const { rows } = await sql`
      select 1 from scheduler.run_event where stream_seq is null
      union all select 1 from scheduler.due_event where stream_seq is null`.execute(db);
    return rows.length === 0;
  }

  return {
    db,
    log,
    stops,
    startReplica,
    told,
    stateOf,
    untilState: (runId: string, state: string) => until(async () => (await stateOf(runId)) === state),
    /** Moves time; it may go back. */
    pass(seconds: number) {
      nowMs += seconds * 1_000;
      monotonicMs += Math.max(0, seconds * 1_000);
    },
    now: () => toInstant(nowMs),
    async publish(...events: readonly NewEvent[]) {
      for (const event of events) await log.publish(event);
    },
    /** The n-th run an executor may take. */
    async due(n: number): Promise<Due> {
      await until(async () => (await told.due()).length >= n);
      const found = (await told.due())[n - 1];
      if (found === undefined) throw new Error('no such run');
      return found;
    },
    /** Everything that is in the log is folded, and looks of the queue change nothing any more. */
    async settled() {
      const state = async () =>
        JSON.stringify([
          await told.due(),
          await told.queued(),
          await told.completed(),
          await told.missed(),
          (await sql`select run_id, state from scheduler.run order by run_id`.execute(db)).rows,
        ]);
      for (let before = ''; ; ) {
        await until(isFolded);
        const from = looks;
        await until(() => looks >= from + 4);
        const now = await state();
        if (now === before && (await isFolded())) return;
        before = now;
      }
    },
    looks: () => looks,
  };
}

export type RunsStage = Awaited<ReturnType<typeof startRuns>>;
