import { derivedId, toMs } from '@tocsin/kernel';
import { RETRY_SCHEDULE_MS } from '@tocsin/notifying';
import { freshDatabase, startWebhookFake, type WebhookFake } from '@tocsin/testing';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import {
  at,
  notificationId,
  providerConfigured,
  raised,
  redriveRequested,
  resolved,
  unmuted,
} from './events.fixture.js';
import { eventually, startWorld, type World } from './world.fixture.js';

const hook = derivedId('provider', 'hook');
const other = derivedId('provider', 'other');
const shop = (second: number) => ({ name: 'shop', providers: [hook], time: at(second) });
const down = notificationId('raised', 'shop', hook);
const up = notificationId('resolved', 'shop', hook);

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
const received = () => receiver.received.map(({ headers }) => headers['webhook-id']);
const triedTimes = async (id: string, times: number) =>
  await eventually(async () => {
    const attempts = await world.attempts(id);
    return attempts.length === times && attempts.at(-1)?.outcome !== 'started';
  });

describe('an alert', () => {
  it('reaches the provider, is recorded and is on the delivery log, and so is its end', async () => {
    await world.log.publish(raised(shop(1)));
    await world.until(down, 'delivered');
    await world.log.publish(resolved(shop(2)));
    await world.until(up, 'delivered');
    expect(received()).toEqual([down, up]);
    expect(await world.attempts(down)).toMatchObject([{ number: 1, outcome: 'delivered' }]);
    expect(await world.deliveries()).toMatchObject([
      { type: 'NotificationDelivered', notificationId: down },
      { type: 'NotificationDelivered', notificationId: up },
    ]);
  });

  it('folded again under another sequence is told once', async () => {
    await world.log.publish(raised(shop(1)));
    await world.until(down, 'delivered');
    await service.stop();
    world.log.truncate('ALERTS', 0);
    await world.log.publish(raised({ name: 'till', providers: [hook], time: at(2) }));
    await world.log.publish(raised(shop(1)));
    service = world.startProcess();
    await world.until(notificationId('raised', 'till', hook), 'delivered');
    await world.folded();
    expect(received().toSorted()).toEqual([down, notificationId('raised', 'till', hook)].toSorted());
  });

  it('K15 carries the custom message beside the text, with its variables filled in', async () => {
    await world.log.publish(raised({ ...shop(1), customMessage: 'call {{targetName}} desk' }));
    await world.until(down, 'delivered');
    const [hookCall] = receiver.received;
    const { text } = (hookCall?.json ?? {}) as { text?: string };
    expect(text).toMatch(
      /^shop \(http:\/\/shop\.example\/\) is down, since .*status 503\.\n\ncall shop desk$/s,
    );
  });

  it('that is muted is recorded with the reason, and told when the mute ends', async () => {
    await world.log.publish(raised({ ...shop(1), untold: 'muted' }));
    await world.until(down, 'muted');
    await world.log.publish(unmuted(shop(2)));
    await world.until(notificationId('unmuted', 'shop', hook), 'delivered');
    expect(await world.deliveries()).toMatchObject([
      { type: 'NotificationMuted', notificationId: down, reason: 'muted' },
      { type: 'NotificationDelivered' },
    ]);
  });

  it('named before its provider is known waits for the provider', async () => {
    await world.log.publish(raised({ ...shop(1), providers: [other] }));
    await world.folded();
    await world.log.publish(providerConfigured(other, 'webhook', { url: receiver.url, method: 'POST' }));
    const waited = notificationId('raised', 'shop', other);
    await world.until(waited, 'delivered');
    expect(received()).toEqual([waited]);
  });
});

