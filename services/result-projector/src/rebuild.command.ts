import { migrate } from '@tocsin/database';
import { offline } from '@tocsin/event-log';
import type { ProjectorConfig } from './config.js';
import { MIGRATIONS } from './migrations/index.js';
import { rebuildResults } from './rebuild.js';
import { SCHEMA, SERVICE } from './result-projector.js';

type Needed = Pick<ProjectorConfig, 'DATABASE_URL' | 'NATS_URL' | 'TOCSIN_RESULTS_RETENTION_DAYS'>;

/** `node dist/main.js rebuild`: the service, started next, does the work. */
export async function rebuildCommand(config: Needed): Promise<void> {
  await offline(SERVICE, config, SCHEMA, async ({ db, log, logger }) => {
    await migrate(db, SCHEMA, MIGRATIONS);
    const from = await rebuildResults({
      db,
      log,
      now: () => new Date().toISOString(),
      retentionDays: config.TOCSIN_RESULTS_RETENTION_DAYS,
    });
    logger.info({ from: from ?? 'the beginning' }, 'tables emptied: start the service, it folds them again');
  });
}
