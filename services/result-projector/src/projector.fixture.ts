import { setTimeout as delay } from 'node:timers/promises';
import { encode, type NewEvent, type WireMessage } from '@tocsin/contracts';
import { connectDatabase, migrate } from '@tocsin/database';
import { createInMemoryLog, type EventLog, type Fold, runProjection } from '@tocsin/event-log';
import type { Instant } from '@tocsin/kernel';
import { createLogger, createMetrics } from '@tocsin/service-kit';
import { type Kysely, sql } from 'kysely';
import { T0 } from './events.fixture.js';
import { MIGRATIONS } from './migrations/index.js';
import { PROJECTION, SCHEMA } from './result-projector.js';
import { resultsFold } from './results.projection.js';

/** Everything that a rebuild gives back, as text that is equal byte for byte or is not. */
const TABLES = [
  'monitor_results',
  'job_run',
  'missed_run',
  'missed_slot',
  'target',
  'target_last',
  'status_history',
  'monitor_hourly',
  'monitor_daily',
] as const;

export interface TestProjector {
  readonly db: Kysely<unknown>;
  readonly databaseUrl: string;
  readonly log: EventLog;
  /** moves the clock of the projector and of its log */
  setNow(now: Instant): void;
  readonly now: () => Instant;
  readonly fold: Fold;
  publish(...events: readonly NewEvent[]): Promise<void>;
  /** once more, under another sequence: what a writer does after the log lost its tail */
  publishAgain(event: NewEvent): void;
  publishRaw(message: WireMessage): void;
  /** what age does to RESULTS: it begins with this sequence now */
  forgetBefore(sequence: number): void;
  /** everything empty, log and tables alike */
  restart(): Promise<void>;
  /** runs the projection until it has folded all there is */
  catchUp(fold?: Fold): Promise<void>;
  rows<Row>(query: string): Promise<Row[]>;
  dump(tables?: readonly string[], schema?: string): Promise<string>;
  /** runs the projection until `work` is done and all is folded */
  during(work: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** @param database of its own, from `freshDatabase(inject('pgUrl'))` */
export async function startProjector(
  database: { readonly url: string; readonly drop: () => Promise<void> },
  given?: EventLog,
): Promise<TestProjector> {
  const db = connectDatabase<unknown>({ databaseUrl: database.url, name: 'test', schemas: [SCHEMA] });
  await migrate(db, SCHEMA, MIGRATIONS);
  let now: Instant = T0;
  const memory = createInMemoryLog(() => now);
  let first = 1;
  const log: EventLog = given ?? {
    ...memory,
    async describe(stream) {
      const state = await memory.describe(stream);
      if (stream !== 'RESULTS') return state;
      return { ...state, firstSequence: Math.max(first, state.firstSequence) };
    },
    read: (options) =>
      memory.read({
        ...options,
        ...(options.stream === 'RESULTS' &&
          'sequence' in options.from && { from: { sequence: Math.max(first, options.from.sequence) } }),
      }),
  };
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

  async function run(withFold: Fold, work: () => Promise<void>): Promise<void> {
    const stop = new AbortController();
    const metrics = createMetrics('test');
    const running = runProjection(
      { projection: PROJECTION, db, log, logger, metrics },
      withFold,
      stop.signal,
    );
    await work();
    const deadline = performance.now() + 15_000;
    while (await isBehind()) {
      if (performance.now() > deadline) throw new Error('the projection does not catch up');
      await delay(5);
    }
    stop.abort();
    await running;
  }

  return {
    db,
    databaseUrl: database.url,
    log,
    fold,
    now: () => now,
    setNow: (instant) => {
      now = instant;
    },
    async publish(...events) {
      for (const event of events) await log.publish(event);
    },
    publishAgain: (event) => void memory.publishRaw(encode(event)),
    publishRaw: (message) => void memory.publishRaw(message),
    forgetBefore(sequence) {
      first = sequence;
    },
    async restart() {
      memory.recreate('CONFIG');
      memory.recreate('RESULTS');
      await sql`truncate results.checkpoint, results.dead_letter, results.outbox, results.config_change,
        results.dirty_hour, results.dirty_day, ${sql.join(TABLES.map((table) => sql.id(SCHEMA, table)))}
        restart identity`.execute(db);
    },
    catchUp: (withFold = fold) => run(withFold, async () => undefined),
    during: (work) => run(fold, work),
    async rows<Row>(query: string) {
      return (await sql.raw<Row>(query).execute(db)).rows;
    },
    async dump(tables = TABLES, schema = SCHEMA) {
      const parts: string[] = [];
      for (const table of tables) {
        const { rows } = await sql<{ line: string }>`
          select t::text as line from ${sql.id(schema, table)} as t order by t::text collate "C"`.execute(db);
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
