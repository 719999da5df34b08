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
} from './events.fixture.js';
import { eventually, startWorld, type World } from './world.fixture.js';

const hook = derivedId('provider', 'hook');
const other = derivedId('provider', 'other');
const shop = (second: number) => ({ name: 'shop', providers: [hook], time: at(second) });
const down = notificationId('raised', 'shop', hook);

let receiver: WebhookFake;
let world: World;
let service: ReturnType<World['startProcess']>;

beforeEach(async () => {
  world = await startWorld(await freshDatabase(inject('pgUrl')));
  receiver = await startWebhookFake({ now: () => world.clock.ms });
  await world.log.publish(providerConfigured(hook, 'webhook', { url: receiver.url, method: 'POST' }));
  service = world.startProcess();
  await world.folded();
});
afterEach(async () => {
  await service.stop();
  await receiver.stop();
  await world.close();
});

/** Moves time and lets everybody look at the clock. */
const pass = (ms: number) => {
  world.clock.ms += ms;
  service.wake.all();
};
const triedTimes = async (id: string, times: number) =>
  await eventually(async () => {
    const attempts = await world.attempts(id);
    return attempts.length === times && attempts.at(-1)?.outcome !== 'started';
  });

describe('a provider', () => {
  it('N4 is sent no more than it takes, and nothing while it has asked for patience', async () => {
    receiver.rateLimit(30);
    for (let n = 0; n < 30; n += 1)
      await world.log.publish(raised({ name: `m${n}`, providers: [hook], time: at(1) }));
    const held = async () =>
      (await sql`select 1 from notifier.provider_health where held_until is not null`.execute(world.db)).rows;
    await eventually(async () => (await held()).length === 1);
    pass(29_000);
    await world.folded();
    expect(receiver.requests).toHaveLength(1);
    pass(2_000);
    // The burst; the rest follows at ten in a second.
    await eventually(() => receiver.received.length === 20);
    pass(1_000);
    await eventually(() => receiver.received.length === 30);
    expect(receiver.tooSoon()).toBe(0);
  });

  it('N5 that does not answer is left alone after five failures, and found again by one probe', async () => {
    receiver.fail('reset');
    world.clock.random = 0;
    for (let n = 0; n < 8; n += 1)
      await world.log.publish(raised({ name: `m${n}`, providers: [hook], time: at(1) }));
    await eventually(() => receiver.requests.length >= 5);
    const health = async () =>
      (
        await sql<{
          breaker: string;
        }>`select breaker from notifier.provider_health where provider_id = ${hook}`.execute(world.db)
      ).rows[0]?.breaker;
    await eventually(async () => (await health()) === 'open');
    expect(receiver.requests).toHaveLength(5);
    await service.stop();
    service = world.startProcess();
    pass(5_000);
    await eventually(() => receiver.requests.length === 6);
    await eventually(async () => (await health()) === 'open');
    receiver.heal();
    pass(10_000);
    await eventually(() => receiver.received.length === 8);
    await eventually(async () => (await health()) === 'closed');
  });

  it('N5 that swallows everything delays nobody else', async () => {
    const hole = await startWebhookFake();
    hole.fail('hang');
    await world.log.publish(providerConfigured(other, 'webhook', { url: hole.url, method: 'POST' }));
    await world.log.publish(raised({ ...shop(1), providers: [other, hook] }));
    await world.until(down, 'delivered');
    for (let n = 0; n < 10; n += 1) {
      const startedAt = performance.now();
      await world.log.publish(raised({ name: `m${n}`, providers: [other, hook], time: at(2) }));
      await world.until(notificationId('raised', `m${n}`, hook), 'delivered');
      expect(performance.now() - startedAt).toBeLessThan(1_000);
    }
    expect(await world.stateOf(notificationId('raised', 'shop', other))).toBe('planned');
    await hole.stop();
  });

  it('that is gone (410) is switched off and shown, the others are told once, and new settings bring it back', async () => {
    const elsewhere = await startWebhookFake();
    await world.log.publish(providerConfigured(other, 'webhook', { url: elsewhere.url, method: 'POST' }));
    receiver.fail(410);
    await world.log.publish(raised(shop(1)));
    await world.until(down, 'failed');
    await world.log.publish(raised({ name: 'till', providers: [hook], time: at(2) }));
    const till = notificationId('raised', 'till', hook);
    await world.until(till, 'failed');
    expect(await world.attempts(till)).toEqual([]);
    expect(receiver.requests).toHaveLength(1);
    const disabled = async () =>
      (
        await sql`select disabled_reason from notifier.provider_health where provider_id = ${hook}`.execute(
          world.db,
        )
      ).rows;
    expect(await disabled()).toEqual([{ disabled_reason: 'gone' }]);
    await eventually(() => elsewhere.received.length > 0);
    expect(elsewhere.received.map(({ json }) => json)).toMatchObject([
      { event: 'provider.failing', target: { id: hook, kind: 'provider' } },
    ]);

    receiver.heal();
    const config = { url: receiver.url, method: 'POST' };
    await world.log.publish(providerConfigured(hook, 'webhook', config, { revision: 2 }));
    await world.log.publish(redriveRequested(till, derivedId('monitor', 'till')));
    await world.until(till, 'delivered');
    expect(await disabled()).toEqual([{ disabled_reason: null }]);
    expect(elsewhere.received).toHaveLength(1);
    await elsewhere.stop();
  });

  it('that is deleted is sent nothing more, and what was planned says why', async () => {
    receiver.fail(503);
    await world.log.publish(raised(shop(1)));
    await triedTimes(down, 1);
    await world.log.publish(providerDeleted(hook, 2));
    pass(5_000);
    await world.until(down, 'muted');
    expect((await world.deliveries()).at(-1)).toMatchObject({ reason: 'provider_deleted' });
  });
});
