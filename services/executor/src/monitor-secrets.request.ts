import { requests } from '@tocsin/contracts';
import type { JsonObject } from '@tocsin/kernel';
import type { NatsHandle } from '@tocsin/service-kit';
import { z } from 'zod';
import { createBoundedCache } from './bounded-cache.js';

/** `missing`: there is no such version and never will be again. `unavailable`: ask again later. */
export type SecretAnswer = JsonObject | 'missing' | 'unavailable';

export interface MonitorSecrets {
  of(monitorId: string, version: number): Promise<SecretAnswer>;
}

export interface MonitorSecretsOptions {
  readonly nats: Pick<NatsHandle, 'current' | 'isConnected'>;
  /** told of every secret that had to be asked for */
  readonly onMiss: () => void;
  readonly now: () => number;
  readonly timeoutMs?: number;
}

const LIMIT = 10_000;
/** A version never changes; this only bounds how long the secret of a deleted monitor stays in memory. */
const TTL_MS = 10 * 60_000;

const answer = z.object({
  secret: z
    .record(z.string(), z.json())
    .nullish()
    .transform((secret) => secret ?? undefined),
  error: z.object({ code: z.string() }).optional(),
});

/** Asks the api, once per version and executor: secrets are in no event. */
export function createMonitorSecrets(options: MonitorSecretsOptions): MonitorSecrets {
  const { nats, onMiss, now, timeoutMs = 2_000 } = options;
  const known = createBoundedCache<JsonObject>({ limit: LIMIT, ttlMs: TTL_MS, now });
  const asking = new Map<string, Promise<SecretAnswer>>();

  async function ask(monitorId: string, version: number): Promise<SecretAnswer> {
    const connection = nats.current();
    if (connection === undefined || !nats.isConnected()) return 'unavailable';
    try {
      const payload = JSON.stringify({ monitorId, version });
      const reply = await connection.request(requests.monitorSecret, payload, { timeout: timeoutMs });
      const { secret, error } = answer.parse(reply.json());
      if (secret !== undefined) return secret;
      return error === undefined || error.code === 'not_found' ? 'missing' : 'unavailable';
    } catch {
      // Nobody there, no answer in time, or one that is none: the api is not itself at the moment.
      return 'unavailable';
    }
  }

  return {
    async of(monitorId, version) {
      const key = `${monitorId}:${version}`;
      const cached = known.get(key);
      if (cached !== undefined) return cached;
      const running = asking.get(key);
      if (running !== undefined) return running;
      onMiss();
      const asked = ask(monitorId, version);
      asking.set(key, asked);
      try {
        const secret = await asked;
        if (typeof secret === 'object') known.set(key, secret);
        return secret;
      } finally {
        asking.delete(key);
      }
    },
  };
}
