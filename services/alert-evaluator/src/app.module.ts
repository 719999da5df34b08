import { type DynamicModule, type INestApplication, Module } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { connectDatabase } from '@tocsin/database';
import {
  after,
  createJetStreamLog,
  type Hosted,
  JetStreamStrategy,
  migrated,
  projectionHost,
  runRelay,
} from '@tocsin/event-log';
import { postgresCheck, type ServiceContext } from '@tocsin/service-kit';
import { sql } from 'kysely';
import type { EvaluatorConfig } from './config.js';
import { EvaluatorController, FOLD } from './evaluator.controller.js';
import { ALERT_EVENTS, PROJECTION, SCHEMA, SERVICE } from './evaluator.js';
import { createReport } from './evaluator.metrics.js';
import { createFold } from './evaluator.projection.js';
import { MIGRATIONS } from './migrations/index.js';
import { finishRebuild } from './rebuild.loop.js';

const HOSTED = Symbol('hosted');

@Module({})
class EvaluatorModule {}

export function createModule(context: ServiceContext<EvaluatorConfig>): DynamicModule {
  const { config, logger, nats, health, metrics, stopping, onStop } = context;
  const databaseUrl = config.DATABASE_URL.reveal();
  const db = connectDatabase<unknown>({
    databaseUrl,
    name: SERVICE,
    schemas: [SCHEMA],
    onIdleError: (error) => logger.warn({ err: error }, 'idle database connection lost'),
  });
  onStop('database', () => db.destroy());
  health.add(postgresCheck(() => sql`select 1`.execute(db)));

  const log = createJetStreamLog({ nats, logger });
  const report = createReport(metrics, logger, Date.now);
  const ready = migrated({ db, schema: SCHEMA, migrations: MIGRATIONS, logger }, stopping);
  const loops = ready.then(() =>
    Promise.all([
      runRelay({ db, databaseUrl, log, tables: [ALERT_EVENTS], logger, metrics }, stopping),
      finishRebuild({ db, report, logger }, stopping),
    ]),
  );
  loops.catch(onFailure(stopping));
  onStop('loops', () => loops.catch(() => undefined));

  const host = after(ready, projectionHost({ projection: PROJECTION, db, log, logger, metrics }));
  return {
    module: EvaluatorModule,
    controllers: [EvaluatorController],
    providers: [
      { provide: FOLD, useValue: createFold(report) },
      { provide: HOSTED, useValue: [host] satisfies Hosted[] },
    ],
  };
}

export function strategies(
  app: INestApplication,
  { stopping }: ServiceContext<EvaluatorConfig>,
): CustomTransportStrategy[] {
  return [new JetStreamStrategy(app.get<Hosted[]>(HOSTED), onFailure(stopping))];
}

/** A loop that ends by itself is a bug: thrown from here it ends the process, and the supervisor starts another. */
function onFailure(stopping: AbortSignal) {
  return (error: unknown): void => {
    if (!stopping.aborted) throw error;
  };
}
