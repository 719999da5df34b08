import {
  createJetStreamLog,
  createProgress,
  type EventLog,
  type ReplayOptions,
  replay as replayWith,
} from '@tocsin/event-log';
import { addMs } from '@tocsin/kernel';
import { connectNats, createLogger, createMetrics, type NatsHandle } from '@tocsin/service-kit';
import { createStreams, freshDatabase, freshNats } from '@tocsin/testing';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { replayableScheduler } from './replay.command.js';
import { configured, deleted, heartbeat } from './testing.js';
import { newMonitor, startStageOn, until } from './testing-stage.js';

const NOTHING: ReplayOptions = {
  toSchema: undefined,
  compare: false,
  swap: false,
  drop: false,
  at: undefined,
  diff: undefined,
  json: false,
};
const monitor = (part?: Parameters<typeof newMonitor>[0]) => configured(newMonitor(part));
const logger = createLogger({ name: 'test', level: 'silent' });

let server: Awaited<ReturnType<typeof freshNats>>;
let nats: NatsHandle;
let log: EventLog;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let stage: Awaited<ReturnType<typeof startStageOn<EventLog>>>;

beforeEach(async () => {
  server = await freshNats();
  await createStreams(server.url);
  nats = connectNats({ url: server.url, name: 'test' });
  log = createJetStreamLog({ nats, logger });
  database = await freshDatabase(inject('pgUrl'));
  stage = await startStageOn(database, log, onTestFinished);
});
afterEach(async () => {
  await nats.close();
  await server.remove();
});

async function replay(options: Partial<ReplayOptions>) {
  const tools = {
    databaseUrl: database.url,
    db: stage.db,
    log,
    logger,
    metrics: createMetrics('replay'),
    now: () => new Date().toISOString(),
    progress: createProgress(() => undefined, performance.now.bind(performance)),
    signal: new AbortController().signal,
  };
  return await replayWith(tools, replayableScheduler, { ...NOTHING, ...options });
}

/** Results are of heartbeats here. */
async function folded(streams: readonly ('CONFIG' | 'RESULTS')[] = ['CONFIG']): Promise<void> {
  for (const stream of streams) {
    const { lastSequence } = await log.describe(stream);
    await until(async () => {
      const { rows } = await sql<{ seq: number }>`
        select coalesce(max(seq), 0)::int8 as seq from scheduler.checkpoint
        where projection = 'scheduler' and stream = ${stream}`.execute(stage.db);
      return (rows[0]?.seq ?? 0) >= lastSequence;
    });
  }
}

const schedules = async (schema = 'scheduler') =>
  (
    await sql<{
      row: string;
    }>`select s::text as row from ${sql.id(schema, 'schedule')} as s order by monitor_id`.execute(stage.db)
  ).rows.map(({ row }) => row);

const dues = async () => (await log.describe('CHECKS')).lastSequence;

