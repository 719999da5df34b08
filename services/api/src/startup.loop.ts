import { setTimeout as delay } from 'node:timers/promises';
import { isTransient } from '@tocsin/database';
import { runRelay } from '@tocsin/event-log';
import type { Logger, Metrics, NatsHandle } from '@tocsin/service-kit';
import { CONFIG_EVENTS, RESULT_OUTBOX } from './event-tables.js';
import { migrateApi } from './migrations/index.js';
import { type GivenAdministrator, makeGivenAdministrator } from './people/first-administrator.js';
import type { SessionSpan } from './people/session.store.js';
import { answerMonitorSecrets } from './secrets/monitor-secret.responder.js';
import { answerTestMaterial } from './tests/test-material.responder.js';
import { createFirstToken } from './tokens/first-token.store.js';
import { runUpkeep } from './upkeep.loop.js';
import type { Clock, Database, Log, SecretKeys } from './wiring.js';

const RETRY_MS = 500;

export interface StartupOptions {
  readonly db: Database;
  readonly databaseUrl: string;
  readonly log: Log;
  readonly nats: NatsHandle;
  readonly keys: SecretKeys;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly adminTokenFile: string | undefined;
  readonly administrator: GivenAdministrator | undefined;
  readonly sessions: SessionSpan;
  /** the schemas are there and somebody can ask for something */
  readonly onReady: () => void;
  /** not to be cured by waiting: the process cannot do its work */
  readonly onFailure: (error: unknown) => void;
}

/** Brings the schemas up to date as soon as Postgres answers, then relays what was accepted and answers, until the signal. */
export async function runStartup(options: StartupOptions, signal: AbortSignal): Promise<void> {
  const { db, databaseUrl, log, nats, keys, clock, logger, metrics, sessions } = options;
  try {
    await untilPostgresAnswers(options, signal, () => prepare(options));
    options.onReady();
    const tables = [CONFIG_EVENTS, RESULT_OUTBOX];
    await Promise.all([
      runRelay({ db, databaseUrl, log, tables, logger, metrics }, signal),
      answerMonitorSecrets({ nats, db, keys, logger }, signal),
      answerTestMaterial({ nats, db, keys, logger }, signal),
      runUpkeep({ db, keys, clock, logger, sessions }, signal),
    ]);
  } catch (error) {
    if (!signal.aborted) options.onFailure(error);
  }
}

async function prepare({ db, logger, clock, adminTokenFile, administrator }: StartupOptions): Promise<void> {
  const applied = await migrateApi(db);
  if (applied.length > 0) logger.info({ applied }, 'schemas brought up to date');
  if (adminTokenFile !== undefined && (await createFirstToken(db, adminTokenFile, clock)))
    logger.info({ file: adminTokenFile }, 'first administrator token written');
  if (administrator !== undefined && (await makeGivenAdministrator(db, administrator, clock)))
    logger.info('first administrator made, as the environment says');
}

async function untilPostgresAnswers(
  { logger }: StartupOptions,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  for (let told = false; ; told = true) {
    signal.throwIfAborted();
    try {
      await work();
      return;
    } catch (error) {
      if (!isTransient(error)) throw error;
      if (!told) logger.warn({ err: error }, 'postgres is not reachable, will keep trying');
      await delay(RETRY_MS, undefined, { signal });
    }
  }
}
