import { jetstreamManager } from '@nats-io/jetstream';
import {
  createJetStreamLog,
  createProgress,
  type EventLog,
  type ReplayOptions,
  replay as replayWith,
} from '@tocsin/event-log';
import { derivedId } from '@tocsin/kernel';
import { connectNats, createMetrics, type NatsHandle } from '@tocsin/service-kit';
import { createStreams, freshDatabase, freshNats, startWebhookFake, type WebhookFake } from '@tocsin/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import {
  at,
  notificationId,
  providerConfigured,
  providerDeleted,
  raised,
  resolved,
} from './events.fixture.js';
import { replayableNotifier } from './replay.command.js';
import { dump, logger, startWorldOn } from './world.fixture.js';

const NOTHING: ReplayOptions = {
  toSchema: undefined,
  compare: false,
  swap: false,
  drop: false,
  at: undefined,
  diff: undefined,
  json: false,
};
const hook = derivedId('provider', 'hook');
const gone = derivedId('provider', 'gone');

let server: Awaited<ReturnType<typeof freshNats>>;
let nats: NatsHandle;
let log: EventLog;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let receiver: WebhookFake;
let world: Awaited<ReturnType<typeof startWorldOn<EventLog>>>;

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
  database = await freshDatabase(inject('pgUrl'));
  world = await startWorldOn(database, log);
  receiver = await startWebhookFake({ now: () => world.clock.ms });
});
afterEach(async () => {
  await receiver.stop();
  await world.close();
});

async function replay(options: Partial<ReplayOptions>, replayable = replayableNotifier) {
  const tools = {
    databaseUrl: database.url,
    db: world.db,
    log,
    logger,
    metrics: createMetrics('replay'),
    now: () => new Date().toISOString(),
    progress: createProgress(() => undefined, performance.now.bind(performance)),
    signal: new AbortController().signal,
  };
  return await replayWith(tools, replayable, { ...NOTHING, ...options });
}

const alert = (name: string) => ({ name, providers: [hook, gone], time: at(1) });

async function tell(name: string): Promise<void> {
  await log.publish(raised(alert(name)));
  await world.until(notificationId('raised', name, hook), 'delivered');
}

describe('a replay', () => {
  it('comes to the same rows, tells nobody, and names what somebody changed', async () => {
    const service = world.startProcess();
    for (const id of [hook, gone])
      await log.publish(providerConfigured(id, 'webhook', { url: receiver.url, method: 'POST' }));
    await world.folded();
    await tell('a');
    await log.publish(providerDeleted(gone, 2));
    await log.publish(resolved(alert('a')));
    await world.until(notificationId('resolved', 'a', hook), 'delivered');
    await service.stop();
    const [before, seen] = [await dump(world.db), receiver.requests.length];
    const same = await replay({ toSchema: 'next', compare: true });
    expect(same.isSame).toBe(true);
    expect(same.comparisons?.slice(0, 2)).toMatchObject([
      { table: 'alert_event', rows: [2, 2] },
      { table: 'provider', rows: [2, 2] },
    ]);
    expect(await dump(world.db)).toEqual(before);
    expect(receiver.requests).toHaveLength(seen);
    await sql`update notifier.provider set enabled = true where id = ${gone}`.execute(world.db);
    const { comparisons } = await replay({ toSchema: 'next', compare: true });
    expect(comparisons?.[1]?.differences).toEqual([
      { key: { id: gone }, kind: 'changed', columns: { enabled: [true, false] } },
    ]);
  });

  it('is swapped in while people are told, who are told once; messages about providers go along', async () => {
    const service = world.startProcess();
    await log.publish(providerConfigured(hook, 'webhook', { url: receiver.url, method: 'POST' }));
    await world.folded();
    await tell('a');
    await sql`update notifier.alert_event set target = 'somebody else'`.execute(world.db);
    await sql`insert into notifier.alert_event (id, alert_id, type, data, message, history_type, target)
      values (${derivedId('own')}, ${derivedId('own')}, 'provider.failing', '{}', '', 'provider_failing', 'hook')`.execute(
      world.db,
    );
    const swap = { isDone: false };
    const names: string[] = [];
    const telling = (async () => {
      for (let n = 0; !swap.isDone || n < 12; n += 1) {
        names.push(`during ${n}`);
        // However long the swap takes: a destination is told so often in a second, and no more
        world.clock.ms += 1_000;
        await tell(`during ${n}`);
      }
    })();
    await replay({ toSchema: 'next', swap: true });
    swap.isDone = true;
    await telling;
    await service.stop();
    const { rows } = await sql<{ target: string }>`
      select distinct target from notifier.alert_history`.execute(world.db);
    expect(rows.map(({ target }) => target)).not.toContain('somebody else');
    expect(receiver.requests).toHaveLength(names.length + 1);
    expect(
      (await sql`select from notifier.alert_event where type = 'provider.failing'`.execute(world.db)).rows,
    ).toHaveLength(1);
    expect(await replay({ toSchema: 'again', compare: true })).toMatchObject({ isSame: true });
  });

  it('X3 tells what was known at an instant', async () => {
    const service = world.startProcess({ send: false });
    const captured: { at: string; provider: unknown; alert_event: unknown }[] = [];
    for (let n = 1; n <= 50; n += 1) {
      await log.publish(
        n % 4 === 0
          ? providerDeleted(hook, n)
          : providerConfigured(hook, 'webhook', { url: `http://x.example/${n}` }, { revision: n }),
      );
      if (n % 3 === 0) await log.publish(raised(alert(`at ${n}`)));
      await world.folded();
      const { provider, alert_event } = await dump(world.db);
      captured.push({ at: new Date().toISOString(), provider, alert_event });
      // Instants have milliseconds: the next event is of a later one
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    await service.stop();
    for (const { at: instant, ...then } of captured) {
      await replay({ toSchema: 'then', at: instant });
      for (const table of ['provider', 'alert_event'] as const) {
        const { rows } = await sql<{ row: string }>`
          select t::text as row from ${sql.id('then', table)} as t order by id`.execute(world.db);
        expect(
          rows.map(({ row }) => row),
          `${table} as of ${instant}`,
        ).toEqual(then[table]);
      }
      await replay({ toSchema: 'then', drop: true });
    }
  });

  it('that cannot be swapped in leaves what is live as it was, and no schema behind', async () => {
    const service = world.startProcess();
    await log.publish(providerConfigured(hook, 'webhook', { url: receiver.url, method: 'POST' }));
    await world.folded();
    await service.stop();
    const before = await dump(world.db);
    const afterSwap = () => Promise.reject(new Error('not now'));
    const swapping = replay({ toSchema: 'next', swap: true }, { ...replayableNotifier, afterSwap });
    await expect(swapping).rejects.toThrow('not now');
    expect(await dump(world.db)).toEqual(before);
    const { rows } =
      await sql`select nspname from pg_namespace where nspname like 'notifier_before_%'`.execute(world.db);
    expect(rows).toEqual([]);
  });
});
