import type { StatsView } from '@tocsin/http-api';
import { type Instant, msBetween } from '@tocsin/kernel';
import { type QueryExecutorProvider, sql } from 'kysely';
import { unlessMissing } from '../missing-view.js';
import { allOf, given } from '../page.js';
import { HOUR_MS, type StatsQuestion } from './stats.js';

export type Phases = StatsView['phases'];

interface Row {
  /** null: of all */
  readonly start_at: Instant | null;
  readonly dns: number | null;
  readonly connect: number | null;
  readonly tls: number | null;
  readonly first_byte: number | null;
}

/** Averages of the phases of the checks that were answered, hour by hour and of all: as far back as single results are asked. */
export async function phasesOf(
  db: QueryExecutorProvider,
  { monitorId, location, window }: StatsQuestion,
): Promise<{ readonly total: Phases; readonly buckets: ReadonlyMap<number, Phases> }> {
  const where = allOf(
    sql`monitor_id = ${monitorId} and slot >= ${window.from} and outcome in ('up', 'degraded')`,
    given(location, (one) => sql`location = ${one}`),
  );
  const average = (phase: string) => sql`avg((timings ->> ${sql.lit(phase)})::float8)`;
  const { rows } = await unlessMissing(
    sql<Row>`select date_trunc('hour', slot, 'UTC') as start_at, ${average('dnsMs')} as dns,
        ${average('connectMs')} as connect, ${average('tlsMs')} as tls, ${average('firstByteMs')} as first_byte
      from results.monitor_results where ${where} group by grouping sets ((1), ())`.execute(db),
    { rows: [] },
  );
  const indexed = rows.map(({ start_at: startAt, ...row }) => ({
    index: startAt === null ? null : Math.floor(msBetween(window.from, startAt) / HOUR_MS),
    phases: shown(row),
  }));
  return {
    total: indexed.find(({ index }) => index === null)?.phases ?? null,
    buckets: new Map(
      indexed.flatMap(({ index, phases }) => (index === null ? [] : [[index, phases] as const])),
    ),
  };
}

function shown({ dns, connect, tls, first_byte: firstByte }: Omit<Row, 'start_at'>): Phases {
  const known = [dns, connect, tls, firstByte].some((phase) => phase !== null);
  return known ? { dnsMs: dns, connectMs: connect, tlsMs: tls, firstByteMs: firstByte } : null;
}
