import type { Instant } from '@tocsin/kernel';
import { type QueryExecutorProvider, sql } from 'kysely';
import { unlessMissing } from './missing-view.js';

export interface ProviderHealth {
  readonly lastUsedAt: Instant | null;
  /** why the notifier switched it off by itself */
  readonly disabledReason: string | null;
}

const UNUSED: ProviderHealth = { lastUsedAt: null, disabledReason: null };

interface Row {
  readonly provider_id: string;
  readonly last_used_at: Instant | null;
  readonly disabled_reason: string | null;
}

/**
 * What the notifier says of providers, for any number of them in one query; not inside a transaction.
 * @returns answers for every id
 */
export async function providerHealth(
  db: QueryExecutorProvider,
  ids: readonly string[],
): Promise<(id: string) => ProviderHealth> {
  if (ids.length === 0) return () => UNUSED;
  const { rows } = await unlessMissing(
    sql<Row>`select provider_id, last_used_at, disabled_reason
      from notifier.provider_health where provider_id = any(${ids}::uuid[])`.execute(db),
    { rows: [] },
  );
  const known = new Map(
    rows.map((row) => [
      row.provider_id,
      { lastUsedAt: row.last_used_at, disabledReason: row.disabled_reason },
    ]),
  );
  return (id) => known.get(id) ?? UNUSED;
}
