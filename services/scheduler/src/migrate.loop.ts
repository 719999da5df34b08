import { setTimeout as delay } from 'node:timers/promises';
import { migrate } from '@tocsin/database';
import type { Hosted } from '@tocsin/event-log';
import type { Logger } from '@tocsin/service-kit';
import type { Kysely } from 'kysely';
import { migrations } from './migrations/index.js';

const RETRY_MS = 1_000;

/** Brings the schema up to date as soon as Postgres answers. @returns false when the signal came first */
export async function migrateWhenUp(
  db: Kysely<unknown>,
  logger: Logger,
  signal: AbortSignal,
): Promise<boolean> {
  while (!signal.aborted) {
    try {
      const applied = await migrate(db, 'scheduler', migrations);
      if (applied.length > 0) logger.info({ applied }, 'schema brought up to date');
      return true;
    } catch (error) {
      if (signal.aborted) break;
      logger.warn({ err: error }, 'schema cannot be brought up to date, will keep trying');
      await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return false;
}

/** The same host, once there is a schema for it. */
export const afterMigration = (host: Hosted, migrated: Promise<boolean>): Hosted => ({
  pattern: host.pattern,
  async run(handle, signal) {
    if (await migrated) await host.run(handle, signal);
  },
});
