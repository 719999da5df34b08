import { migrate } from '@tocsin/database';
import { offline, startRebuild } from '@tocsin/event-log';
import { parseConfig } from '@tocsin/service-kit';
import { schedulerConfig } from './config.js';
import { migrations } from './migrations/index.js';
import { emptyRuns } from './runs/run.store.js';
import { RUNS_PROJECTION } from './runs/runs.projection.js';
import { SCHEDULE_PROJECTION } from './schedule.projection.js';
import { emptySchedules } from './schedule.store.js';

const needed = schedulerConfig.pick({ NATS_URL: true, DATABASE_URL: true });

await offline('scheduler', parseConfig(needed, process.env), 'scheduler', async ({ db, log, logger }) => {
  await migrate(db, 'scheduler', migrations);
  await startRebuild({ projection: SCHEDULE_PROJECTION, db, log, empty: emptySchedules });
  await startRebuild({ projection: RUNS_PROJECTION, db, log, empty: emptyRuns });
  logger.info('tables emptied: start the scheduler, it folds them again');
});
