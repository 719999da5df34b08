import { ALL_SHARDS } from '@tocsin/kernel';
import { freshDatabase } from '@tocsin/testing';
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { unnest } from './bulk.js';
import { connectDatabase } from './connect.js';
import { isTransient } from './errors.js';
import { listen } from './listen.js';
import { grantSelect, type Migration, migrate } from './migrate.js';
import { shardLocks } from './shard-locks.js';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let pools: Kysely<unknown>[];
let db: Kysely<unknown>;
const pool = () => {
  const made = connectDatabase<unknown>({ databaseUrl: database.url, name: 'test', maxConnections: 3 });
  pools.push(made);
  return made;
};
beforeEach(async () => {
  database = await freshDatabase(inject('pgUrl'));
  pools = [];
  db = pool();
});
afterEach(async () => {
  for (const made of pools) await made.destroy();
  await database.drop();
});

describe('migrations', () => {
  const table = (name: string): Migration => ({
    name,
    up: async (tx) => void (await sql`create table ${sql.id(`t${name}`)} (n int)`.execute(tx)),
  });

  it('are applied once each, in order, also by two replicas that start at once', async () => {
    const both = await Promise.all([
      migrate(pool(), 's', [table('0001'), table('0002')]),
      migrate(pool(), 's', [table('0001'), table('0002')]),
    ]);
    expect(both.flat().toSorted()).toEqual(['0001', '0002']);
    expect(await migrate(db, 's', [table('0001'), table('0002'), table('0003')])).toEqual(['0003']);
  });

  it('leave the schema as it was when one fails', async () => {
    const broken: Migration = {
      name: '0002',
      up: async (tx) => void (await sql`select nonsense`.execute(tx)),
    };
    await expect(migrate(db, 's', [table('0001'), broken])).rejects.toThrow('nonsense');
    expect(await migrate(db, 's', [table('0001')])).toEqual(['0001']);
  });

  it('of a newer release are not touched by an older one', async () => {
    await migrate(db, 's', [table('0001'), table('0002')]);
    await expect(migrate(db, 's', [table('0001')])).rejects.toThrow('start the newer release');
  });

  it('grant to a role where it exists, and nothing where it does not', async () => {
    await migrate(db, 's', [table('0001')]);
    const role = `reader_${process.pid}`;
    await db.transaction().execute((tx) => grantSelect(tx, role, 's', ['t0001']));
    await sql`create role ${sql.id(role)}`.execute(db);
    await db.transaction().execute((tx) => grantSelect(tx, role, 's', ['t0001']));
    const { rows } = await sql<{ may: boolean }>`
      select has_table_privilege(${role}, 's.t0001', 'select') as may`.execute(db);
    expect(rows).toEqual([{ may: true }]);
    await sql`drop owned by ${sql.id(role)}`.execute(db);
    await sql`drop role ${sql.id(role)}`.execute(db);
  });
});

describe('values', () => {
  it('come back as the events spell them', async () => {
    const { rows } = await sql`
      select '2026-01-02 03:04:05.678+00'::timestamptz as at, 9007199254740991::int8 as big, '{"a": [1]}'::jsonb as json`.execute(
      db,
    );
    expect(rows).toEqual([{ at: '2026-01-02T03:04:05.678Z', big: 9_007_199_254_740_991, json: { a: [1] } }]);
  });

  it('go in by the thousand in one statement, whatever is in them', async () => {
    const rows = Array.from({ length: 2_000 }, (_, n) => ({
      n,
      text: n % 7 === 0 ? null : `"quoted" \\ {${n}} 🙈`,
      flag: n % 2 === 0,
      ratio: n / 3,
      data: { n, list: ['a', null] },
      at: new Date(n * 1_000).toISOString(),
    }));
    const types = {
      n: 'int8',
      text: 'text',
      flag: 'bool',
      ratio: 'float8',
      data: 'jsonb',
      at: 'timestamptz',
    } as const;
    const { rows: back } = await sql`select * from ${unnest('r', types, rows)} order by n`.execute(db);
    expect(back).toEqual(rows);
  });
});

