import type { NewEvent } from '@tocsin/contracts';
import { connectDatabase, unnest } from '@tocsin/database';
import { sql } from 'kysely';

const COLUMNS = {
  monitor_id: 'uuid',
  project: 'text',
  slot: 'timestamptz',
  location: 'text',
  outcome: 'text',
  latency_ms: 'float8',
  error: 'jsonb',
  started_at: 'timestamptz',
  finished_at: 'timestamptz',
  timings: 'jsonb',
  attempts: 'int4',
  observed: 'jsonb',
  certificate: 'jsonb',
  trigger: 'text',
  event_id: 'uuid',
} as const;

const rowOf = ({ id, data }: NewEvent<'CheckCompleted'>) => ({
  monitor_id: data.monitorId,
  project: data.project,
  slot: data.slot,
  location: data.location,
  outcome: data.outcome,
  latency_ms: data.latencyMs,
  error: data.error ?? null,
  started_at: data.startedAt,
  finished_at: data.finishedAt,
  timings: data.timings,
  attempts: data.attempts,
  observed: data.observed,
  certificate: null,
  trigger: data.trigger,
  event_id: id,
});

/** A table like `monitor_results` with its keys and nothing else done: as fast as this Postgres takes these rows. */
export async function rawInsertRate(
  databaseUrl: string,
  events: readonly NewEvent<'CheckCompleted'>[],
  rowsPerTransaction = 1_000,
): Promise<number> {
  const db = connectDatabase<unknown>({ databaseUrl, name: 'bench-raw', maxConnections: 1 });
  try {
    await sql`create schema if not exists bench`.execute(db);
    await sql`drop table if exists bench.monitor_results`.execute(db);
    await sql`create table bench.monitor_results (like results.monitor_results including all)`.execute(db);
    const rows = events.map(rowOf);
    const startedAt = performance.now();
    for (let at = 0; at < rows.length; at += rowsPerTransaction) {
      const batch = rows.slice(at, at + rowsPerTransaction);
      await db.transaction().execute(async (tx) => {
        await sql`insert into bench.monitor_results select * from ${unnest('r', COLUMNS, batch)}`.execute(tx);
      });
    }
    return rows.length / ((performance.now() - startedAt) / 1_000);
  } finally {
    await db.destroy();
  }
}
