import { jetstreamManager } from '@nats-io/jetstream';
import type { NewEvent } from '@tocsin/contracts';
import {
  createJetStreamLog,
  createProgress,
  type EventLog,
  type ReplayOptions,
  replay as replayWith,
  runRelay,
} from '@tocsin/event-log';
import { derivedId } from '@tocsin/kernel';
import { connectNats, createMetrics, type NatsHandle } from '@tocsin/service-kit';
import { createStreams, freshDatabase, freshNats } from '@tocsin/testing';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { ALERT_EVENTS } from './evaluator.js';
import { replayableEvaluator } from './replay.command.js';
import { dump, logger, openDatabase, startWorldOn } from './running.fixture.js';
import { acknowledged, at, checked, configured, deleted, watching } from './world.fixture.js';

let server: Awaited<ReturnType<typeof freshNats>>;
let nats: NatsHandle;
let log: EventLog;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Kysely<unknown>;
let world: Awaited<ReturnType<typeof startWorldOn<EventLog>>>;
let sequence = 0;

beforeAll(async () => {
  [server, database] = await Promise.all([freshNats(), freshDatabase(inject('pgUrl'))]);
  nats = connectNats({ url: server.url, name: 'test' });
  log = createJetStreamLog({ nats, logger });
  db = await openDatabase(database.url);
});
afterAll(async () => {
  await db.destroy();
  await nats.close();
  await server.remove();
});
beforeEach(async () => {
  const manager = await jetstreamManager(await nats.connection());
  for await (const { config } of manager.streams.list()) await manager.streams.delete(config.name);
  await createStreams(server.url);
  world = await startWorldOn(db, log);
});

const publish = async (...events: NewEvent[]) => {
  for (const event of events) await log.publish(event);
};

const OPTIONS: ReplayOptions = {
  toSchema: undefined,
  compare: false,
  swap: false,
  drop: false,
  at: undefined,
  diff: undefined,
  json: false,
};

async function replay(options: Partial<ReplayOptions>) {
  const tools = {
    databaseUrl: database.url,
    db,
    log,
    logger,
    metrics: createMetrics('replay'),
    now: () => new Date().toISOString(),
    progress: createProgress(() => undefined, performance.now.bind(performance)),
    signal: new AbortController().signal,
  };
  return await replayWith(
    tools,
    replayableEvaluator(() => undefined),
    { ...OPTIONS, ...options },
  );
}

const nextSchema = () => `evaluator_next_${++sequence}`;
const MONITORS = Array.from({ length: 12 }, (_, i) => derivedId('replayed', String(i)));
const [SHOP, SHED, GONE] = MONITORS as [string, string, string];

const openAlerts = async () =>
  (
    await sql<{ id: string; target_id: string }>`
      select id, target_id from evaluator.alert where state = 'open' and acknowledged_at is null`.execute(db)
  ).rows;

/** One step of a history in which configuration and results meet in every order. */
async function step(second: number): Promise<void> {
  for (const [i, id] of MONITORS.entries())
    await publish(checked(id, second, { outcome: (second + i) % 5 < 2 ? 'down' : 'up' }));
  if (second % 3 === 1) {
    const [alert] = await openAlerts();
    if (alert !== undefined) await publish(acknowledged(alert.target_id, alert.id, second));
  }
  const revision = second + 1;
  if (second % 4 === 0)
    await publish(configured(SHOP, revision, { enabled: second % 8 !== 0, changedAt: at(second) }));
  if (second % 5 === 0) {
    const alertConfig = { ...watching, failureThreshold: 1 + (second % 3) };
    await publish(configured(SHED, revision, { alertConfig, changedAt: at(second) }));
  }
  if (second === 9) await publish(deleted(GONE, revision, at(second)));
}

/** Publishes what is decided, as the service does. */
async function relayed<T>(work: () => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const running = runRelay(
    { db, databaseUrl: database.url, log, tables: [ALERT_EVENTS], logger, metrics: createMetrics('relay') },
    stop.signal,
  );
  try {
    return await work();
  } finally {
    stop.abort();
    await running;
  }
}

const isQuiet = async () =>
  (await sql`select from evaluator.event where stream_seq is null`.execute(db)).rows.length === 0;

async function live(steps: number): Promise<void> {
  await publish(...MONITORS.map((id) => configured(id, 1)));
  await world.catchUp(async () => {
    for (let second = 1; second <= steps; second += 1) {
      await step(second);
      await world.folded();
    }
  });
}

