import { connectDatabase } from '@tocsin/database';
import { verifyChains } from '@tocsin/event-log';
import { createLogger } from '@tocsin/service-kit';
import type { NotifierConfig } from './config.js';
import { DELIVERIES, SERVICE } from './notifier.js';

/** `node dist/main.js verify`: whether the delivery events are as they were written. @returns the exit code */
export async function verifyCommand(config: Pick<NotifierConfig, 'DATABASE_URL'>): Promise<0 | 1> {
  const logger = createLogger({ name: SERVICE, level: 'info' });
  const db = connectDatabase<unknown>({
    databaseUrl: config.DATABASE_URL.reveal(),
    name: `${SERVICE}-verify`,
  });
  try {
    const broken = await verifyChains(db, DELIVERIES);
    for (const link of broken)
      logger.error(link, 'chain broken: the delivery events are not as they were written');
    if (broken.length === 0) logger.info('every chain is as it was written');
    return broken.length === 0 ? 0 : 1;
  } finally {
    await db.destroy();
  }
}
