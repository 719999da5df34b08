import { setTimeout as delay } from 'node:timers/promises';
import { connectDatabase, migrate } from '@tocsin/database';
import { createInMemoryLog, type EventLog, runProjection } from '@tocsin/event-log';
import { createLogger, createMetrics } from '@tocsin/service-kit';
import { type Kysely, sql } from 'kysely';
import { PROJECTION, SCHEMA } from './evaluator.js';
import { createReport } from './evaluator.metrics.js';
import { createFold } from './evaluator.projection.js';
import { MIGRATIONS } from './migrations/index.js';

export const logger = createLogger({ name: 'test', level: 'silent' });

const PATIENCE_MS = 10_000;

/** A database with the evaluator's schema. */
export async function openDatabase(databaseUrl: string): Promise<Kysely<unknown>> {
  const db = connectDatabase<unknown>({
    databaseUrl,
    name: 'test',
    schemas: [SCHEMA],
    onIdleError: () => {},
  });
  await migrate(db, SCHEMA, MIGRATIONS);
  return db;
}

export const startWorld = (db: Kysely<unknown>) => startWorldOn(db, createInMemoryLog());

/** The evaluator's tables empty, a log, and the projection whenever it is to run. */
export async function startWorldOn<Log extends EventLog>(db: Kysely<unknown>, log: Log) {
  await sql`truncate evaluator.target_state, evaluator.alert, evaluator.event, evaluator.event_chain,
    evaluator.to_replay, evaluator.put_off, evaluator.shard_writer, evaluator.checkpoint,
    evaluator.dead_letter`.execute(db);
  const metrics = createMetrics('test');
  const report = createReport(metrics, logger, Date.now);

  /** Runs the projection until it has folded all there is. @param more what to do while it runs */
  async function catchUp(more?: () => Promise<void>): Promise<void> {
    const stop = new AbortController();
    const fold = createFold(report);
    const running = runProjection(
      { projection: PROJECTION, db, log, logger, metrics: createMetrics('test') },
      fold,
      stop.signal,
    );
    try {
      await folded();
      await more?.();
      await folded();
    } finally {
      stop.abort();
      await running;
    }
  }

  async function folded(): Promise<void> {
    for (const stream of ['CONFIG', 'RESULTS'] as const) {
      const { lastSequence } = await log.describe(stream);
      const until = performance.now() + PATIENCE_MS;
      while ((await furthest(db, stream)) < lastSequence) {
        if (performance.now() > until) throw new Error(`${stream} was not folded in time`);
        await delay(5);
      }
    }
  }

  return { db, log, metrics, report, catchUp, folded };
}

async function furthest(db: Kysely<unknown>, stream: string): Promise<number> {
  const { rows } = await sql<{ seq: number }>`
    select coalesce(max(seq), 0)::int as seq from evaluator.checkpoint where stream = ${stream}`.execute(db);
  return rows[0]?.seq ?? 0;
}

/** Every row as text: what "byte-equal" compares. */
export async function dump(db: Kysely<unknown>, schema = SCHEMA): Promise<Record<string, string[]>> {
  const tables = { target_state: 'target_id', alert: 'id', event: 'chain, position' };
  const dumped: Record<string, string[]> = {};
  for (const [table, order] of Object.entries(tables)) {
    if (schema !== SCHEMA && table === 'event') continue;
    const { rows } = await sql<{ row: string }>`
      select t::text as row from ${sql.id(schema, table)} as t order by ${sql.raw(order)}`.execute(db);
    dumped[table] = rows.map(({ row }) => row);
  }
  return dumped;
}
