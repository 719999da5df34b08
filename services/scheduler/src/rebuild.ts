import { connectDatabase, migrate } from '@tocsin/database';
import { createJetStreamLog, startRebuild } from '@tocsin/event-log';
import { connectNats, createLogger, parseConfig } from '@tocsin/service-kit';
import { schedulerConfig } from './config.js';
import { migrations } from './migrations/index.js';
import { SCHEDULE_PROJECTION } from './schedule.projection.js';
import { emptySchedules } from './schedule.store.js';

const logger = createLogger({ name: 'scheduler-rebuild', level: 'info' });
const { NATS_URL, DATABASE_URL } = parseConfig(
  schedulerConfig.pick({ NATS_URL: true, DATABASE_URL: true }),
  process.env,
);
const db = connectDatabase<unknown>({ databaseUrl: DATABASE_URL.reveal(), name: 'tocsin-scheduler-rebuild' });
const nats = connectNats({ url: NATS_URL, name: 'scheduler', logger });
try {
  await migrate(db, 'scheduler', migrations);
  await startRebuild({
    projection: SCHEDULE_PROJECTION,
    db,
    log: createJetStreamLog({ nats, logger }),
    empty: emptySchedules,
  });
  logger.info('tables emptied: the scheduler folds them anew when it is started');
} catch (error) {
  logger.fatal({ err: error }, 'the rebuild could not be started');
  process.exitCode = 1;
} finally {
  await nats.close();
  await db.destroy();
}
