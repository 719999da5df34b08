import { type DynamicModule, Module } from '@nestjs/common';
import { requests } from '@tocsin/contracts';
import { connectDatabase, listen, ping } from '@tocsin/database';
import {
  after,
  createJetStreamLog,
  JetStreamStrategy,
  migrated,
  projectionHost,
  runRelay,
} from '@tocsin/event-log';
import { postgresCheck, type ServiceContext } from '@tocsin/service-kit';
import { createBell } from './bell.js';
import { runClock } from './clock.loop.js';
import { queueLimits, type SchedulerConfig } from './config.js';
import { migrations } from './migrations/index.js';
import { RUNS_CHANNEL } from './runs/run.store.js';
import { DUE_EVENTS, RUN_EVENTS } from './runs/run-tables.js';
import { runRuns } from './runs/runs.loop.js';
import { runsMetrics } from './runs/runs.metrics.js';
import { ON_RUNS_CHANGED, RUNS_PROJECTION, RunsProjection } from './runs/runs.projection.js';
import { ON_CHANGED, SCHEDULE_PROJECTION, ScheduleProjection } from './schedule.projection.js';
import { CHANGED_CHANNEL } from './schedule.store.js';
import { schedulerMetrics } from './scheduler.metrics.js';

export const STRATEGY = Symbol('STRATEGY');

@Module({})
class SchedulerModule {}

export function createModule(context: ServiceContext<SchedulerConfig>): DynamicModule {
  const { config, logger, nats, metrics, health, stopping, onStop } = context;
  const databaseUrl = config.DATABASE_URL.reveal();
  const db = connectDatabase<unknown>({
    databaseUrl,
    name: 'tocsin-scheduler',
    schemas: ['scheduler'],
    // held for as long as it runs: two projections, the clock, the queue, the relay; and some to spare
    maxConnections: 8,
    onIdleError: (error) => logger.warn({ err: error }, 'an idle database connection broke'),
  });
  onStop('database', () => db.destroy());
  health.add(postgresCheck(() => ping(db as never)));

  const log = createJetStreamLog({ nats, logger });
  const changed = { schedules: createBell(), runs: createBell() };
  const ready = migrated({ db, schema: 'scheduler', migrations, logger }, stopping);
  const hostOf = (projection: typeof RUNS_PROJECTION) =>
    after(ready, projectionHost({ projection, db, log, logger, metrics }));

  const time = { wallMs: Date.now, monotonicMs: () => performance.now() };
  const { isConnected } = nats;
  const tellStop = (location: string, runId: string) =>
    nats.current()?.publish(requests.cancelRun(location), JSON.stringify({ runId }));
  const clockMetrics = schedulerMetrics(metrics);
  const queueMetrics = runsMetrics(metrics);
  const common = { db, log, isConnected, time, logger };
  const loops = ready.then(() =>
    Promise.all([
      runClock({ ...common, changed: changed.schedules, metrics: clockMetrics }, stopping),
      runRuns(
        { ...common, changed: changed.runs, limits: queueLimits(config), tellStop, metrics: queueMetrics },
        stopping,
      ),
      runRelay({ db, databaseUrl, log, tables: [RUN_EVENTS, DUE_EVENTS], logger, metrics }, stopping),
    ]),
  );
  loops.catch(onFailure(stopping));
  const ringBoth = () => {
    changed.schedules.ring();
    changed.runs.ring();
  };
  const listening = listen({
    databaseUrl,
    name: 'tocsin-scheduler-changes',
    channels: [CHANGED_CHANNEL, RUNS_CHANNEL],
    onNotify: (channel) => (channel === RUNS_CHANNEL ? changed.runs : changed.schedules).ring(),
    onConnected: ringBoth,
    onError: (error) =>
      logger.warn({ err: error }, 'changes of schedules are not heard, looking every second'),
    signal: stopping,
  });
  onStop('loops', () => Promise.allSettled([loops, listening]));

  return {
    module: SchedulerModule,
    controllers: [ScheduleProjection, RunsProjection],
    providers: [
      { provide: ON_CHANGED, useValue: changed.schedules.ring },
      { provide: ON_RUNS_CHANGED, useValue: changed.runs.ring },
      {
        provide: STRATEGY,
        useFactory: () =>
          new JetStreamStrategy([hostOf(SCHEDULE_PROJECTION), hostOf(RUNS_PROJECTION)], onFailure(stopping)),
      },
    ],
  };
}

/** A loop that fails is a bug: thrown from here it ends the process, and the supervisor starts another. */
function onFailure(stopping: AbortSignal) {
  return (error: unknown): void => {
    if (!stopping.aborted) throw error;
  };
}
