import type { ProviderView } from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';
import { type QueryExecutorProvider, sql } from 'kysely';
import { unlessMissing } from './missing-view.js';

type Circuit = ProviderView['health']['circuit'];

export interface ProviderHealth {
  /** when it last carried a message */
  readonly lastUsedAt: Instant | null;
  /** why the notifier switched it off by itself */
  readonly disabledReason: string | null;
  readonly failingSince: Instant | null;
  readonly failingReason: string | null;
  readonly circuit: Circuit;
}

const UNUSED: ProviderHealth = {
  lastUsedAt: null,
  disabledReason: null,
  failingSince: null,
  failingReason: null,
  circuit: 'closed',
};

interface Row {
  readonly provider_id: string;
  readonly last_used_at: Instant | null;
  readonly disabled_reason: string | null;
  readonly disabled_at: Instant | null;
  readonly breaker: Circuit;
  readonly incident: { readonly since: Instant; readonly reason: string } | null;
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
    sql<Row>`select provider_id, last_used_at, disabled_reason, disabled_at, breaker, incident
      from notifier.provider_health where provider_id = any(${ids}::uuid[])`.execute(db),
    { rows: [] },
  );
  const known = new Map(rows.map((row) => [row.provider_id, healthOf(row)]));
  return (id) => known.get(id) ?? UNUSED;
}

const healthOf = (row: Row): ProviderHealth => ({
  lastUsedAt: row.last_used_at,
  disabledReason: row.disabled_reason,
  failingSince: row.incident?.since ?? row.disabled_at,
  failingReason: row.incident?.reason ?? row.disabled_reason,
  circuit: row.breaker,
});
