import { connectDatabase, migrate } from '@tocsin/database';
import type { Shard } from '@tocsin/kernel';
import { freshDatabase } from '@tocsin/testing';
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { deletionOf, logger, metrics, monitorIn, resultOf } from './given.fixture.js';
import { createInMemoryLog, type InMemoryLog } from './in-memory-log.js';
import type { Fold, InputEvent, Projection } from './projection.js';
import { runProjection } from './projection.runner.js';
import { createProjectionTables } from './projection.store.js';
import { startRebuild } from './rebuild.js';

const projection: Projection = {
  name: 'folding',
  schema: 'p',
  inputs: [
    { stream: 'CONFIG', subjects: () => ['config.>'], order: 0 },
    {
      stream: 'RESULTS',
      subjects: (shards: readonly Shard[]) => shards.map((shard) => `result.${shard}.>`),
      order: 1,
    },
  ],
  lingerMs: 1,
};

let database: Awaited<ReturnType<typeof freshDatabase>>;
let log: InMemoryLog;
let main: Kysely<unknown>;
let pools: Kysely<unknown>[];
let stops: (() => Promise<void>)[];

beforeEach(async () => {
  database = await freshDatabase(inject('pgUrl'));
  log = createInMemoryLog();
  pools = [];
  stops = [];
  main = pool();
  await migrate(main, 'p', [
    {
      name: '0001',
      up: async (tx) => {
        await createProjectionTables(tx, 'p');
        await sql`create table p.folded (n bigint generated always as identity, id uuid, mode text, shard text, pid int)`.execute(
          tx,
        );
      },
    },
  ]);
});
afterEach(async () => {
  for (const stop of stops) await stop();
  for (const db of pools) await db.destroy();
  await database.drop();
});

function pool(): Kysely<unknown> {
  const db = connectDatabase<unknown>({ databaseUrl: database.url, name: 'test', maxConnections: 3 });
  pools.push(db);
  return db;
}

/** Remembers each event, in the transaction. */
const remember: Fold = async (events, { tx, mode }) => {
  for (const event of events)
    await sql`insert into p.folded (id, mode, shard, pid) values (${event.id}, ${mode}, ${event.shard}, pg_backend_pid())`.execute(
      tx,
    );
};

function run(
  fold: Fold = remember,
  changes: Partial<Projection> = {},
): { stop: () => Promise<void>; db: Kysely<unknown> } {
  const ending = new AbortController();
  const db = pool();
  const running = runProjection(
    { projection: { ...projection, ...changes }, db, log, logger, metrics: metrics() },
    fold,
    ending.signal,
  );
  const stop = async () => {
    ending.abort();
    await running;
  };
  stops.push(stop);
  return { stop, db };
}

const folded = async () =>
  (
    await sql<{
      id: string;
      mode: string;
      shard: string;
      pid: number;
    }>`select id, mode, shard, pid from p.folded order by n`.execute(main)
  ).rows;
const ids = async () => (await folded()).map(({ id }) => id);
const letters = async () =>
  (
    await sql<{
      reason: string;
      subject: string;
      replayed_at: string | null;
    }>`select * from p.dead_letter order by id`.execute(main)
  ).rows;
const publishAll = async (events: readonly Parameters<InMemoryLog['publish']>[0][]) => {
  for (const event of events) await log.publish(event);
};
const slots = (monitorId: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => resultOf(monitorId, from + index));

