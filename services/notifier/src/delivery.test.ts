import { derivedId } from '@tocsin/kernel';
import { freshDatabase, startWebhookFake, type WebhookFake } from '@tocsin/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { at, notificationId, providerConfigured, raised, resolved } from './events.fixture.js';
import { startWorld, type World } from './world.fixture.js';

const hook = derivedId('provider', 'hook');
let receiver: WebhookFake;
let world: World;
let service: ReturnType<World['startProcess']>;

beforeAll(async () => {
  receiver = await startWebhookFake();
});
afterAll(() => receiver.stop());
beforeEach(async () => {
  receiver.heal();
  world = await startWorld(await freshDatabase(inject('pgUrl')));
  await world.log.publish(providerConfigured(hook, 'webhook', { url: receiver.url, method: 'POST' }));
  service = world.startProcess();
  await world.folded();
});
afterEach(async () => {
  await service.stop();
  await world.close();
});

const ids = (from: number) => receiver.received.slice(from).map(({ headers }) => headers['webhook-id']);

describe('an alert', () => {
  it('reaches the provider, is recorded and is on the delivery log', async () => {
    const seen = receiver.received.length;
    const id = notificationId('raised', 'shop', hook);
    await world.log.publish(raised({ name: 'shop', providers: [hook], time: at(1) }));
    await world.until(id, 'delivered');
    expect(ids(seen)).toEqual([id]);
    expect(await world.attempts(id)).toMatchObject([{ number: 1, outcome: 'delivered' }]);
    expect(await world.deliveries()).toMatchObject([{ type: 'NotificationDelivered', notificationId: id }]);

    const end = notificationId('resolved', 'shop', hook);
    await world.log.publish(resolved({ name: 'shop', providers: [hook], time: at(2) }));
    await world.until(end, 'delivered');
    expect(ids(seen)).toEqual([id, end]);
  });
});
