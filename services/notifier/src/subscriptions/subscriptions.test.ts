import { addMs, derivedId, newId, toMs } from '@tocsin/kernel';
import { freshDatabase, startWebhookFake, type WebhookFake } from '@tocsin/testing';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { providerConfigured } from '../events.fixture.js';
import { eventually, startWorld, type World } from '../world.fixture.js';
import {
  alertEvent,
  attemptsOf,
  type SubscriptionIs,
  signingSecret,
  startSubscriptions,
  stateOf,
  statusEvent,
  subscriptionConfigured,
  subscriptionDeleted,
  untilState,
} from './subscriptions.fixture.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let world: World;
let receiver: WebhookFake;
let planner: ReturnType<World['startProcess']>;
let service: ReturnType<typeof startSubscriptions>;
let id: string;

beforeEach(async () => {
  world = await startWorld(await freshDatabase(inject('pgUrl')));
  // Signatures are checked against the real time.
  world.clock.ms = Date.now();
  receiver = await startWebhookFake({ now: () => world.clock.ms });
  planner = world.startProcess({ send: false });
  service = startSubscriptions(world);
  id = newId();
});
afterEach(async () => {
  await Promise.all([service.stop(), planner.stop()]);
  await receiver.stop();
  await world.close();
});

const subscribe = async (given: Partial<SubscriptionIs> = {}) => {
  await world.log.publish(subscriptionConfigured({ id, url: receiver.url, ...given }));
  await world.folded();
  service.wake.all();
};
const publish = async (from: number, to: number, project = 'default') => {
  for (let n = from; n <= to; n += 1) await world.log.publish(alertEvent(n, project));
};
const pass = (ms: number) => {
  world.clock.ms += ms;
  service.wake.all();
};
const idsOf = (fake: WebhookFake) => fake.received.map(({ headers }) => headers['webhook-id'] ?? '');
const alerts = (from: number, to: number, project = 'default') =>
  Array.from({ length: to - from + 1 }, (_, index) => alertEvent(from + index, project).id);
const receivedAll = async (fake: WebhookFake, count: number) =>
  await eventually(() => fake.received.length >= count, 50_000);

describe('a subscription', () => {
  it('is sent each event of its project once, in order, as a signed CloudEvent', async () => {
    const secret = signingSecret();
    await publish(1, 3);
    await subscribe({ config: { signingSecret: secret, headers: { 'X-Desk': 'two' } } });
    await receivedAll(receiver, 3);
    await publish(4, 6);
    await receivedAll(receiver, 6);
    expect(idsOf(receiver)).toEqual(alerts(1, 6));
    for (const { rawBody, headers } of receiver.received)
      expect(new Webhook(secret).verify(rawBody.toString('utf8'), headers)).toBeTruthy();
    const [first] = receiver.received;
    expect(first?.headers).toMatchObject({
      'content-type': 'application/cloudevents+json',
      'x-desk': 'two',
      'webhook-id': alertEvent(1).id,
    });
    const { id: eventId, time, entityId, data } = alertEvent(1);
    expect(first?.json).toEqual({
      specversion: '1.0',
      id: eventId,
      source: 'tocsin/alert-evaluator',
      type: 'tocsin.v1.AlertAcknowledged',
      subject: entityId,
      time,
      datacontenttype: 'application/json',
      data,
    });
  });

  it('is sent the types it names and no others, of both streams', async () => {
    await subscribe({ eventTypes: ['StatusChanged'] });
    await publish(1, 2);
    await world.log.publish(statusEvent(3));
    await receivedAll(receiver, 1);
    const both = newId();
    await subscribe({ id: both, eventTypes: ['StatusChanged', 'AlertAcknowledged'] });
    await receivedAll(receiver, 4);
    expect(idsOf(receiver)).toEqual([statusEvent(3).id, ...alerts(1, 2), statusEvent(3).id]);
  });

  it('is never sent anything of another project', async () => {
    await publish(1, 2, 'beta');
    await subscribe();
    await publish(3, 3, 'beta');
    await world.log.publish(statusEvent(4, 'beta'));
    await publish(5, 5);
    await receivedAll(receiver, 1);
    expect(idsOf(receiver)).toEqual(alerts(5, 5));
  });

  it('begins at the instant it names', async () => {
    await publish(1, 2);
    const startAt = addMs((await world.log.messageAt('ALERTS', 2))?.storedAt ?? '', 1);
    await eventually(() => new Date().toISOString() >= startAt);
    await publish(3, 4);
    await subscribe({ startAt });
    await receivedAll(receiver, 2);
    expect(idsOf(receiver)).toEqual(alerts(3, 4));
  });

  it('is moved back by a person, once, and goes on from there', async () => {
    await publish(1, 2);
    await subscribe();
    await receivedAll(receiver, 2);
    await subscribe({ revision: 2, config: { startRevision: 2 } });
    await receivedAll(receiver, 4);
    await subscribe({ revision: 3, config: { startRevision: 2 } });
    await publish(3, 3);
    await receivedAll(receiver, 5);
    expect(idsOf(receiver)).toEqual([...alerts(1, 2), ...alerts(1, 3)]);
  });

  it('that is switched off is sent what happened meanwhile once it is switched on', async () => {
    await subscribe();
    await publish(1, 1);
    await receivedAll(receiver, 1);
    await subscribe({ revision: 2, enabled: false });
    await publish(2, 3);
    await subscribe({ revision: 3 });
    await receivedAll(receiver, 3);
    expect(idsOf(receiver)).toEqual(alerts(1, 3));
  });

  it('that is deleted is sent nothing more', async () => {
    await subscribe();
    await publish(1, 1);
    await receivedAll(receiver, 1);
    await world.log.publish(subscriptionDeleted(id, 2));
    await world.folded();
    service.wake.all();
    await eventually(async () => (await attemptsOf(world, id)).length === 0);
    await publish(2, 2);
    await subscribe({ id: newId() });
    await receivedAll(receiver, 3);
    expect(idsOf(receiver)).toEqual([...alerts(1, 1), ...alerts(1, 2)]);
  });

  it('keeps a bounded history of attempts, whatever it was sent', async () => {
    await publish(1, 1_000);
    await subscribe();
    await receivedAll(receiver, 1_000);
    await eventually(async () => (await stateOf(world, id))?.delivered === 1_000);
    expect(idsOf(receiver)).toEqual(alerts(1, 1_000));
    const kept = await attemptsOf(world, id);
    expect(kept.length).toBeLessThan(125);
    expect(kept.at(-1)).toMatchObject({ number: 1_000, outcome: 'delivered', status: 200 });
  });
});

