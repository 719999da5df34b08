import type { JsonObject } from '@tocsin/kernel';
import { openSecret, type Secret } from '@tocsin/service-kit';
import { type Kysely, sql } from 'kysely';

export interface RecordSecrets {
  /** undefined when there is no such version */
  of(recordId: string, version: number): Promise<JsonObject | undefined>;
}

const LIMIT = 1_000;

interface Row {
  readonly key_id: string;
  readonly wrapped_key: Buffer;
  readonly ciphertext: Buffer;
}

/** Reads what the api sealed. A version never changes; of each record the last one asked for is kept. */
export function recordSecrets(
  kind: 'provider' | 'subscription',
  db: Kysely<unknown>,
  masterKeys: readonly Secret[],
): RecordSecrets {
  const kept = new Map<string, { readonly version: number; readonly secret: JsonObject }>();
  return {
    async of(recordId, version) {
      const known = kept.get(recordId);
      if (known?.version === version) return known.secret;
      const { rows } = await sql<Row>`
        select key_id, wrapped_key, ciphertext from config.secret
        where record_kind = ${kind} and record_id = ${recordId} and version = ${version}`.execute(db);
      const [row] = rows;
      if (row === undefined) return undefined;
      const { key_id: keyId, wrapped_key: wrappedKey, ciphertext } = row;
      const text = openSecret(masterKeys, `${kind}:${recordId}:${version}`, {
        keyId,
        wrappedKey,
        ciphertext,
      });
      const secret = JSON.parse(text) as JsonObject;
      if (kept.size >= LIMIT) kept.clear();
      kept.set(recordId, { version, secret });
      return secret;
    },
  };
}
