import { setTimeout as delay } from 'node:timers/promises';
import type { NewEvent } from '@tocsin/contracts';
import { connectDatabase, migrate } from '@tocsin/database';
import { createInMemoryLog, type Fold, type InMemoryLog, runProjection } from '@tocsin/event-log';
import type { Instant } from '@tocsin/kernel';
import { createLogger, createMetrics } from '@tocsin/service-kit';
import { type Kysely, sql } from 'kysely';
import { T0 } from './events.fixture.js';
import { MIGRATIONS } from './migrations/index.js';
import { PROJECTION, SCHEMA } from './result-projector.js';
import { resultsFold } from './results.projection.js';

/** Everything that a rebuild gives back, as text that is equal byte for byte or is not. */
const DERIVED = [
  'monitor_results',
  'job_run',
  'missed_slot',
  'target',
  'target_status',
  'status_history',
  'monitor_hourly',
  'monitor_daily',
] as const;

export interface TestProjector {
  readonly db: Kysely<unknown>;
  readonly log: InMemoryLog;
  /** moves the clock of the projector and of its log */
  setNow(now: Instant): void;
  now(): Instant;
  fold: Fold;
  publish(...events: readonly NewEvent[]): Promise<void>;
  /** runs the projection until it has folded all there is */
  catchUp(fold?: Fold): Promise<void>;
  rows<Row>(query: string): Promise<Row[]>;
  dump(tables?: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/** @param database of its own, from `freshDatabase(inject('pgUrl'))` */
export async function startProjector(database: {
  readonly url: string;
  readonly drop: () => Promise<void>;
}): Promise<TestProjector> {
  const db = connectDatabase<unknown>({ databaseUrl: database.url, name: 'test' });
  await migrate(db, SCHEMA, MIGRATIONS);
  let now: Instant = T0;
  const log = createInMemoryLog(() => now);
  const fold = resultsFold({ now: () => now, retentionDays: 7 });
  const logger = createLogger({ name: 'test', level: 'silent' });

  async function isBehind(): Promise<boolean> {
    for (const stream of ['CONFIG', 'RESULTS'] as const) {
      const { lastSequence } = await log.describe(stream);
      if (lastSequence === 0) continue;
      const { rows } = await sql<{ shards: number; behind: number }>`
        select count(*)::int as shards, count(*) filter (where seq < ${lastSequence})::int as behind
        from results.checkpoint where stream = ${stream}`.execute(db);
      if (rows[0]?.shards !== 16 || rows[0].behind > 0) return true;
    }
    return false;
  }

  return {
    db,
    log,
    fold,
    now: () => now,
    setNow: (instant) => {
      now = instant;
    },
    async publish(...events) {
      for (const event of events) await log.publish(event);
    },
    async catchUp(withFold = fold) {
      const stop = new AbortController();
      const metrics = createMetrics('test');
      const running = runProjection(
        { projection: PROJECTION, db, log, logger, metrics },
        withFold,
        stop.signal,
      );
      const deadline = performance.now() + 15_000;
      while (await isBehind()) {
        if (performance.now() > deadline) throw new Error('the projection does not catch up');
        await delay(5);
      }
      stop.abort();
      await running;
    },
    async rows<Row>(query: string) {
      return (await sql.raw<Row>(query).execute(db)).rows;
    },
    async dump(tables = DERIVED) {
      const parts: string[] = [];
      for (const table of tables) {
        const { rows } = await sql<{ line: string }>`
          select t::text as line from ${sql.id(SCHEMA, table)} as t order by 1 collate "C"`.execute(db);
        parts.push(`-- ${table}`, ...rows.map(({ line }) => line));
      }
      return parts.join('\n');
    },
    async close() {
      await db.destroy();
      await database.drop();
    },
  };
}
