import { connectDatabase, migrate } from '@tocsin/database';
import { freshDatabase } from '@tocsin/testing';
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { verifyChains } from './chain.js';
import { appendEvents, createEventTable } from './event.store.js';
import type { EventTable } from './event-table.js';
import { logger, metrics, monitorIn, resultOf } from './given.fixture.js';
import { createInMemoryLog, type InMemoryLog } from './in-memory-log.js';
import { runRelay } from './relay.loop.js';

const chained: EventTable = { schema: 'w', name: 'event', stream: 'RESULTS', chained: true };
const plain: EventTable = { schema: 'w', name: 'outbox', stream: 'RESULTS', chained: false, keepMs: 60_000 };

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Kysely<unknown>;
let log: InMemoryLog;
let stops: (() => Promise<void>)[];

beforeEach(async () => {
  database = await freshDatabase(inject('pgUrl'));
  db = connectDatabase<unknown>({ databaseUrl: database.url, name: 'test', maxConnections: 6 });
  log = createInMemoryLog();
  stops = [];
  await migrate(db, 'w', [
    {
      name: '0001',
      up: async (tx) => {
        await createEventTable(tx, chained);
        await createEventTable(tx, plain);
      },
    },
  ]);
});
afterEach(async () => {
  for (const stop of stops) await stop();
  await db.destroy();
  await database.drop();
});

const append = (table: EventTable, events: readonly ReturnType<typeof resultOf>[], chain = 'a') =>
  db.transaction().execute((tx) =>
    appendEvents(
      tx,
      table,
      events.map((event) => ({ event, chain })),
    ),
  );
const slots = (monitorId: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => resultOf(monitorId, from + index));

function relay(tables: readonly EventTable[] = [chained, plain]): () => Promise<void> {
  const ending = new AbortController();
  const running = runRelay(
    { db, databaseUrl: database.url, log, tables, logger, metrics: metrics() },
    ending.signal,
  );
  const stop = async () => {
    ending.abort();
    await running;
  };
  stops.push(stop);
  return stop;
}

async function published(): Promise<string[]> {
  const { lastSequence } = await log.describe('RESULTS');
  const found: string[] = [];
  for (let sequence = 1; sequence <= lastSequence; sequence += 1)
    found.push((await log.messageAt('RESULTS', sequence))?.header('ce-id') ?? '');
  return found;
}

