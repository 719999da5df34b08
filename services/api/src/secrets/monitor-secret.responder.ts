import { requests } from '@tocsin/contracts';
import { id } from '@tocsin/http-api';
import type { JsonObject } from '@tocsin/kernel';
import type { Logger, NatsHandle } from '@tocsin/service-kit';
import { z } from 'zod';
import { respond } from '../requests.responder.js';
import type { Database, SecretKeys } from '../wiring.js';
import { findSecret } from './secret.store.js';

const question = z.object({ monitorId: id, version: z.int().min(1) });

type Answer =
  | { readonly secret: JsonObject }
  /** `not_found`: no such version, and never again; `unavailable`: ask later */
  | { readonly error: { readonly code: 'not_found' | 'unavailable' } };

export interface ResponderOptions {
  readonly nats: NatsHandle;
  readonly db: Database;
  readonly keys: SecretKeys;
  readonly logger: Logger;
}

/** Tells executors the secrets of the monitors they check, until the signal. */
export const answerMonitorSecrets = (options: ResponderOptions, signal: AbortSignal): Promise<void> =>
  respond(options.nats, requests.monitorSecret, (text) => answerTo(options, text), signal);

async function answerTo({ db, keys, logger }: ResponderOptions, text: string): Promise<Answer> {
  try {
    const asked = question.safeParse(JSON.parse(text));
    if (!asked.success) return { error: { code: 'not_found' } };
    const { monitorId, version } = asked.data;
    const secret = await findSecret(db, { kind: 'monitor', id: monitorId, version }, keys);
    return secret === undefined ? { error: { code: 'not_found' } } : { secret };
  } catch (error) {
    logger.error({ err: error }, 'a monitor secret cannot be told');
    return { error: { code: 'unavailable' } };
  }
}
