import { setTimeout as delay } from 'node:timers/promises';
import { connectDatabase, migrate } from '@tocsin/database';
import { createEgress, egressPolicy } from '@tocsin/egress';
import { createInMemoryLog, type EventLog, runProjection } from '@tocsin/event-log';
import { type Instant, newId, toInstant, toMs } from '@tocsin/kernel';
import { createLogger, createMetrics } from '@tocsin/service-kit';
import { type Kysely, sql } from 'kysely';
import { at } from './events.fixture.js';
import { MIGRATIONS } from './migrations/index.js';
import { PROJECTION, SCHEMA } from './notifier.js';
import { foldBatch } from './planning/notifier.projection.js';
import { jobSender } from './sending/send-job.js';
import { runSender } from './sending/sender.loop.js';
import { senderMetrics } from './sending/sender.metrics.js';
import { createWake } from './sending/wake.js';

export const logger = createLogger({ name: 'test', level: 'silent' });
const egress = createEgress(egressPolicy({ purpose: 'provider', allow: ['127.0.0.1'], ownEndpoints: [] }));
const PATIENCE_MS = 10_000;

export interface NotificationIs {
  readonly id: string;
  readonly provider_id: string;
  readonly alert_event: string;
  readonly state: string;
  readonly reason: string | null;
  readonly attempts: number;
  readonly next_attempt_at: Instant | null;
}

export async function eventually(
  holds: () => boolean | Promise<boolean>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const until = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > until) throw new Error('it did not come to pass in time');
    await delay(5);
  }
}

/** The notifier over an empty database and a log in memory, with a clock that only the test moves. */
export const startWorld = (database: Database) => startWorldOn(database, createInMemoryLog());

interface Database {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** The notifier over an empty database and a log, with a clock that only the test moves. */
export async function startWorldOn<Log extends EventLog>(database: Database, log: Log) {
  const db = connectDatabase<unknown>({
    databaseUrl: database.url,
    name: 'test',
    schemas: [SCHEMA],
    onIdleError: () => {},
  });
  await migrate(db, SCHEMA, MIGRATIONS);
  const metrics = createMetrics('test');
  const clock = { ms: toMs(at(0)), random: 0 };
  const now = () => toInstant(clock.ms);
  const sent = senderMetrics(metrics, db);

  /** One process: planner and sender, as the service wires them. */
  function startProcess({ send = true, timeoutMs = 2_000 } = {}) {
    const stop = new AbortController();
    const wake = createWake(newId());
    const running = [
      runProjection(
        { projection: PROJECTION, db, log, logger, metrics: createMetrics('test') },
        (events, context) => foldBatch(events, context, { wake, subscriptionWake: wake, now }),
        stop.signal,
      ),
    ];
    if (send) {
      const secrets = { of: () => Promise.resolve({}) };
      const deps = { secrets, egress, smtp: undefined, publicUrl: '', timeoutMs, now, onBug: () => {} };
      const options = { db, wake, send: jobSender(deps), now, random: () => clock.random, logger };
      running.push(runSender({ ...options, metrics: sent }, stop.signal));
    }
    return {
      wake,
      stop: async () => {
        stop.abort();
        await Promise.all(running);
      },
    };
  }

  async function folded(): Promise<void> {
    for (const stream of ['CONFIG', 'ALERTS'] as const) {
      const { lastSequence } = await log.describe(stream);
      await eventually(async () => {
        const { rows } = await sql<{ seq: number }>`
          select coalesce(max(seq), 0)::int as seq from notifier.checkpoint where stream = ${stream}`.execute(
          db,
        );
        return (rows[0]?.seq ?? 0) >= lastSequence;
      });
    }
  }

  const notifications = async (): Promise<readonly NotificationIs[]> =>
    (
      await sql<NotificationIs>`
        select id, provider_id, alert_event, state, reason, attempts, next_attempt_at from notifier.notification
        order by planned_at, alert_event, provider_id`.execute(db)
    ).rows;

  const stateOf = async (id: string): Promise<string> =>
    (await notifications()).find((one) => one.id === id)?.state ?? 'absent';

  return {
    db,
    log,
    clock,
    now,
    metrics,
    startProcess,
    folded,
    notifications,
    stateOf,
    until: (id: string, state: string) => eventually(async () => (await stateOf(id)) === state),
    attempts: async (id: string) =>
      (
        await sql<{ number: number; outcome: string; reason: string | null }>`
          select number, outcome, reason from notifier.attempt where notification_id = ${id} order by number`.execute(
          db,
        )
      ).rows,
    deliveries: async () =>
      (
        await sql<{ type: string; data: string }>`
          select type, data from notifier.event order by chain, position`.execute(db)
      ).rows.map(({ type, data }) => ({ type, ...(JSON.parse(data) as { notificationId: string }) })),
    close: async () => {
      await db.destroy();
      await database.drop();
    },
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;

/** Every row as text: what "byte-equal" compares. */
export async function dump(db: Kysely<unknown>): Promise<Record<string, string[]>> {
  const tables = {
    provider: 'id',
    subscription: 'id',
    alert_event: 'id',
    notification: 'id',
    attempt: 'notification_id, number',
    provider_health: 'provider_id',
    redrive: 'event_id',
    event: 'chain, position',
  };
  const dumped: Record<string, string[]> = {};
  for (const [table, order] of Object.entries(tables)) {
    const { rows } = await sql<{ row: string }>`
      select t::text as row from ${sql.table(`notifier.${table}`)} as t order by ${sql.raw(order)}`.execute(
      db,
    );
    dumped[table] = rows.map(({ row }) => row);
  }
  return dumped;
}
