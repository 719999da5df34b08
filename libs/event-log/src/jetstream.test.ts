import { jetstreamManager } from '@nats-io/jetstream';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { executorConsumer, type LoggedEvent } from '@tocsin/contracts';
import { connectDatabase, migrate } from '@tocsin/database';
import { connectNats, type NatsHandle } from '@tocsin/service-kit';
import { createStreams, freshDatabase, freshNats } from '@tocsin/testing';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { ProjectionContext, WorkerContext } from './contexts.js';
import { appendEvents, createEventTable, markPublished } from './event.store.js';
import type { EventLog } from './event-log.js';
import type { EventTable } from './event-table.js';
import { dueOf, logger, metrics, monitorIn, resultOf } from './given.fixture.js';
import { createJetStreamLog } from './jetstream.log.js';
import { JetStreamStrategy } from './jetstream.strategy.js';
import type { InputEvent } from './projection.js';
import { projectionHost } from './projection.runner.js';
import { createProjectionTables } from './projection.store.js';
import { repairTable } from './repair.js';
import { workerHost } from './work-queue.worker.js';

let server: Awaited<ReturnType<typeof freshNats>>;
let nats: NatsHandle;
let log: EventLog;
let n = 0;
beforeAll(async () => {
  server = await freshNats();
  await createStreams(server.url, 1_000);
  nats = connectNats({ url: server.url, name: 'jetstream-test' });
  log = createJetStreamLog({ nats, logger });
});
afterAll(async () => {
  await nats.close();
  await server.remove();
});
beforeEach(() => {
  n += 1;
});

function work(
  handle: (event: LoggedEvent, context: WorkerContext) => Promise<void>,
  concurrency = 10,
  fetchAhead = true,
) {
  const ending = new AbortController();
  const host = workerHost({
    name: 'checks',
    nats,
    stream: 'CHECKS',
    consumer: executorConsumer('local'),
    concurrency,
    ackWaitMs: 1_000,
    fetchAhead,
    logger,
    metrics: metrics(),
  });
  const running = host.run(
    (event, context) => handle(event as LoggedEvent, context as WorkerContext),
    ending.signal,
  );
  return async () => {
    ending.abort();
    await running;
  };
}

const pending = async () =>
  (await log.describe('CHECKS')).firstSequence <= (await log.describe('CHECKS')).lastSequence;

describe('a worker', () => {
  it('takes what is due once and leaves the queue empty', async () => {
    const seen: string[] = [];
    const stop = work(async (event) => void seen.push(event.id));
    const due = [1, 2, 3].map((shard) => dueOf(monitorIn(shard, `take${n}`), 1));
    for (const event of due) await log.publish(event);
    await expect.poll(() => seen.toSorted()).toEqual(due.map(({ id }) => id).toSorted());
    await expect.poll(pending).toBe(false);
    await stop();
  });

  it('has a message again when its handler failed, told how often it came', async () => {
    const counts: number[] = [];
    const stop = work(async (_, { work: { deliveryCount } }) => {
      counts.push(deliveryCount);
      if (deliveryCount < 2) throw new Error('no luck');
    });
    await log.publish(dueOf(monitorIn(1, `again${n}`), 1));
    await expect.poll(() => counts, { timeout: 5_000 }).toEqual([1, 2]);
    await stop();
  });

  it('has a message again when it asked to, without that being an error', async () => {
    const counts: number[] = [];
    const stop = work(async (_, { work: context }) => {
      counts.push(context.deliveryCount);
      if (context.deliveryCount < 3) context.retryAfter(20);
    });
    await log.publish(dueOf(monitorIn(1, `asked${n}`), 1));
    await expect.poll(() => counts, { timeout: 5_000 }).toEqual([1, 2, 3]);
    await stop();
  });

  it('keeps a message that takes longer than the queue waits for an answer', async () => {
    let started = 0;
    const stop = work(async () => {
      started += 1;
      await new Promise((resolve) => setTimeout(resolve, 2_500));
    });
    await log.publish(dueOf(monitorIn(1, `long${n}`), 1));
    await expect.poll(pending, { timeout: 5_000 }).toBe(false);
    expect(started).toBe(1);
    await stop();
  });

  it('that does not fetch ahead asks for a piece when there is room for it, and for no other', async () => {
    const seen: [string, number][] = [];
    let letGo = () => {};
    const stop = work(
      async (event, { work: { deliveryCount } }) => {
        seen.push([event.id, deliveryCount]);
        if (seen.length === 1) await new Promise<void>((resolve) => (letGo = resolve));
      },
      1,
      false,
    );
    const due = [1, 2].map((shard) => dueOf(monitorIn(shard, `waits${n}`), 1));
    for (const event of due) await log.publish(event);
    await expect.poll(() => seen.length).toBe(1);
    // Twice as long as the queue waits for an answer: what had been fetched would come again.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    letGo();
    await expect.poll(pending, { timeout: 5_000 }).toBe(false);
    expect(seen).toEqual(due.map(({ id }) => [id, 1]));
    const startedAt = performance.now();
    await stop();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('stops at once while NATS was never there', async () => {
    const away = connectNats({ url: 'nats://127.0.0.1:1', name: 'away' });
    const ending = new AbortController();
    const host = workerHost({
      name: 'checks',
      nats: away,
      stream: 'CHECKS',
      consumer: executorConsumer('local'),
      concurrency: 1,
      ackWaitMs: 1_000,
      logger,
      metrics: metrics(),
    });
    const running = host.run(() => Promise.resolve(), ending.signal);
    const startedAt = performance.now();
    ending.abort();
    await running;
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    await away.close();
  });

  it('works on no more at once than it may', async () => {
    let now = 0;
    let most = 0;
    const stop = work(async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 10));
      now -= 1;
    }, 4);
    for (let i = 0; i < 30; i += 1) await log.publish(dueOf(monitorIn(i % 16, `bound${n}-${i}`), 1));
    await expect.poll(pending, { timeout: 5_000 }).toBe(false);
    expect(most).toBe(4);
    await stop();
  });

  it('takes what is no event out of the queue and goes on', async () => {
    const nc = await nats.connection();
    nc.publish('check.due.local.http_request.nonsense', 'nonsense');
    const seen: string[] = [];
    const stop = work(async (event) => void seen.push(event.id));
    const due = dueOf(monitorIn(1, `nonsense${n}`), 1);
    await log.publish(due);
    await expect.poll(() => seen).toEqual([due.id]);
    await expect.poll(pending).toBe(false);
    await stop();
  });
});

