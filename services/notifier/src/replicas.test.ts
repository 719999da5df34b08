import { freshDatabase, startWebhookFake } from '@tocsin/testing';
import { sql } from 'kysely';
import { expect, inject, it } from 'vitest';
import { at, notificationId, providerConfigured, raised } from './events.fixture.js';
import { startWorld } from './world.fixture.js';

const hooks = Array.from(
  { length: 16 },
  (_, index) => `00000000-0000-4000-8000-00000000000${index.toString(16)}`,
);

it('several notifiers that come and go tell everybody exactly once', async () => {
  const world = await startWorld(await freshDatabase(inject('pgUrl')));
  const receiver = await startWebhookFake();
  const first = world.startProcess();
  for (const id of hooks)
    await world.log.publish(providerConfigured(id, 'webhook', { url: receiver.url, method: 'POST' }));
  await world.folded();
  const tell = async (from: number) => {
    for (let n = from; n < from + 6; n += 1)
      await world.log.publish(raised({ name: `m${n}`, providers: hooks, time: at(1) }));
  };
  await tell(0);
  const second = world.startProcess();
  await tell(6);
  await world.folded();
  await first.stop();
  await tell(12);
  for (let n = 0; n < 18; n += 1)
    for (const id of hooks) await world.until(notificationId('raised', `m${n}`, id), 'delivered');
  await second.stop();
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  expect(ids).toHaveLength(18 * hooks.length);
  expect(new Set(ids).size).toBe(18 * hooks.length);
  const { rows } = await sql`select distinct outcome from notifier.attempt`.execute(world.db);
  expect(rows).toEqual([{ outcome: 'delivered' }]);
  await receiver.stop();
  await world.close();
});

it('an attempt whose process is gone is taken for interrupted, one that lives elsewhere is waited for', async () => {
  const world = await startWorld(await freshDatabase(inject('pgUrl')));
  const receiver = await startWebhookFake();
  const [hook = ''] = hooks;
  const planner = world.startProcess({ send: false });
  await world.log.publish(providerConfigured(hook, 'webhook', { url: receiver.url, method: 'POST' }));
  await world.log.publish(raised({ name: 'shop', providers: [hook], time: at(1) }));
  await world.folded();
  await planner.stop();
  const id = notificationId('raised', 'shop', hook);
  await world.db.connection().execute(async (elsewhere) => {
    await sql`select pg_advisory_lock_shared(hashtext('notifier-sender'), 255)`.execute(elsewhere);
    await sql`update notifier.notification set attempts = 1 where id = ${id}`.execute(elsewhere);
    await sql`insert into notifier.attempt (notification_id, number, started_at, outcome, worker)
      values (${id}, 1, ${world.now()}, 'started', pg_backend_pid())`.execute(elsewhere);
    const service = world.startProcess();
    for (let looks = 0; looks < 5; looks += 1) {
      service.wake.all();
      await sql`select pg_sleep(0.05)`.execute(elsewhere);
    }
    expect(receiver.requests).toHaveLength(0);
    await sql`select pg_advisory_unlock_all()`.execute(elsewhere);
    world.clock.ms += 1_000;
    service.wake.all();
    await world.until(id, 'delivered');
    await service.stop();
  });
  expect(await world.attempts(id)).toMatchObject([{ outcome: 'interrupted' }, { outcome: 'delivered' }]);
  await receiver.stop();
  await world.close();
});
