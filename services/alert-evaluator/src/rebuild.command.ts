import { migrate } from '@tocsin/database';
import { type EventLog, offline, startRebuild } from '@tocsin/event-log';
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
  await offline(SERVICE, config, SCHEMA, async ({ db, log, logger }) => {
    await rebuild(db, log);
    logger.info('tables emptied: start the service, it folds them again');
  });
}
