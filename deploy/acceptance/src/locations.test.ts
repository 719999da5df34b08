import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@tocsin/local-stack';
import { startHttpTarget, startWebhookFake } from '@tocsin/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { alertConfig, type Json, type Product, startProduct } from './product.fixture.js';

const MAIN = fileURLToPath(new URL('../../../services/executor/dist/main.js', import.meta.url));

let product: Product;
let target: Awaited<ReturnType<typeof startHttpTarget>>;
let hook: Awaited<ReturnType<typeof startWebhookFake>>;
beforeAll(async () => {
  [product, target, hook] = await Promise.all([
    startProduct({ TOCSIN_LOCATIONS: 'local,berlin' }),
    startHttpTarget(),
    startWebhookFake(),
  ]);
}, 60_000);
afterAll(async () => {
  await product?.stop();
  await target?.stop();
  await hook?.stop();
}, 30_000);

/** An executor somewhere else: of the whole product it knows one address, that of NATS, under its own identity. */
async function executorIn(location: string) {
  const { nats } = JSON.parse(readFileSync(path.join(product.local.dataDir, 'secrets.json'), 'utf8'));
  const url = new URL(product.local.natsUrl);
  url.username = 'executor';
  url.password = nats.executor;
  const child = spawn(process.execPath, [MAIN], {
    env: {
      NATS_URL: url.href,
      HTTP_PORT: String(await freePort()),
      TOCSIN_LOCATION: location,
      TOCSIN_EGRESS_ALLOW: '127.0.0.0/8',
      LOG_LEVEL: 'warn',
    },
    stdio: 'ignore',
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return async () => {
    child.kill('SIGTERM');
    await exited;
  };
}

it('K20, K12: a second location needs one connection to NATS, and the quorum counts locations', {
  timeout: 90_000,
}, async () => {
  const stopBerlin = await executorIn('berlin');
  try {
    const provider = await product.post('notification-providers', {
      name: 'hook',
      type: 'webhook',
      config: { url: hook.url },
    });
    const monitor = await product.post('monitors', {
      name: 'shop',
      type: 'http_request',
      target: `${target.url}/`,
      intervalSeconds: 1,
      locations: ['local', 'berlin'],
      quorum: 'all',
      alertConfig: alertConfig([provider.id]),
    });
    const seenFrom = async () => {
      const { items } = await product.get(`monitors/${monitor.id}/results?limit=50`);
      return new Set(items.map(({ location }: Json) => location));
    };
    await expect.poll(seenFrom, { timeout: 20_000 }).toEqual(new Set(['local', 'berlin']));
    const told = () => hook.received.map(({ json }) => (json as Json).event);
    await target.set('error');
    await expect.poll(told, { timeout: 20_000 }).toEqual(['alert.raised']);
    const [alert] = (await product.get(`alerts?targetId=${monitor.id}`)).items;
    expect(new Set(alert.evidence.map(({ location }: Json) => location))).toEqual(
      new Set(['local', 'berlin']),
    );
    await target.set('up');
    await expect.poll(told, { timeout: 20_000 }).toEqual(['alert.raised', 'alert.resolved']);
  } finally {
    await stopBerlin();
  }
});
