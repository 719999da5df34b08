import { connectDatabase } from '@tocsin/database';
import { connectNats, createLogger, type Logger, type Secret } from '@tocsin/service-kit';
import type { Kysely } from 'kysely';
import type { EventLog } from './event-log.js';
import { createJetStreamLog } from './jetstream.log.js';

export interface OfflineTools {
  readonly db: Kysely<unknown>;
  readonly log: EventLog;
  readonly logger: Logger;
}

/** What a command beside the service needs of its surroundings: under the service's identity, closed when it is done. */
export async function offline(
  service: string,
  config: { readonly DATABASE_URL: Secret; readonly NATS_URL: Secret },
  schema: string,
  work: (tools: OfflineTools) => Promise<void>,
): Promise<void> {
  const logger = createLogger({ name: service, level: 'info' });
  const db = connectDatabase<unknown>({
    databaseUrl: config.DATABASE_URL.reveal(),
    name: `${service}-command`,
    schemas: [schema],
  });
  const nats = connectNats({ url: config.NATS_URL, name: service, logger });
  try {
    await work({ db, log: createJetStreamLog({ nats, logger }), logger });
  } finally {
    await nats.close();
    await db.destroy();
  }
}
