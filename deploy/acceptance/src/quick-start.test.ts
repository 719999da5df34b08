import { startHttpTarget, startWebhookFake } from '@tocsin/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Json, type Product, startProduct } from './product.fixture.js';

let product: Product;
let target: Awaited<ReturnType<typeof startHttpTarget>>;
let hook: Awaited<ReturnType<typeof startWebhookFake>>;
beforeAll(async () => {
  [product, target, hook] = await Promise.all([startProduct(), startHttpTarget(), startWebhookFake()]);
}, 60_000);
afterAll(async () => {
  await product?.stop();
  await target?.stop();
  await hook?.stop();
}, 30_000);

const events = (name: string) =>
  hook.received.map(({ json }) => json as Json).filter(({ event }) => event === name);

it('tells a webhook once that a monitor went down and once that it came back', {
  timeout: 60_000,
}, async () => {
  const provider = await product.post('notification-providers', {
    name: 'hook',
    type: 'webhook',
    config: { url: `${hook.origin}/in`, method: 'POST' },
  });
  const monitor = await product.post('monitors', {
    name: 'shop',
    type: 'http_request',
    target: `${target.url}/`,
    intervalSeconds: 1,
    config: { timeoutSeconds: 5 },
    alertConfig: {
      enabled: true,
      notificationProviders: [provider.id],
      failureThreshold: 3,
      recoveryThreshold: 2,
    },
  });
  const shown = async () => await product.get(`monitors/${monitor.id}`);
  await expect.poll(async () => (await shown()).status, { timeout: 10_000 }).toBe('up');

  await target.set('error');
  await expect.poll(() => events('alert.raised').length, { timeout: 15_000 }).toBe(1);
  expect((await shown()).status).toBe('down');
  const [raised] = events('alert.raised');
  expect(raised).toMatchObject({
    project: 'default',
    target: { id: monitor.id, kind: 'monitor', name: 'shop', url: `${target.url}/` },
    alert: { targetId: monitor.id, targetKind: 'monitor', type: 'failure', state: 'open', resolvedAt: null },
  });
  expect(raised.alert.evidence).toHaveLength(3);

  await target.set('up');
  await expect.poll(() => events('alert.resolved').length, { timeout: 15_000 }).toBe(1);
  const page = await product.get(`alerts?targetId=${monitor.id}`);
  expect(page).toMatchObject({
    items: [
      {
        id: raised.alert.id,
        targetId: monitor.id,
        type: 'failure',
        state: 'resolved',
        resolvedReason: 'recovered',
      },
    ],
    nextCursor: null,
  });
  const detail = await product.get(`alerts/${raised.alert.id}`);
  expect(detail.notifications.map(({ alertEvent, state }: never) => [alertEvent, state])).toEqual([
    ['alert.raised', 'delivered'],
    ['alert.resolved', 'delivered'],
  ]);
  const results = await product.get(`monitors/${monitor.id}/results?limit=200`);
  const outcomes = results.items.map(({ outcome }: { outcome: string }) => outcome);
  expect(new Set(outcomes)).toEqual(new Set(['up', 'down']));
  const slots = results.items.map(({ slot }: { slot: string }) => slot);
  expect(new Set(slots).size).toBe(slots.length);
  expect(hook.received).toHaveLength(2);
});
