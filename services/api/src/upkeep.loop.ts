import { setTimeout as delay } from 'node:timers/promises';
import { type Logger, secretKeyId } from '@tocsin/service-kit';
import { forgetOldKeys } from './changes/idempotency.store.js';
import { rewrapHeartbeats } from './heartbeats/heartbeat.store.js';
import { forgetOldAttempts } from './people/attempts.store.js';
import { forgetOldSessions, type SessionSpan } from './people/session.store.js';
import { rewrapTwoFactor } from './people/two-factor.store.js';
import { forgetOldRequests } from './runs/forget-requests.store.js';
import { rewrapSecrets } from './secrets/secret.store.js';
import type { Clock, Database, SecretKeys } from './wiring.js';

const EVERY_MS = 3_600_000;

export interface UpkeepOptions {
  readonly db: Database;
  readonly keys: SecretKeys;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sessions: SessionSpan;
}

/** Forgets old idempotency keys, requests of runs and sessions that are over, and moves secrets to the present master key, now and then every hour. */
export async function runUpkeep(
  { db, keys, clock, logger, sessions }: UpkeepOptions,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const forgotten = await forgetOldKeys(db, clock());
      const requests = await forgetOldRequests(db, clock());
      const ended = await forgetOldSessions(db, sessions, clock());
      await forgetOldAttempts(db, clock());
      const presentId = secretKeyId(keys.present);
      const rewrapped =
        (await rewrapSecrets(db, keys, presentId)) +
        (await rewrapHeartbeats(db, keys, presentId)) +
        (await rewrapTwoFactor(db, keys, presentId));
      logger.debug({ forgotten, requests, ended, rewrapped }, 'upkeep done');
    } catch (error) {
      logger.warn({ err: error }, 'upkeep failed, will try again in an hour');
    }
    await delay(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