describe('a replay', () => {
  test('comes to the same rows beside the live ones, and appends nothing', async () => {
    await live(14);
    const before = await dump(db);
    expect(before.alert?.length).toBeGreaterThan(20);
    const report = await replay({ toSchema: nextSchema(), compare: true });
    expect(report.comparisons?.map(({ table, rows, differences }) => [table, rows, differences])).toEqual([
      ['target_state', [12, 12], []],
      ['alert', [before.alert?.length, before.alert?.length], []],
    ]);
    expect(report).toMatchObject({ isSame: true });
    expect(await dump(db)).toEqual(before);
  });

  test('goes on from where it was, and names what somebody changed in the live tables', async () => {
    await live(6);
    const schema = nextSchema();
    await replay({ toSchema: schema });
    await world.catchUp(async () => {
      for (let second = 20; second <= 24; second += 1) await step(second);
    });
    expect(await replay({ toSchema: schema, compare: true })).toMatchObject({ isSame: true });
    await sql`update evaluator.alert set reason = 'nothing of note' where id =
      (select id from evaluator.alert order by id limit 1)`.execute(db);
    await sql`delete from evaluator.target_state where target_id = ${SHED}`.execute(db);
    const { isSame, comparisons } = await replay({ toSchema: schema, compare: true, drop: true });
    expect(isSame).toBe(false);
    expect(comparisons).toMatchObject([
      { table: 'target_state', added: 1, removed: 0, changed: 0 },
      { table: 'alert', added: 0, removed: 0, changed: 1 },
    ]);
    expect(comparisons?.[0]?.differences[0]).toEqual({ key: { target_id: SHED }, kind: 'added' });
    expect(comparisons?.[1]?.differences[0]?.columns?.reason?.[0]).toBe('nothing of note');
    expect((await sql`select from pg_namespace where nspname = ${schema}`.execute(db)).rows).toEqual([]);
  });

  test('is swapped in while the service folds, which goes on with nothing lost', async () => {
    await live(5);
    const right = await dump(db);
    await sql`update evaluator.alert set reason = 'tampered with'`.execute(db);
    await sql`update evaluator.target_state set position = 0`.execute(db);
    let swapped: Awaited<ReturnType<typeof replay>> | undefined;
    await world.catchUp(async () => {
      const stop = new AbortController();
      const folding = (async () => {
        for (let second = 30; !stop.signal.aborted || second < 40; second += 1) await step(second);
      })();
      swapped = await replay({ toSchema: nextSchema(), swap: true });
      stop.abort();
      await folding;
    });
    expect(swapped?.swapped?.heldMs).toBeLessThan(5_000);
    const { rows } = await sql`select from evaluator.alert where reason = 'tampered with'`.execute(db);
    expect(rows).toEqual([]);
    expect((await dump(db)).alert?.length).toBeGreaterThan(right.alert?.length ?? 0);
    // What was live is still there to be looked at, and what is live is what the log says
    const before = swapped?.swapped?.before ?? '';
    const kept = await sql`select from ${sql.id(before, 'alert')} where reason = 'tampered with'`.execute(db);
    expect(kept.rows.length).toBeGreaterThan(0);
    expect(await replay({ toSchema: nextSchema(), compare: true, drop: true })).toMatchObject({
      isSame: true,
    });
    await replay({ toSchema: before, drop: true });
    // The form is the one that the migrations made: indexes and keys by the same names
    const { rows: indexes } = await sql<{ name: string }>`
      select indexname as name from pg_indexes where schemaname = 'evaluator' and tablename = 'alert'
      order by 1`.execute(db);
    expect(indexes.map(({ name }) => name)).toEqual([
      'alert_of_target',
      'alert_one_open',
      'alert_open',
      'alert_pkey',
      'alert_recent',
    ]);
  });

  test('refuses a schema that it did not make, and leaves it as it is', async () => {
    await live(1);
    await sql`create schema somebodys`.execute(db);
    await sql`create table somebodys.data (id int)`.execute(db);
    await expect(replay({ toSchema: 'somebodys' })).rejects.toMatchObject({ exitCode: 2 });
    await expect(replay({ toSchema: 'somebodys', drop: true })).rejects.toMatchObject({ exitCode: 2 });
    await expect(replay({ toSchema: 'evaluator' })).rejects.toMatchObject({ exitCode: 2 });
    await sql`drop schema somebodys cascade`.execute(db);
  });
});

describe('a state of the past', () => {
  test('X3 is what the tables held at that instant, and what changed between two is told', {
    timeout: 120_000,
  }, async () => {
    const captured: { at: string; dump: Awaited<ReturnType<typeof dump>> }[] = [];
    await relayed(async () => {
      await publish(...MONITORS.map((id) => configured(id, 1)));
      await world.catchUp(async () => {
        for (let second = 1; second <= 52; second += 1) {
          await step(second);
          await world.folded();
          await expect.poll(isQuiet, { interval: 10, timeout: 10_000 }).toBe(true);
          captured.push({ at: new Date().toISOString(), dump: await dump(db) });
          // Instants have milliseconds: the next event is of a later one
          await new Promise((resolve) => setTimeout(resolve, 3));
        }
      });
    });
    for (const { at: instant, dump: then } of captured) {
      const schema = nextSchema();
      await replay({ toSchema: schema, at: instant });
      const now = await dump(db, schema);
      expect(now.target_state, `as of ${instant}`).toEqual(then.target_state);
      expect(now.alert, `as of ${instant}`).toEqual(then.alert);
      await replay({ toSchema: schema, drop: true });
    }
    const [from, to] = [captured[10], captured[30]];
    const { comparisons } = await replay({ diff: [from?.at ?? '', to?.at ?? ''] });
    const alerts = comparisons?.find(({ table }) => table === 'alert');
    expect(alerts?.added).toBe((to?.dump.alert?.length ?? 0) - (from?.dump.alert?.length ?? 0));
    expect(alerts?.removed).toBe(0);
    expect(alerts?.rows).toEqual([from?.dump.alert?.length, to?.dump.alert?.length]);
  });
});
