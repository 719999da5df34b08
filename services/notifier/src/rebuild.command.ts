import { migrate } from '@tocsin/database';
import { type EventLog, offline, startRebuild } from '@tocsin/event-log';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { NotifierConfig } from './config.js';
import { MIGRATIONS } from './migrations/index.js';
import { PROJECTION, SCHEMA, SERVICE } from './notifier.js';

/**
 * What the streams can tell again. Notifications, attempts, re-drives, health and how far each subscription has come are
 * this service's own facts and stay, as do the messages about providers, which are on no stream.
 */
export async function emptyTables(tx: Transaction<unknown>): Promise<void> {
  await sql`truncate notifier.provider, notifier.subscription`.execute(tx);
  await sql`delete from notifier.alert_event where type <> 'provider.failing'`.execute(tx);
}

/** @throws when a replica of the service is running */
export async function rebuild(db: Kysely<unknown>, log: EventLog): Promise<void> {
  await migrate(db, SCHEMA, MIGRATIONS);
  await startRebuild({ projection: PROJECTION, db, log, empty: emptyTables });
}

/** `node dist/main.js rebuild`: the service, started next, does the work. */
export async function rebuildCommand(
  config: Pick<NotifierConfig, 'DATABASE_URL' | 'NATS_URL'>,
): Promise<void> {
  await offline(SERVICE, config, SCHEMA, async ({ db, log, logger }) => {
    await rebuild(db, log);
    logger.info('tables emptied: start the service, it folds them again');
  });
}