describe('a receiver', () => {
  it('that says no has the same event again and nothing behind it before', async () => {
    receiver.failNext(500, 404, 302);
    await subscribe();
    await publish(1, 3);
    for (let n = 1; n <= 3; n += 1) {
      await eventually(() => receiver.requests.length === n);
      await untilState(world, id, 'retrying');
      pass(DAY_MS / 24);
    }
    await receivedAll(receiver, 3);
    expect(idsOf(receiver)).toEqual(alerts(1, 3));
    await eventually(async () => (await stateOf(world, id))?.delivered === 3);
    const tried = await attemptsOf(world, id);
    expect(tried.map(({ event_id, status }) => [event_id, status])).toEqual([
      [alertEvent(1).id, 500],
      [alertEvent(1).id, 404],
      [alertEvent(1).id, 302],
      ...alerts(1, 3).map((event) => [event, 200]),
    ]);
  });

  it('is given the time it asks for', async () => {
    receiver.failNext({ status: 503, headers: { 'retry-after': '7200' } });
    await subscribe();
    await publish(1, 1);
    await untilState(world, id, 'retrying');
    pass(7_100_000);
    service.wake.all();
    await eventually(async () => (await attemptsOf(world, id)).length === 1);
    expect(receiver.requests).toHaveLength(1);
    pass(100_001 + 720_000);
    await receivedAll(receiver, 1);
  });

  it('that was away for days is told all of it when it is back in time', async () => {
    receiver.fail(503);
    world.clock.random = 0.5;
    await subscribe();
    await publish(1, 40);
    const began = world.clock.ms;
    while (world.clock.ms - began < 2.9 * DAY_MS) {
      const seen = receiver.requests.length;
      const next = (await stateOf(world, id))?.standing.nextAttemptAt;
      if (typeof next === 'string' && toMs(next) > world.clock.ms) world.clock.ms = toMs(next);
      service.wake.all();
      await eventually(() => receiver.requests.length > seen || world.clock.ms - began >= 2.9 * DAY_MS);
      await untilState(world, id, 'retrying');
      await eventually(async () =>
        (await attemptsOf(world, id)).every(({ outcome }) => outcome === 'failed'),
      );
    }
    expect(receiver.requests.length).toBeGreaterThan(8);
    receiver.heal();
    pass(0.05 * DAY_MS);
    await eventually(() => {
      pass(0);
      return receiver.received.length === 40;
    });
    expect(idsOf(receiver)).toEqual(alerts(1, 40));
  });

  it('that is away for too long is given up, which the providers of the project are told; a person has it go on', async () => {
    const hook = derivedId('provider', 'hook');
    await world.log.publish(providerConfigured(hook, 'webhook', { url: receiver.url, method: 'POST' }));
    receiver.fail(503);
    await subscribe();
    await publish(1, 2);
    await untilState(world, id, 'retrying');
    await eventually(async () => {
      pass(6 * HOUR_MS);
      return (await stateOf(world, id))?.state === 'disabled';
    });
    expect((await stateOf(world, id))?.standing).toMatchObject({ reason: 'failing_too_long' });
    expect(await world.notifications()).toMatchObject([
      { provider_id: hook, alert_event: 'provider.failing' },
    ]);
    const seen = receiver.requests.length;
    receiver.heal();
    pass(10 * DAY_MS);
    await publish(3, 3);
    expect(receiver.requests).toHaveLength(seen);
    await subscribe({ revision: 2, config: { resumedAt: world.now() } });
    await receivedAll(receiver, 3);
    expect(idsOf(receiver)).toEqual(alerts(1, 3));
    expect(await service.metrics.registry.metrics()).toMatch(/subscriptions\{.*state="delivering".*\} 1/);
  });

  it('that is gone is not asked again', async () => {
    receiver.failNext(410);
    await subscribe();
    await publish(1, 2);
    await untilState(world, id, 'disabled');
    expect((await stateOf(world, id))?.standing).toMatchObject({ reason: 'gone' });
    pass(DAY_MS);
    expect(receiver.requests).toHaveLength(1);
  });

  it('that never answers delays nobody else', async () => {
    const hole = await startWebhookFake();
    hole.fail('hang');
    try {
      for (let n = 0; n < 40; n += 1)
        await world.log.publish(subscriptionConfigured({ id: newId(), url: hole.url }));
      await subscribe();
      const began = performance.now();
      await publish(1, 100);
      await receivedAll(receiver, 100);
      // Any of the others takes 5 s to find out that there is no answer.
      expect(performance.now() - began).toBeLessThan(4_000);
      expect(idsOf(receiver)).toEqual(alerts(1, 100));
    } finally {
      await hole.stop();
    }
  });

  it('may check with the old secret or the new one while one replaces the other, and not after', async () => {
    const [old, next] = [signingSecret(), signingSecret()];
    const until = addMs(world.now(), DAY_MS);
    const rotating = { signingSecret: next, previousSigningSecret: old, previousSecretUntil: until };
    await subscribe({ config: { signingSecret: old } });
    await publish(1, 1);
    await receivedAll(receiver, 1);
    await subscribe({ revision: 2, config: rotating });
    await publish(2, 2);
    await receivedAll(receiver, 2);
    const verified = (index: number, secret: string) => {
      const { rawBody, headers } = receiver.received[index] ?? { rawBody: '', headers: {} };
      return new Webhook(secret).verify(rawBody.toString('utf8'), headers);
    };
    expect(verified(0, old)).toBeTruthy();
    expect([verified(1, old), verified(1, next)]).toEqual([expect.anything(), expect.anything()]);
    world.clock.ms += DAY_MS;
    await publish(3, 3);
    await receivedAll(receiver, 3);
    expect(receiver.received[2]?.headers['webhook-signature']?.split(' ')).toHaveLength(1);
  });
});

describe('the process', () => {
  it('that stops in the middle of it goes on where it was, and several share the work', async () => {
    const others = Array.from({ length: 16 }, () => newId());
    for (const one of others) await world.log.publish(subscriptionConfigured({ id: one, url: receiver.url }));
    await publish(1, 30);
    await subscribe();
    await receivedAll(receiver, 50);
    const second = startSubscriptions(world);
    await receivedAll(receiver, 100);
    await service.stop();
    await publish(31, 40);
    await receivedAll(receiver, 17 * 40);
    await second.stop();
    const counts = new Map<string, number>();
    for (const event of idsOf(receiver)) counts.set(event, (counts.get(event) ?? 0) + 1);
    expect([...counts.values()]).toEqual(Array.from({ length: 40 }, () => 17));
  });

  it('sends again what a log that lost its end has had repeated', async () => {
    await subscribe();
    await publish(1, 5);
    await receivedAll(receiver, 5);
    await service.stop();
    world.log.truncate('ALERTS', 2);
    await publish(3, 6);
    service = startSubscriptions(world);
    await eventually(() => idsOf(receiver).includes(alertEvent(6).id));
    expect(new Set(idsOf(receiver))).toEqual(new Set(alerts(1, 6)));
  });
});