describe('a replay', () => {
  it('comes to the same schedules, publishes nothing, and names what somebody changed', async () => {
    const replica = stage.startReplica();
    const [site, beat, gone] = [
      monitor(),
      monitor({ type: 'heartbeat', config: { graceSeconds: 10 } }),
      monitor(),
    ];
    for (const one of [site, beat, gone]) await log.publish(one);
    await folded();
    await log.publish(heartbeat({ monitorId: beat.data.monitorId, slot: new Date().toISOString() }));
    await log.publish(deleted({ monitorId: gone.data.monitorId, revision: 2 }));
    await folded(['CONFIG', 'RESULTS']);
    await replica.stop();
    const [before, published] = [await schedules(), await dues()];
    expect(await replay({ toSchema: 'next', compare: true })).toMatchObject({
      isSame: true,
      comparisons: [
        { table: 'schedule', rows: [3, 3] },
        { table: 'job', rows: [0, 0] },
      ],
    });
    expect(await schedules()).toEqual(before);
    expect(await dues()).toBe(published);
    await sql`update scheduler.schedule set interval_seconds = 1 where monitor_id = ${site.data.monitorId}`.execute(
      stage.db,
    );
    const { comparisons } = await replay({ toSchema: 'next', compare: true });
    expect(comparisons?.[0]?.differences).toMatchObject([
      {
        key: { monitor_id: site.data.monitorId },
        columns: { interval_seconds: [1, site.data.intervalSeconds] },
      },
    ]);
  });

  it('is swapped in while the clock runs, which goes by the new schedules at once', async () => {
    const site = monitor({ intervalSeconds: 3_600 });
    const { monitorId } = site.data;
    const replica = stage.startReplica();
    await log.publish(site);
    await folded();
    await until(async () => (await dues()) > 0);
    // As if a fault had made it due every second: the clock does so until the log's schedule is back
    await sql`update scheduler.schedule set interval_seconds = 1 where monitor_id = ${monitorId}`.execute(
      stage.db,
    );
    await sql`update scheduler.change set version = nextval('change_version') where monitor_id = ${monitorId}`.execute(
      stage.db,
    );
    const wrong = await dues();
    await until(async () => (await dues()) > wrong);
    const later = monitor();
    const [, swapped] = await Promise.all([log.publish(later), replay({ toSchema: 'next', swap: true })]);
    expect(swapped.swapped?.heldMs).toBeLessThan(5_000);
    await folded();
    expect(await schedules()).toHaveLength(2);
    const { rows } =
      await sql`select interval_seconds from scheduler.schedule where monitor_id = ${monitorId}`.execute(
        stage.db,
      );
    expect(rows).toEqual([{ interval_seconds: 3_600 }]);
    await log.publish(configured({ ...site.data, revision: 2, intervalSeconds: 7_200 }));
    await folded();
    expect(await replay({ toSchema: 'again', compare: true, drop: true })).toMatchObject({ isSame: true });
    // Two slots and no third: nobody keeps time by what was there before
    await new Promise((resolve) => setTimeout(resolve, 300));
    const settled = await dues();
    await new Promise((resolve) => setTimeout(resolve, 2_200));
    expect(await dues()).toBe(settled);
    await replica.stop();
  });

  it('keeps, swapped in, what was heard of a heartbeat and the log has forgotten', async () => {
    // Not overdue by what the log says either: nobody is to publish a miss on the way
    const enabledAt = addMs(new Date().toISOString(), -20 * 86_400_000);
    const monthly = { type: 'heartbeat', intervalSeconds: 31 * 86_400, config: { graceSeconds: 0 } };
    const beat = monitor({ ...monthly, enabledAt, changedAt: enabledAt });
    const heardAt = addMs(enabledAt, 10 * 86_400_000);
    const replica = stage.startReplica();
    await log.publish(beat);
    await folded();
    // As it is when RESULTS holds nothing of it any more
    await sql`update scheduler.schedule set last_received_at = ${heardAt},
      deadline_at = ${addMs(heardAt, 31 * 86_400_000)}`.execute(stage.db);
    const before = await schedules();
    await replay({ toSchema: 'next', swap: true });
    expect(await schedules()).toEqual(before);
    await replica.stop();
  });

  it('X3 tells the schedules of an instant', async () => {
    const replica = stage.startReplica();
    const monitors = [monitor(), monitor(), monitor()];
    const captured: { at: string; rows: string[] }[] = [];
    for (let n = 1; n <= 50; n += 1) {
      const { data } = monitors[n % 3] ?? monitor();
      await log.publish(
        n % 10 === 9
          ? deleted({ monitorId: data.monitorId, revision: n })
          : configured({ ...data, revision: n, intervalSeconds: 60 + n, name: `edited ${n}` }),
      );
      await folded();
      captured.push({ at: new Date().toISOString(), rows: await schedules() });
      // Instants have milliseconds: the next event is of a later one
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    await replica.stop();
    for (const { at, rows } of captured.slice(3)) {
      await replay({ toSchema: 'then', at });
      expect(await schedules('then'), `as of ${at}`).toEqual(rows);
      await replay({ toSchema: 'then', drop: true });
    }
  });
});
