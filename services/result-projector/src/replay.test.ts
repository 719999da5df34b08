import { jetstreamManager } from '@nats-io/jetstream';
import type { NewEvent } from '@tocsin/contracts';
import {
  createJetStreamLog,
  createProgress,
  type EventLog,
  type ReplayOptions,
  replay as replayWith,
} from '@tocsin/event-log';
import type { Outcome } from '@tocsin/monitoring';
import { connectNats, createLogger, createMetrics, type NatsHandle } from '@tocsin/service-kit';
import { createStreams, freshDatabase, freshNats } from '@tocsin/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { at, check, configured, idOf, jobConfigured, missed, monitorDeleted, run } from './events.fixture.js';
import { maintain } from './maintenance.loop.js';
import { startProjector, type TestProjector } from './projector.fixture.js';
import { replayableResults } from './replay.command.js';

const retention = { resultsDays: 7, hourlyDays: 30, dailyDays: 90, historyDays: 90 };
const logger = createLogger({ name: 'test', level: 'silent' });
const NOTHING: ReplayOptions = {
  toSchema: undefined,
  compare: false,
  swap: false,
  drop: false,
  at: undefined,
  diff: undefined,
  json: false,
};
/** What a state of the past has: figures are those of the end. */
const FOLDED = [
  'monitor_results',
  'job_run',
  'missed_slot',
  'missed_run',
  'target',
  'target_last',
  'status_history',
];

let server: Awaited<ReturnType<typeof freshNats>>;
let nats: NatsHandle;
let log: EventLog;
let projector: TestProjector;
let schemas = 0;

beforeAll(async () => {
  server = await freshNats();
  nats = connectNats({ url: server.url, name: 'test' });
  log = createJetStreamLog({ nats, logger });
});
afterAll(async () => {
  await nats.close();
  await server.remove();
});
beforeEach(async () => {
  const manager = await jetstreamManager(await nats.connection());
  for await (const { config } of manager.streams.list()) await manager.streams.delete(config.name);
  await createStreams(server.url);
  projector = await startProjector(await freshDatabase(inject('pgUrl')), log);
});
afterEach(() => projector.close());

async function replay(options: Partial<ReplayOptions>, of = projector) {
  const tools = {
    databaseUrl: of.databaseUrl,
    db: of.db,
    log: of.log,
    logger,
    metrics: createMetrics('replay'),
    now: of.now,
    progress: createProgress(() => undefined, performance.now.bind(performance)),
    signal: new AbortController().signal,
  };
  const replayable = replayableResults({ now: of.now, retentionDays: 7 });
  return await replayWith(tools, replayable, { ...NOTHING, ...options });
}

const nextSchema = () => `results_next_${++schemas}`;
const figures = (of = projector) => maintain({ db: of.db, retention, now: of.now });
const [A, B, JOB] = [idOf(1), idOf(2), idOf(0x13)];
const OUTCOMES: readonly Outcome[] = ['up', 'up', 'degraded', 'down', 'error', 'down', 'up'];

async function folded(): Promise<void> {
  for (const stream of ['CONFIG', 'RESULTS'] as const) {
    const { lastSequence } = await log.describe(stream);
    const furthest = async () =>
      (
        await projector.rows<{ seq: number }>(
          `select max(seq)::int8 as seq from results.checkpoint where stream = '${stream}'`,
        )
      )[0]?.seq ?? 0;
    await expect.poll(furthest, { interval: 5, timeout: 10_000 }).toBeGreaterThanOrEqual(lastSequence);
  }
}

/** Each step folded before the next: so CONFIG and RESULTS meet in the order of the steps. */
async function live(...steps: readonly NewEvent[][]): Promise<void> {
  await projector.during(async () => {
    for (const events of steps) {
      await projector.publish(...events);
      await folded();
    }
  });
}

const begun = (): NewEvent[][] => [
  [configured(A, 1), configured(B, 1, { locations: ['x', 'y'] }), jobConfigured(JOB, 1)],
  [check(A, at(0)), check(B, at(0), { location: 'x' }), run(JOB, at(0))],
  [configured(A, 2, { enabled: false, changedAt: at(30) })],
  [check(A, at(60), { outcome: 'down' }), run(JOB, at(60), { status: 'failed' })],
  [configured(A, 3, { enabledAt: at(90), changedAt: at(90) }), check(A, at(120))],
  [check(B, at(60), { location: 'y', outcome: 'down' }), missed(B, at(180), at(300))],
];

/** One step of a history in which configuration and results meet in every order. */
function step(n: number): NewEvent[] {
  const slot = at(600 + n * 60);
  const outcome = (k: number) => OUTCOMES[(n * 3 + k) % OUTCOMES.length] ?? 'up';
  return [
    check(A, slot, { outcome: outcome(0) }),
    ...(n % 3 === 0
      ? [configured(A, 10 + n, { enabled: n % 2 === 0, enabledAt: slot, changedAt: slot })]
      : []),
    check(B, slot, { location: 'x', outcome: outcome(1) }),
    check(B, slot, { location: 'y', outcome: outcome(2) }),
    ...(n % 5 === 0 ? [run(JOB, slot, { status: n % 2 === 0 ? 'passed' : 'failed' })] : []),
    ...(n === 40 ? [monitorDeleted(B, 100)] : []),
  ];
}

const untouched = () =>
  projector.dump([...FOLDED, 'monitor_hourly', 'monitor_daily', 'config_change', 'outbox']);

