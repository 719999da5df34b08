import { connectDatabase, migrate } from '@tocsin/database';
import { createJetStreamLog } from '@tocsin/event-log';
import { connectNats, createLogger } from '@tocsin/service-kit';
import type { ProjectorConfig } from './config.js';
import { MIGRATIONS } from './migrations/index.js';
import { rebuildResults } from './rebuild.js';
import { SCHEMA, SERVICE } from './result-projector.js';

type Needed = Pick<ProjectorConfig, 'DATABASE_URL' | 'NATS_URL' | 'TOCSIN_RESULTS_RETENTION_DAYS'>;

/** `node dist/main.js rebuild`: the service, started next, does the work. */
export async function rebuildCommand(config: Needed): Promise<void> {
  const logger = createLogger({ name: SERVICE, level: 'info' });
  const db = connectDatabase<unknown>({
    databaseUrl: config.DATABASE_URL.reveal(),
    name: `${SERVICE}-rebuild`,
  });
  const nats = connectNats({ url: config.NATS_URL, name: SERVICE, logger });
  try {
    await migrate(db, SCHEMA, MIGRATIONS);
    const from = await rebuildResults({
      db,
      log: createJetStreamLog({ nats, logger }),
      now: () => new Date().toISOString(),
      retentionDays: config.TOCSIN_RESULTS_RETENTION_DAYS,
    });
    logger.info({ from: from ?? 'the beginning' }, 'tables emptied: start the service, it folds them again');
  } finally {
    await nats.close();
    await db.destroy();
  }
}