describe('a projection', () => {
  it('folds what the log holds and what comes after, once and in order', async () => {
    const monitor = monitorIn(3);
    await publishAll(slots(monitor, 1, 20));
    run();
    await expect.poll(async () => (await ids()).length).toBe(20);
    await publishAll(slots(monitor, 21, 30));
    await expect.poll(ids).toEqual(slots(monitor, 1, 30).map(({ id }) => id));
  });

  it('continues after its checkpoint when it starts again', async () => {
    const monitor = monitorIn(3);
    await publishAll(slots(monitor, 1, 5));
    const first = run();
    await expect.poll(async () => (await ids()).length).toBe(5);
    await first.stop();
    await publishAll(slots(monitor, 6, 8));
    run();
    await expect.poll(ids).toEqual(slots(monitor, 1, 8).map(({ id }) => id));
  });

  it('folds a batch again when the transaction did not commit, and leaves nothing of the first try', async () => {
    const monitor = monitorIn(3);
    await publishAll(slots(monitor, 1, 3));
    let failures = 2;
    run(async (events, context) => {
      await remember(events, context);
      if (failures-- > 0)
        throw Object.assign(new Error('the server closed the connection'), { code: '57P01' });
    });
    await expect.poll(ids).toEqual(slots(monitor, 1, 3).map(({ id }) => id));
  });

  it('loses nothing and repeats nothing when its connection is killed under it', async () => {
    const monitor = monitorIn(3);
    run();
    const expected = [];
    for (let round = 0; round < 5; round += 1) {
      await publishAll(slots(monitor, round * 10 + 1, round * 10 + 10));
      expected.push(...slots(monitor, round * 10 + 1, round * 10 + 10));
      await sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()`.execute(
        main,
      );
    }
    await expect.poll(ids, { timeout: 10_000 }).toEqual(expected.map(({ id }) => id));
  });

  it('folds configuration before the results that wait beside it', async () => {
    const monitor = monitorIn(3);
    await publishAll(slots(monitor, 1, 3));
    await log.publish(deletionOf(monitor, 1));
    run();
    await expect.poll(ids).toEqual([deletionOf(monitor, 1), ...slots(monitor, 1, 3)].map(({ id }) => id));
  });

  it('tells the fold how far the shard was before the batch', async () => {
    const monitor = monitorIn(3);
    const seen: [number, number][] = [];
    const fold: Fold = async (events, context) => {
      seen.push([events.length, context.position('RESULTS', '3')]);
    };
    await publishAll(slots(monitor, 1, 2));
    run(fold);
    await expect.poll(() => seen.at(-1)).toEqual([2, 0]);
    await publishAll(slots(monitor, 3, 3));
    await expect.poll(() => seen.at(-1)).toEqual([1, 2]);
  });
});

describe('several replicas of a projection', () => {
  it('share the shards, and a survivor takes over those of one that died', async () => {
    const monitors = Array.from({ length: 16 }, (_, shard) => monitorIn(shard));
    run();
    const second = run();
    const owners = async () => new Set((await folded()).map(({ pid }) => pid)).size;
    let n = 0;
    await expect
      .poll(
        async () => {
          n += 1;
          await publishAll(monitors.map((monitor) => resultOf(monitor, n)));
          return await owners();
        },
        { timeout: 10_000, interval: 200 },
      )
      .toBe(2);
    await second.stop();
    const last = n + 1;
    await publishAll(monitors.map((monitor) => resultOf(monitor, last)));
    const expected = monitors.flatMap((monitor) => slots(monitor, 1, last).map(({ id }) => id));
    await expect.poll(async () => (await ids()).toSorted(), { timeout: 10_000 }).toEqual(expected.toSorted());
  });
});

describe('what cannot be folded', () => {
  it('goes whole to dead_letter with the reason, and the rest flows', async () => {
    const monitor = monitorIn(3);
    const subject = `result.3.default.monitor.${monitor}`;
    await log.publish(resultOf(monitor, 1));
    log.publishRaw({ subject, headers: {}, body: 'who am I' });
    log.publishRaw({
      subject,
      headers: { 'ce-type': 'tocsin.v1.CheckCompleted', 'ce-id': 'x', 'ce-subject': monitor },
      body: '{',
    });
    log.publishRaw({
      subject,
      headers: { 'ce-type': 'tocsin.v1.CheckCompleted', 'ce-id': 'x', 'ce-subject': monitor },
      body: '{"monitorId":3}',
    });
    log.publishRaw({
      subject,
      headers: { 'ce-type': 'tocsin.v1.AlertRaised', 'ce-id': 'x', 'ce-subject': monitor },
      body: '{}',
    });
    await log.publish(resultOf(monitor, 2));
    run();
    await expect.poll(ids).toEqual(slots(monitor, 1, 2).map(({ id }) => id));
    expect((await letters()).map(({ reason }) => reason)).toEqual([
      'unknown_event_type',
      'malformed_json',
      'invalid_event',
      'invalid_event',
    ]);
  });

  it('does not believe an event that strayed into another stream', async () => {
    const monitor = monitorIn(3);
    const wrong = deletionOf(monitor, 1);
    log.publishRaw({
      subject: `result.3.default.monitor.${monitor}`,
      headers: { 'ce-type': 'tocsin.v1.MonitorDeleted', 'ce-id': wrong.id, 'ce-subject': monitor },
      body: JSON.stringify(wrong.data),
    });
    run();
    await expect.poll(async () => (await letters()).map(({ reason }) => reason)).toEqual(['wrong_stream']);
  });

  it('is found among a thousand others when the fold refuses one event', async () => {
    const monitor = monitorIn(3);
    const poison = resultOf(monitor, 137).id;
    await publishAll(slots(monitor, 1, 300));
    run(async (events, context) => {
      if (events.some(({ id }) => id === poison)) throw new Error('this slot cannot be');
      await remember(events, context);
    });
    const expected = slots(monitor, 1, 300)
      .map(({ id }) => id)
      .filter((id) => id !== poison);
    await expect.poll(ids, { timeout: 10_000 }).toEqual(expected);
    expect((await letters()).map(({ reason }) => reason)).toEqual(['fold_failed']);
  });

  it('is folded again when an operator asks for it', { timeout: 15_000 }, async () => {
    const monitor = monitorIn(3);
    let broken = true;
    await log.publish(resultOf(monitor, 1));
    run(async (events, context) => {
      if (broken) throw new Error('not yet');
      await remember(events, context);
    });
    await expect.poll(async () => (await letters()).length).toBe(1);
    broken = false;
    await sql`update p.dead_letter set replay_requested_at = now()`.execute(main);
    await expect.poll(ids, { timeout: 10_000 }).toEqual([resultOf(monitor, 1).id]);
    expect((await letters())[0]?.replayed_at).not.toBeNull();
  });
});

describe('a log that is not what it was', () => {
  async function foldedOnce(count: number): Promise<string> {
    const monitor = monitorIn(3);
    await publishAll(slots(monitor, 1, count));
    const first = run();
    await expect.poll(async () => (await ids()).length).toBe(count);
    await first.stop();
    return monitor;
  }

  it('is folded again from before the loss when it went back', async () => {
    const monitor = await foldedOnce(10);
    log.truncate('RESULTS', 6);
    await publishAll(slots(monitor, 7, 11));
    run();
    await expect.poll(async () => new Set(await ids()).size).toBe(11);
  });

  it('is noticed when it went back and grew past the checkpoint with other events', async () => {
    const monitor = await foldedOnce(10);
    log.truncate('RESULTS', 6);
    await publishAll(slots(monitor, 20, 29));
    run();
    await expect.poll(async () => new Set(await ids()).size).toBe(20);
  });

  it('is folded from its start when it was made anew', async () => {
    const monitor = await foldedOnce(3);
    log.recreate('RESULTS');
    await publishAll(slots(monitor, 50, 51));
    run();
    await expect.poll(async () => (await ids()).slice(3)).toEqual(slots(monitor, 50, 51).map(({ id }) => id));
  });

  it('is taken for the same when only its creation time is another', async () => {
    const monitor = await foldedOnce(3);
    log.forgetCreation('RESULTS');
    await publishAll(slots(monitor, 50, 51));
    run();
    const all = [...slots(monitor, 1, 3), ...slots(monitor, 50, 51)];
    await expect.poll(ids).toEqual(all.map(({ id }) => id));
  });

  it('is noticed while the projection runs', { timeout: 20_000 }, async () => {
    const monitor = monitorIn(3);
    run();
    await publishAll(slots(monitor, 1, 3));
    await expect.poll(async () => (await ids()).length).toBe(3);
    log.recreate('RESULTS');
    await publishAll(slots(monitor, 50, 51));
    await expect
      .poll(async () => (await ids()).slice(3), { timeout: 15_000 })
      .toEqual(slots(monitor, 50, 51).map(({ id }) => id));
  });
});

describe('a rebuild', () => {
  const empty = async () => void (await sql`truncate p.folded`.execute(main));

  it('folds everything again, telling what is a rebuild from what is live', async () => {
    const monitor = monitorIn(3);
    const modes: [string, InputEvent['type']][] = [];
    const fold: Fold = async (events, context) => {
      for (const { type } of events) modes.push([context.mode, type]);
      await remember(events, context);
    };
    await publishAll([deletionOf(monitor, 1), ...slots(monitor, 1, 3)]);
    const first = run(fold);
    await expect.poll(async () => (await ids()).length).toBe(4);
    await first.stop();
    await startRebuild({ projection, db: main, log, empty });
    await publishAll([deletionOf(monitor, 2), resultOf(monitor, 4)]);
    run(fold);
    await expect.poll(async () => (await ids()).length).toBe(6);
    expect((await folded()).map(({ mode }) => mode)).toEqual([
      'rebuild',
      'rebuild',
      'rebuild',
      'rebuild',
      'live',
      'live',
    ]);
  });

  it('is refused while a replica runs', async () => {
    await log.publish(resultOf(monitorIn(3), 1));
    run();
    await expect.poll(async () => (await ids()).length).toBe(1);
    await expect(startRebuild({ projection, db: main, log, empty })).rejects.toThrow('stop every replica');
  });
});

describe('a quiet shard', () => {
  it('moves its checkpoint along with the others', async () => {
    await publishAll(slots(monitorIn(3), 1, 4));
    run();
    const seqs = async () =>
      (
        await sql<{ seq: number }>`select distinct seq from p.checkpoint where stream = 'RESULTS'`.execute(
          main,
        )
      ).rows;
    await expect.poll(seqs, { timeout: 5_000 }).toEqual([{ seq: 4 }]);
  });
});