describe('K10 a failed delivery', () => {
  it('is not sent, is tried on the whole schedule, is given up, and goes out again when a person asks', async () => {
    receiver.fail(500);
    world.clock.random = 0.999_999;
    await world.log.publish(raised(shop(1)));
    for (const [index, ms] of RETRY_SCHEDULE_MS.entries()) {
      await triedTimes(down, index + 1);
      const { rows } = await sql<{ status: string }>`select status from notifier.alert_history`.execute(
        world.db,
      );
      expect(rows).toEqual([{ status: 'pending' }]);
      // The breaker's longest pause is over by then, too.
      pass(Math.max(ms, 300_000));
    }
    await world.until(down, 'failed');
    expect(await world.attempts(down)).toHaveLength(14);
    const { rows } = await sql`select status, error_message from notifier.alert_history`.execute(world.db);
    expect(rows).toEqual([{ status: 'failed', error_message: 'http_500' }]);
    expect(await world.deliveries()).toMatchObject([{ type: 'NotificationFailed', reason: 'exhausted' }]);

    receiver.heal();
    pass(300_000);
    const asked = redriveRequested(down, derivedId('monitor', 'shop'));
    await world.log.publish(asked);
    await world.until(down, 'delivered');
    expect((await world.attempts(down)).at(-1)).toMatchObject({ number: 15, outcome: 'delivered' });
    expect(received()).toEqual([down]);
  });

  it('waits as the schedule says, across a restart', async () => {
    receiver.failNext(503);
    world.clock.random = 0.5;
    await world.log.publish(raised(shop(1)));
    await triedTimes(down, 1);
    await service.stop();
    service = world.startProcess();
    const [row] = await world.notifications();
    expect(toMs(row?.next_attempt_at ?? '') - world.clock.ms).toBe(3_000);
    pass(2_999);
    await world.log.publish(raised({ name: 'till', providers: [hook], time: at(2) }));
    await world.until(notificationId('raised', 'till', hook), 'delivered');
    expect(await world.stateOf(down)).toBe('planned');
    pass(1);
    await world.until(down, 'delivered');
  });

  it('keeps the end back until its beginning was told', async () => {
    receiver.failNext(503);
    await world.log.publish(raised(shop(1)));
    await triedTimes(down, 1);
    await world.log.publish(resolved(shop(2)));
    await world.folded();
    expect(received()).toEqual([]);
    pass(1_000);
    await world.until(up, 'delivered');
    expect(received()).toEqual([down, up]);
  });

  it('that nobody can mend is given up, its end is kept back, and both go out when a person asks', async () => {
    receiver.fail(400);
    await world.log.publish(raised(shop(1)));
    await world.until(down, 'failed');
    await world.log.publish(resolved(shop(2)));
    await world.until(up, 'muted');
    receiver.heal();
    await world.log.publish(redriveRequested(down, derivedId('monitor', 'shop')));
    await world.until(up, 'delivered');
    expect(received()).toEqual([down, up]);
  });
});

describe('N2 order', () => {
  it('is that of the alerts, one attempt at a time', async () => {
    await service.stop();
    const names = Array.from({ length: 20 }, (_, index) => `m${index}`);
    for (const [index, name] of names.entries())
      await world.log.publish(raised({ name, providers: [hook], time: at(index) }));
    service = world.startProcess();
    const wanted = names.map((name) => notificationId('raised', name, hook));
    await eventually(() => receiver.received.length === names.length);
    expect(received()).toEqual(wanted);
  });

  it('drops what is long over and was never told, and says so', async () => {
    await service.stop();
    await world.log.publish(raised(shop(1)));
    await world.log.publish(resolved(shop(2)));
    world.clock.ms += 600_000;
    service = world.startProcess();
    await world.until(down, 'muted');
    await world.until(up, 'muted');
    expect(received()).toEqual([]);
    expect(await world.deliveries()).toMatchObject([{ reason: 'superseded' }, { reason: 'superseded' }]);
  });

  it('tells both when the notifier was away for a moment', async () => {
    await service.stop();
    await world.log.publish(raised(shop(1)));
    await world.log.publish(resolved(shop(2)));
    world.clock.ms += 20_000;
    service = world.startProcess();
    await world.until(up, 'delivered');
    expect(received()).toEqual([down, up]);
  });
});
