import { setTimeout as delay } from 'node:timers/promises';
import { type Migration, migrate } from '@tocsin/database';
import type { Logger } from '@tocsin/service-kit';
import type { Kysely } from 'kysely';
import type { Hosted } from './hosted.js';

export interface SchemaOptions {
  readonly db: Kysely<unknown>;
  readonly schema: string;
  readonly migrations: readonly Migration[];
  readonly logger: Logger;
}

const RETRY_MS = 500;

/** Migrates as soon as Postgres answers. @throws the signal's reason when it comes first */
export async function migrated(
  { db, schema, migrations, logger }: SchemaOptions,
  signal: AbortSignal,
): Promise<void> {
  for (let said = ''; ; ) {
    signal.throwIfAborted();
    try {
      const applied = await migrate(db, schema, migrations);
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