describe('shards', () => {
  const member = (group = 'g') => {
    const made = pool();
    const done = Promise.withResolvers<void>();
    const locks = Promise.withResolvers<ReturnType<typeof shardLocks>>();
    const held = made.connection().execute(async (connection) => {
      locks.resolve(shardLocks(connection, group));
      await done.promise;
      // One that was killed has nothing to give back.
      await sql`select pg_advisory_unlock_all()`.execute(connection).catch(() => undefined);
    });
    const leave = async () => {
      done.resolve();
      await held;
    };
    leaving.push(leave);
    return { locks: locks.promise, leave };
  };
  let leaving: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const leave of leaving) await leave();
    leaving = [];
  });

  it('are all held by one member, shared fairly by several, and taken over from one that left', async () => {
    const [first, second, third] = [member(), member(), member()];
    const [a, b, c] = [await first.locks, await second.locks, await third.locks];
    expect((await a.rebalance()).gained).toEqual(ALL_SHARDS);
    const settle = async (...all: (typeof a)[]) => {
      for (let round = 0; round < 3; round += 1) for (const one of all) await one.rebalance();
    };
    await settle(a, b);
    expect([a.owned().length, b.owned().length]).toEqual([8, 8]);
    await settle(a, b, c);
    expect([a, b, c].map((one) => one.owned().length).toSorted((x, y) => x - y)).toEqual([4, 6, 6]);
    expect(new Set([...a.owned(), ...b.owned(), ...c.owned()])).toEqual(new Set(ALL_SHARDS));
    await first.leave();
    await settle(b, c);
    expect(new Set([...b.owned(), ...c.owned()])).toEqual(new Set(ALL_SHARDS));
  });

  it('of different groups have nothing to do with each other', async () => {
    const [a, b] = [await member('g').locks, await member('h').locks];
    await a.rebalance();
    expect((await b.rebalance()).gained).toEqual(ALL_SHARDS);
  });

  it('are lost with the connection that held them', async () => {
    const a = await member().locks;
    await a.rebalance();
    await sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'`.execute(db);
    await expect(a.rebalance()).rejects.toThrow(/./);
    const b = await member().locks;
    expect((await b.rebalance()).gained).toEqual(ALL_SHARDS);
  });
});

describe('notifications', () => {
  it('are heard, also after the connection broke', async () => {
    const ending = new AbortController();
    const heard: string[] = [];
    let connected = 0;
    const listening = listen({
      databaseUrl: database.url,
      name: 'listener',
      channels: ['A channel'],
      onNotify: (channel, payload) => heard.push(`${channel}: ${payload}`),
      onConnected: () => (connected += 1),
      signal: ending.signal,
    });
    const say = (what: string) => sql`select pg_notify('A channel', ${what})`.execute(db);
    await expect.poll(() => connected).toBe(1);
    await say('one');
    await expect.poll(() => heard).toEqual(['A channel: one']);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'listener'`.execute(
      db,
    );
    await expect.poll(() => connected, { timeout: 5_000 }).toBe(2);
    await say('two');
    await expect.poll(() => heard).toEqual(['A channel: one', 'A channel: two']);
    ending.abort();
    await listening;
  });
});

describe('an error', () => {
  it.each([
    [{ code: '57P01' }, true],
    [{ code: '40001' }, true],
    [{ code: '53100' }, true],
    [{ code: '08006' }, true],
    [{ code: 'ECONNREFUSED' }, true],
    [new Error('Connection terminated unexpectedly'), true],
    [{ code: '23505' }, false],
    [{ code: '22P02' }, false],
    [new Error('this slot cannot be'), false],
    [undefined, false],
  ])('%j is transient: %s', (error, expected) => {
    expect(isTransient(error)).toBe(expected);
  });
});
