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
import { type ProjectorConfig, retentionOf } from './config.js';
import { runMaintenance } from './maintenance.loop.js';
import { MIGRATIONS } from './migrations/index.js';
import { OUTBOX, PROJECTION, SCHEMA, SERVICE } from './result-projector.js';
import { FOLD, ResultsController } from './results.controller.js';
import { createReport } from './results.metrics.js';
import { resultsFold } from './results.projection.js';

const HOSTED = Symbol('hosted');
const now = () => new Date().toISOString();

@Module({})
class ResultProjectorModule {}

export function createModule(context: ServiceContext<ProjectorConfig>): DynamicModule {
  const { config, logger, nats, health, metrics, stopping, onStop } = context;
  const databaseUrl = config.DATABASE_URL.reveal();
  const retention = retentionOf(config);
  const db = connectDatabase<unknown>({
    databaseUrl,
    name: SERVICE,
    schemas: [SCHEMA],
    onIdleError: (error) => logger.warn({ err: error }, 'idle database connection lost'),
  });
  onStop('database', () => db.destroy());
  health.add(postgresCheck(() => sql`select 1`.execute(db)));

  const log = createJetStreamLog({ nats, logger });
  const ready = migrated({ db, schema: SCHEMA, migrations: MIGRATIONS, logger }, stopping);
  const loops = ready.then(() =>
    Promise.all([
      runRelay({ db, databaseUrl, log, tables: [OUTBOX], logger, metrics }, stopping),
      runMaintenance({ db, retention, now, logger, metrics }, stopping),
    ]),
  );
  loops.catch(onFailure(stopping));
  onStop('loops', () => loops.catch(() => undefined));

  const host = after(ready, projectionHost({ projection: PROJECTION, db, log, logger, metrics }));
  const fold = resultsFold({ now, retentionDays: retention.resultsDays, onFolded: createReport(metrics) });
  return {
    module: ResultProjectorModule,
    controllers: [ResultsController],
    providers: [
      { provide: FOLD, useValue: fold },
      { provide: HOSTED, useValue: [host] satisfies Hosted[] },
    ],
  };
}

export function strategies(
  app: INestApplication,
  { stopping }: ServiceContext<ProjectorConfig>,
): CustomTransportStrategy[] {
  return [new JetStreamStrategy(app.get<Hosted[]>(HOSTED), onFailure(stopping))];
}

/** A loop that ends by itself is a bug: thrown from here it ends the process, and the supervisor starts another. */
function onFailure(stopping: AbortSignal) {
  return (error: unknown): void => {
    if (!stopping.aborted) throw error;
  };
}
