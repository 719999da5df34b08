import { connectDatabase, migrate } from '@tocsin/database';
import { createJetStreamLog, type EventLog, startRebuild } from '@tocsin/event-log';
import { connectNats, createLogger } from '@tocsin/service-kit';
import type { Kysely } from 'kysely';
import type { EvaluatorConfig } from './config.js';
import { PROJECTION, SCHEMA, SERVICE } from './evaluator.js';
import { MIGRATIONS } from './migrations/index.js';
import { emptyTables } from './rebuild.store.js';

/** @throws when a replica of the service is running */
export async function rebuild(db: Kysely<unknown>, log: EventLog): Promise<void> {
  await migrate(db, SCHEMA, MIGRATIONS);
  await startRebuild({ projection: PROJECTION, db, log, empty: emptyTables });
}

/** `node dist/main.js rebuild`: the service, started next, does the work. */
export async function rebuildCommand(
  config: Pick<EvaluatorConfig, 'DATABASE_URL' | 'NATS_URL'>,
): Promise<void> {
  const logger = createLogger({ name: SERVICE, level: 'info' });
  const db = connectDatabase<unknown>({
    databaseUrl: config.DATABASE_URL.reveal(),
    name: `${SERVICE}-rebuild`,
  });
  const nats = connectNats({ url: config.NATS_URL, name: SERVICE, logger });
  try {
    await rebuild(db, createJetStreamLog({ nats, logger }));
    logger.info('tables emptied: start the service, it folds them again');
  } finally {
    await nats.close();
    await db.destroy();
  }
}