describe('the event table', () => {
  it('gives each event of a chain the next position and binds it to the one before', async () => {
    await append(chained, slots(monitorIn(1), 1, 3));
    await append(chained, slots(monitorIn(1), 4, 5));
    await append(chained, slots(monitorIn(2), 1, 2), 'b');
    const { rows } = await sql<{ chain: string; position: number }>`
      select chain, position from w.event order by chain, position`.execute(db);
    expect(rows.map(({ chain, position }) => `${chain}${position}`)).toEqual([
      'a1',
      'a2',
      'a3',
      'a4',
      'a5',
      'b1',
      'b2',
    ]);
    expect(await verifyChains(db, chained)).toEqual([]);
  });

  it('takes an event once, however often it is appended', async () => {
    const events = slots(monitorIn(1), 1, 3);
    expect(await append(chained, events)).toBe(3);
    expect(await append(chained, [...events, resultOf(monitorIn(1), 4)])).toBe(1);
    expect(await append(plain, events)).toBe(3);
    expect(await append(plain, events)).toBe(0);
    expect(await verifyChains(db, chained)).toEqual([]);
  });

  it('keeps one chain whole when many write to it at once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, writer) =>
        append(chained, slots(monitorIn(writer % 16, `w${writer}`), 1, 5)),
      ),
    );
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from w.event`.execute(db);
    expect(rows[0]?.count).toBe(100);
    expect(await verifyChains(db, chained)).toEqual([]);
  });

  it.each([
    [
      'a changed fact',
      sql`update w.event set data = replace(data, '"up"', '"down"') where position = 3`,
      3,
      'hash_differs',
    ],
    ['a removed row', sql`delete from w.event where position = 3`, 3, 'position_missing'],
    ['a removed end', sql`delete from w.event where position > 3`, 4, 'position_missing'],
    ['a forged hash', sql`update w.event set hash = repeat('f', 64) where position = 3`, 3, 'hash_differs'],
  ])('shows %s', async (_, tampering, position, reason) => {
    await append(chained, slots(monitorIn(1), 1, 5));
    await tampering.execute(db);
    expect(await verifyChains(db, chained)).toEqual([{ chain: 'a', position, reason }]);
  });
});

describe('the relay', () => {
  it('publishes what was committed, in the order of each entity', async () => {
    relay();
    const [a, b] = [monitorIn(1), monitorIn(2)];
    await append(chained, slots(a, 1, 30));
    await append(chained, slots(b, 1, 30), 'b');
    await append(plain, slots(monitorIn(3), 1, 3));
    await expect.poll(async () => (await published()).length).toBe(63);
    const all = await published();
    for (const monitor of [a, b]) {
      const expected = slots(monitor, 1, 30).map(({ id }) => id);
      expect(all.filter((id) => expected.includes(id))).toEqual(expected);
    }
  });

  it('publishes what was committed while no relay ran', async () => {
    const events = slots(monitorIn(1), 1, 700);
    await append(chained, events);
    relay();
    await expect.poll(published, { timeout: 5_000 }).toEqual(events.map(({ id }) => id));
  });

  it('never publishes what was rolled back', async () => {
    relay();
    const rolledBack = db.transaction().execute(async (tx) => {
      await appendEvents(tx, chained, [{ event: resultOf(monitorIn(1), 1), chain: 'a' }]);
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    await append(chained, [resultOf(monitorIn(1), 2)]);
    await expect.poll(published).toEqual([resultOf(monitorIn(1), 2).id]);
    expect(await verifyChains(db, chained)).toEqual([]);
  });

  it('publishes again, in order, what the stream has lost', async () => {
    const events = slots(monitorIn(1), 1, 10);
    await append(chained, events);
    const stop = relay();
    await expect.poll(async () => (await published()).length).toBe(10);
    await expect.poll(async () => (await unpublished()).length).toBe(0);
    await stop();
    log.truncate('RESULTS', 4);
    relay();
    await expect.poll(published).toEqual(events.map(({ id }) => id));
  });

  it('publishes again what the stream has lost although others wrote to it since', async () => {
    const events = slots(monitorIn(1), 1, 10);
    await append(chained, events);
    const stop = relay();
    await expect.poll(async () => (await unpublished()).length).toBe(0);
    await stop();
    log.truncate('RESULTS', 4);
    const others = slots(monitorIn(9), 1, 20);
    for (const event of others) await log.publish(event);
    relay();
    await expect
      .poll(published)
      .toEqual([...events.slice(0, 4), ...others, ...events.slice(4)].map(({ id }) => id));
  });

  it('fills a stream that was made anew', async () => {
    const events = slots(monitorIn(1), 1, 10);
    await append(chained, events);
    const stop = relay();
    await expect.poll(async () => (await unpublished()).length).toBe(0);
    await stop();
    log.recreate('RESULTS');
    relay();
    await expect.poll(published).toEqual(events.map(({ id }) => id));
  });

  it('publishes nothing again when only the creation time of the stream is another', async () => {
    const events = slots(monitorIn(1), 1, 10);
    await append(chained, events);
    const stop = relay();
    await expect.poll(async () => (await unpublished()).length).toBe(0);
    await stop();
    log.forgetCreation('RESULTS');
    const later = slots(monitorIn(1), 11, 12);
    await append(chained, later);
    relay();
    await expect.poll(async () => (await unpublished()).length).toBe(0);
    expect(await published()).toEqual([...events, ...later].map(({ id }) => id));
  });

  it('is taken over by another replica', async () => {
    const first = relay();
    await append(chained, [resultOf(monitorIn(1), 1)]);
    await expect.poll(async () => (await published()).length).toBe(1);
    relay();
    await first();
    await append(chained, [resultOf(monitorIn(1), 2)]);
    await expect.poll(async () => (await published()).length, { timeout: 5_000 }).toBe(2);
  });

  it('drops what a plain table has kept long enough, and nothing of a chained one', async () => {
    await append(plain, slots(monitorIn(1), 1, 3));
    await append(chained, slots(monitorIn(2), 1, 3));
    relay();
    const kept = async (table: string) =>
      (
        await sql<{ count: number }>`select count(*)::int as count from ${sql.table(`w.${table}`)}`.execute(
          db,
        )
      ).rows[0]?.count;
    await expect.poll(async () => (await published()).length).toBe(6);
    for (const stop of stops.splice(0)) await stop();
    relay();
    await expect.poll(() => kept('outbox')).toBe(0);
    expect(await kept('event')).toBe(3);
  });
});

const unpublished = async () => (await sql`select 1 from w.event where stream_seq is null`.execute(db)).rows;
