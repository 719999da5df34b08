import { setTimeout as delay } from 'node:timers/promises';
import { derivedId } from '@tocsin/kernel';
import { freshDatabase, startWebhookFake, type WebhookFake } from '@tocsin/testing';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import {
  at,
  notificationId,
  providerConfigured,
  providerDeleted,
  raised,
  redriveRequested,
  resolved,
} from './events.fixture.js';
import { rebuild } from './rebuild.command.js';
import { subscriptionConfigured, subscriptionDeleted } from './subscriptions/subscriptions.fixture.js';
import { dump, eventually, startWorld, type World } from './world.fixture.js';

const hook = derivedId('provider', 'hook');
const gone = derivedId('provider', 'gone');
let receiver: WebhookFake;
let world: World;

beforeEach(async () => {
  world = await startWorld(await freshDatabase(inject('pgUrl')));
  receiver = await startWebhookFake({ now: () => world.clock.ms });
});
afterEach(async () => {
  await receiver.stop();
  await world.close();
});

/** Delivered, failed, muted, sent again by a person, one still waiting for its next attempt, and a provider deleted since. */
async function live(): Promise<void> {
  const service = world.startProcess();
  for (const id of [hook, gone])
    await world.log.publish(providerConfigured(id, 'webhook', { url: receiver.url, method: 'POST' }));
  for (const revision of [1, 2])
    await world.log.publish(subscriptionConfigured({ id: hook, url: receiver.url, revision }));
  await world.log.publish(subscriptionConfigured({ id: gone, url: receiver.url }));
  await world.log.publish(subscriptionDeleted(gone, 2));
  await world.folded();
  const alert = (name: string, providers: string[]) => ({ name, providers, time: at(1) });
  await world.log.publish(raised(alert('a', [hook, gone])));
  await world.until(notificationId('raised', 'a', hook), 'delivered');
  await world.until(notificationId('raised', 'a', gone), 'delivered');
  await world.log.publish(providerDeleted(gone, 2));
  await world.log.publish(resolved(alert('a', [hook, gone])));
  await world.until(notificationId('resolved', 'a', hook), 'delivered');
  receiver.failNext(400);
  await world.log.publish(raised(alert('b', [hook])));
  await world.until(notificationId('raised', 'b', hook), 'failed');
  await world.log.publish(redriveRequested(notificationId('raised', 'b', hook), derivedId('monitor', 'b')));
  await world.until(notificationId('raised', 'b', hook), 'delivered');
  receiver.failNext(400, 503);
  await world.log.publish(raised(alert('c', [hook])));
  await world.until(notificationId('raised', 'c', hook), 'failed');
  await world.log.publish(raised(alert('d', [hook])));
  const waiting = notificationId('raised', 'd', hook);
  await eventually(async () => (await world.attempts(waiting)).at(-1)?.outcome === 'not_now');
  await service.stop();
}

async function foldAll(): Promise<void> {
  const service = world.startProcess();
  await eventually(async () => {
    const { rows } = await sql<{ behind: number }>`
      select count(*)::int as behind from notifier.checkpoint where seq < rebuild_until`.execute(world.db);
    return rows[0]?.behind === 0;
  });
  // Time for whatever should not happen.
  await delay(300);
  await service.stop();
}

describe('a rebuild', () => {
  it('gives the same tables to the byte, sends nothing and appends nothing', async () => {
    await live();
    const before = await dump(world.db);
    const seen = receiver.requests.length;
    await rebuild(world.db, world.log);
    expect((await dump(world.db)).provider).toEqual([]);
    await foldAll();
    expect(receiver.requests).toHaveLength(seen);
    expect(await dump(world.db)).toEqual(before);
  });

  it('makes lost notifications again from the delivery events, and sends none of them', async () => {
    await live();
    const before = await world.notifications();
    const events = (await dump(world.db)).event;
    const seen = receiver.requests.length;
    await sql`truncate notifier.notification cascade`.execute(world.db);
    await rebuild(world.db, world.log);
    await foldAll();
    expect(receiver.requests).toHaveLength(seen);
    expect((await dump(world.db)).event).toEqual(events);
    const waiting = notificationId('raised', 'd', hook);
    const states = (rows: typeof before) =>
      rows
        .filter(({ id }) => id !== waiting)
        .map(({ id, state, attempts }) => `${id} ${state} ${attempts}`)
        .toSorted();
    const after = await world.notifications();
    expect(states(after)).toEqual(states(before));
    // Nobody knows what became of it: a person decides.
    expect(after.find(({ id }) => id === waiting)).toMatchObject({ state: 'failed', reason: 'lost' });
  });
});
