import { setTimeout as delay } from 'node:timers/promises';
import { migrate } from '@tocsin/database';
import type { Hosted } from '@tocsin/event-log';
import type { Logger } from '@tocsin/service-kit';
import type { Kysely } from 'kysely';
import { MIGRATIONS } from './migrations/index.js';
import { SCHEMA } from './notifier.js';

const RETRY_MS = 500;

/** Migrates as soon as Postgres answers. @throws the signal's reason when it comes first */
export async function migrated(db: Kysely<unknown>, logger: Logger, signal: AbortSignal): Promise<void> {
  for (let said = ''; ; ) {
    signal.throwIfAborted();
    try {
      const applied = await migrate(db, SCHEMA, MIGRATIONS);
      if (applied.length > 0) logger.info({ applied }, 'schema migrated');
      return;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (problem !== said) logger.warn({ err: error }, 'schema cannot be migrated yet, will keep trying');
      said = problem;
      await delay(RETRY_MS, undefined, { signal });
    }
  }
}

/** The host, once there is a schema to work in. */
export function after(ready: Promise<void>, host: Hosted): Hosted {
  return {
    pattern: host.pattern,
    run: async (handle, signal) => {
      await ready;
      await host.run(handle, signal);
    },
  };
}