describe('a replay', () => {
  it('comes to the same rows beside the live ones, and tells nobody', async () => {
    await live(...begun(), ...[1, 2, 3, 4, 5, 6].map(step));
    await figures();
    const before = await untouched();
    const report = await replay({ toSchema: nextSchema(), compare: true });
    expect(report.comparisons?.flatMap(({ differences }) => differences)).toEqual([]);
    expect(report.comparisons?.every(({ rows }) => rows[0] === rows[1])).toBe(true);
    expect(report.comparisons?.find(({ table }) => table === 'monitor_results')?.rows[0]).toBe(23);
    expect(report.isSame).toBe(true);
    expect(await untouched()).toBe(before);
  });

  it('goes on from where it was, also when a result came twice, and names what somebody changed', async () => {
    await live(...begun());
    const schema = nextSchema();
    await replay({ toSchema: schema });
    const again = check(A, at(0));
    await live([1, 2, 3].flatMap(step), [{ ...again, id: idOf(77) }]);
    await figures();
    expect(await replay({ toSchema: schema, compare: true })).toMatchObject({ isSame: true });
    await projector.rows(
      `update results.monitor_results set outcome = 'up' where outcome = 'down' and monitor_id = '${A}'`,
    );
    const { isSame, comparisons } = await replay({ toSchema: schema, compare: true });
    expect(isSame).toBe(false);
    const changed = comparisons?.filter((one) => one.changed > 0) ?? [];
    expect(changed.map(({ table }) => table)).toEqual(['monitor_results']);
    expect(changed[0]?.differences[0]).toMatchObject({
      key: { monitor_id: A },
      columns: { outcome: ['up', 'down'] },
    });
  });

  it('is swapped in while the service folds, which goes on with nothing lost and believes nothing of before', async () => {
    await live(...begun());
    await figures();
    await projector.rows(
      `update results.target set status = 'unknown', state = replace(state, '"status":"up"', '"status":"unknown"')`,
    );
    await projector.rows(`update results.monitor_results set latency_ms = -1`);
    let swapped: Awaited<ReturnType<typeof replay>> | undefined;
    await projector.during(async () => {
      const swap = { isDone: false };
      const folding = (async () => {
        for (let n = 1; !swap.isDone || n < 40; n += 1) await projector.publish(...step(n));
      })();
      swapped = await replay({ toSchema: nextSchema(), swap: true });
      swap.isDone = true;
      await folding;
    });
    await figures();
    expect(swapped?.swapped?.heldMs).toBeLessThan(5_000);
    expect(await projector.rows('select from results.monitor_results where latency_ms < 0')).toEqual([]);
    const { isSame, comparisons } = await replay({ toSchema: nextSchema(), compare: true, drop: true });
    expect(comparisons?.flatMap(({ differences }) => differences)).toEqual([]);
    expect(isSame).toBe(true);
    expect(await projector.rows('select from results.dead_letter')).toEqual([]);
    // The view that others read shows the new tables, and nothing of it is lost in a crash
    const statuses = await projector.rows('select target_id, status from results.target_status order by 1');
    expect(statuses).toEqual(await projector.rows('select target_id, status from results.target order by 1'));
    expect(
      await projector.rows(
        `select relname from pg_class where relnamespace = 'results'::regnamespace and relpersistence = 'u'`,
      ),
    ).toEqual([]);
    await replay({ toSchema: swapped?.swapped?.before ?? '', drop: true });
    expect(
      await projector.rows(`select nspname from pg_namespace where nspname like 'results%'`),
    ).toHaveLength(1);
  });

  it('keeps what the log has forgotten, and says from when on it can tell', async () => {
    const memory = await startProjector(await freshDatabase(inject('pgUrl')));
    try {
      const publish = async (...events: NewEvent[]) => {
        await memory.publish(...events);
        await memory.catchUp();
      };
      await publish(configured(A, 1), configured(B, 1), check(A, at(0)), check(B, at(0)));
      await figures(memory);
      memory.setNow(at(3 * 86_400));
      await publish(check(A, at(3 * 86_400), { outcome: 'down' }));
      await figures(memory);
      memory.forgetBefore(3);
      const report = await replay({ toSchema: nextSchema(), compare: true }, memory);
      expect(report.resultsSince).toBe(at(3 * 86_400));
      const differing = report.comparisons?.filter((one) => one.added + one.removed + one.changed > 0) ?? [];
      expect(differing.filter(({ isDecisive }) => isDecisive)).toEqual([]);
      const rowsOf = (table: string) => report.comparisons?.find((one) => one.table === table)?.rows;
      expect(rowsOf('monitor_results')).toEqual([3, 3]);
      expect(rowsOf('monitor_hourly')).toEqual([3, 3]);
    } finally {
      await memory.close();
    }
  });
});

describe('a state of the past', () => {
  it('X3 is what the tables held at that instant', { timeout: 120_000 }, async () => {
    const captured: { at: string; dump: string }[] = [];
    await live(...begun());
    await projector.during(async () => {
      for (let n = 1; n <= 52; n += 1) {
        await projector.publish(...step(n));
        await folded();
        captured.push({ at: new Date().toISOString(), dump: await projector.dump(FOLDED) });
        // Instants have milliseconds: the next event is of a later one
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
    });
    for (const { at: instant, dump } of captured) {
      const schema = nextSchema();
      await replay({ toSchema: schema, at: instant });
      expect(await projector.dump(FOLDED, schema), `as of ${instant}`).toBe(dump);
      await sql`drop schema ${sql.id(schema)} cascade`.execute(projector.db);
    }
    const { comparisons } = await replay({ diff: [captured[9]?.at ?? '', captured[19]?.at ?? ''] });
    expect(comparisons?.find(({ table }) => table === 'monitor_results')).toMatchObject({
      rows: [35, 65],
      added: 30,
      removed: 0,
      changed: 0,
    });
  });
});
