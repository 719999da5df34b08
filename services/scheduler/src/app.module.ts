import { type DynamicModule, Module } from '@nestjs/common';
import { connectDatabase, listen, ping } from '@tocsin/database';
import { createJetStreamLog, JetStreamStrategy, projectionHost } from '@tocsin/event-log';
import { postgresCheck, type ServiceContext } from '@tocsin/service-kit';
import { createBell } from './bell.js';
import { runClock } from './clock.loop.js';
import type { SchedulerConfig } from './config.js';
import { afterMigration, migrateWhenUp } from './migrate.loop.js';
import { ON_CHANGED, SCHEDULE_PROJECTION, ScheduleProjection } from './schedule.projection.js';
import { CHANGED_CHANNEL } from './schedule.store.js';
import { schedulerMetrics } from './scheduler.metrics.js';

export const STRATEGY = Symbol('STRATEGY');

/** A loop that fails is a bug: thrown from here it ends the process, and the supervisor starts another. */
const onFailure = (error: unknown): never => {
  throw error;
};

@Module({})
class SchedulerModule {}

export function createModule(context: ServiceContext<SchedulerConfig>): DynamicModule {
  const { config, logger, nats, metrics, health, stopping, onStop } = context;
  const databaseUrl = config.DATABASE_URL.reveal();
  const db = connectDatabase<unknown>({
    databaseUrl,
    name: 'tocsin-scheduler',
    maxConnections: 4,
    onIdleError: (error) => logger.warn({ err: error }, 'an idle database connection broke'),
  });
  onStop('database', () => db.destroy());
  health.add(postgresCheck(() => ping(db as never)));

  const log = createJetStreamLog({ nats, logger });
  const changed = createBell();
  const migrated = migrateWhenUp(db, logger, stopping);
  const host = projectionHost({ projection: SCHEDULE_PROJECTION, db, log, logger, metrics });

  const time = { wallMs: Date.now, monotonicMs: () => performance.now() };
  const { isConnected } = nats;
  const keepTime = async () => {
    if (!(await migrated)) return;
    const options = { db, log, isConnected, time, changed, logger, metrics: schedulerMetrics(metrics) };
    await runClock(options, stopping);
  };
  const clock = keepTime();
  const listening = listen({
    databaseUrl,
    name: 'tocsin-scheduler-changes',
    channels: [CHANGED_CHANNEL],
    onNotify: changed.ring,
    onConnected: changed.ring,
    onError: (error) =>
      logger.warn({ err: error }, 'changes of schedules are not heard, looking every second'),
    signal: stopping,
  });
  onStop('clock', () => Promise.all([clock, listening]));

  return {
    module: SchedulerModule,
    controllers: [ScheduleProjection],
    providers: [
      { provide: ON_CHANGED, useValue: changed.ring },
      {
        provide: STRATEGY,
        useFactory: () => new JetStreamStrategy([afterMigration(host, migrated)], onFailure),
      },
    ],
  };
}