describe('the relay of a work queue', () => {
  it('does not take what was taken for what was lost', async () => {
    const database = await freshDatabase(inject('pgUrl'));
    const db: Kysely<unknown> = connectDatabase<unknown>({ databaseUrl: database.url, name: 'test' });
    const table: EventTable = { schema: 'w', name: 'due', stream: 'CHECKS', chained: false };
    await migrate(db, 'w', [{ name: '0001', up: (tx) => createEventTable(tx, table) }]);
    const untaken = dueOf(monitorIn(1, `untaken${n}`), 1);
    const natsSubject = untaken.natsSubject.replace('.local.', '.elsewhere.');
    await log.publish({ ...untaken, natsSubject });
    const event = dueOf(monitorIn(2, `taken${n}`), 1);
    await db.transaction().execute((tx) => appendEvents(tx, table, [{ event }]));
    const { sequence } = await log.publish(event);
    await markPublished(db, table, [{ id: event.id, stream_seq: sequence }]);
    const taken: string[] = [];
    const stop = work(async ({ id }) => void taken.push(id));
    await expect
      .poll(async () => [taken, await log.messageAt('CHECKS', sequence)])
      .toEqual([[event.id], undefined]);
    expect(await repairTable(db, log, table)).toBe(0);
    await stop();
    const jsm = await jetstreamManager(await nats.connection());
    await jsm.streams.purge('CHECKS', { filter: natsSubject });
    await db.destroy();
    await database.drop();
  });
});

describe('the Nest transport', () => {
  it('hands batches of a projection and messages of a worker to the handlers of their names, across a killed server', {
    timeout: 30_000,
  }, async () => {
    const database = await freshDatabase(inject('pgUrl'));
    const db: Kysely<unknown> = connectDatabase<unknown>({ databaseUrl: database.url, name: 'test' });
    await migrate(db, 'p', [
      {
        name: '0001',
        up: async (tx) => {
          await createProjectionTables(tx, 'p');
          await sql`create table p.folded (id uuid primary key)`.execute(tx);
        },
      },
    ]);
    const checked: string[] = [];

    @Controller()
    class Handlers {
      @EventPattern<string>('folding')
      async fold(@Payload() events: InputEvent[], @Ctx() { fold }: ProjectionContext): Promise<void> {
        for (const { id } of events) await sql`insert into p.folded (id) values (${id})`.execute(fold.tx);
      }

      @EventPattern<string>('checks')
      check(@Payload() event: LoggedEvent): void {
        checked.push(event.id);
      }
    }
    @Module({ controllers: [Handlers] })
    class App {}

    const failures: unknown[] = [];
    const strategy = new JetStreamStrategy(
      [
        projectionHost({
          projection: {
            name: 'folding',
            schema: 'p',
            inputs: [{ stream: 'RESULTS', subjects: (shards) => shards.map((shard) => `result.${shard}.>`) }],
          },
          db,
          log,
          logger,
          metrics: metrics(),
        }),
        workerHost({
          name: 'checks',
          nats,
          stream: 'CHECKS',
          consumer: executorConsumer('local'),
          concurrency: 5,
          ackWaitMs: 1_000,
          logger,
          metrics: metrics(),
        }),
      ],
      (error) => failures.push(error),
    );
    const app = await NestFactory.createMicroservice(App, { strategy, logger: false });
    await app.listen();
    const folded = async () =>
      (await sql<{ id: string }>`select id from p.folded`.execute(db)).rows.map(({ id }) => id).toSorted();
    const results = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) =>
        resultOf(monitorIn(index % 16, 'nest'), from + index),
      );

    for (const event of results(1, 20)) await log.publish(event);
    const due = dueOf(monitorIn(1, 'nest'), 1);
    await log.publish(due);
    await expect.poll(() => checked).toEqual([due.id]);
    const before = await folded();
    await server.restart();
    for (const event of results(21, 40)) await log.publish(event);
    const expected = [...results(1, 20), ...results(21, 40)].map(({ id }) => id).toSorted();
    await expect.poll(folded, { timeout: 15_000 }).toEqual(expected);
    expect(before.length).toBeLessThanOrEqual(expected.length);

    await app.close();
    await db.destroy();
    await database.drop();
    expect(failures).toEqual([]);
  });
});
