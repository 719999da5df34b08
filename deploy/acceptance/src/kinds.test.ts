import { certificateAuthority, fullBacklog } from '@tocsin/egress/testing';
import { freePort } from '@tocsin/local-stack';
import {
  startDnsServer,
  startHttpTarget,
  startTcpTarget,
  startUdpTarget,
  startWebhookFake,
  type WebhookFake,
} from '@tocsin/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { alertConfig, type Json, type Product, startProduct } from './product.fixture.js';

const DAY_MS = 86_400_000;
const authority = certificateAuthority('test', Date.now() - DAY_MS, Date.now() + 400 * DAY_MS);
const certificate = (days: number) =>
  authority.issue({
    names: ['127.0.0.1'],
    validFrom: Date.now() - DAY_MS,
    validTo: Date.now() + days * DAY_MS,
  });

let product: Product;
let hook: WebhookFake;
let provider: string;
const stops: (() => Promise<void>)[] = [];
/** Stopped with the suite. */
const keep = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
  const started = await starting;
  stops.push(() => started.stop());
  return started;
};

beforeAll(async () => {
  [product, hook] = await Promise.all([startProduct(), keep(startWebhookFake())]);
  provider = (
    await product.post('notification-providers', { name: 'hook', type: 'webhook', config: { url: hook.url } })
  ).id;
}, 60_000);
afterAll(async () => {
  await product?.stop();
  for (const stop of stops) await stop();
}, 30_000);

const told = (targetId: string, type = 'failure') =>
  hook.received
    .map(({ json }) => json as Json)
    .filter(({ alert }) => alert.targetId === targetId && alert.type === type)
    .map(({ event }) => event);
const watch = async (input: Json): Promise<string> =>
  (
    await product.post('monitors', {
      name: `${input.type}`,
      intervalSeconds: 1,
      alertConfig: alertConfig([provider]),
      ...input,
    })
  ).id;
const statusOf = async (id: string) => (await product.get(`monitors/${id}`)).status;

interface Story {
  readonly watched: () => Promise<{ input: Json; breakIt: () => unknown; healIt: () => unknown }>;
}

const stories: Record<string, Story> = {
  http_request: {
    watched: async () => {
      const target = await keep(startHttpTarget());
      return {
        input: { type: 'http_request', target: `${target.url}/`, config: { keywordInBody: 'ALL IS WELL' } },
        breakIt: () => target.set('wrong_keyword'),
        healIt: () => target.set('up'),
      };
    },
  },
  website: {
    watched: async () => {
      const target = await keep(startHttpTarget({ tls: certificate(90) }));
      return {
        input: { type: 'website', target: `${target.url}/`, config: { tlsVerify: false } },
        breakIt: () => target.set('refuse'),
        healIt: () => target.set('up'),
      };
    },
  },
  'port_check over tcp': {
    watched: async () => {
      const target = await keep(startTcpTarget());
      return {
        input: { type: 'port_check', target: '127.0.0.1', config: { port: target.port } },
        breakIt: () => target.set('refuse'),
        healIt: () => target.set('up'),
      };
    },
  },
  'port_check over udp': {
    watched: async () => {
      const target = await keep(startUdpTarget());
      return {
        input: { type: 'port_check', target: '127.0.0.1', config: { port: target.port, protocol: 'udp' } },
        breakIt: () => target.set('refuse'),
        healIt: () => target.set('echo'),
      };
    },
  },
  'port_check that is to be closed': {
    watched: async () => {
      const target = await keep(startTcpTarget());
      await target.set('refuse');
      return {
        input: { type: 'port_check', target: '127.0.0.1', config: { port: target.port, expectClosed: true } },
        breakIt: () => target.set('up'),
        healIt: () => target.set('refuse'),
      };
    },
  },
  'ping_host over tcp': {
    watched: async () => {
      // A refused connection is a sign of life; one that is left unanswered is not.
      const port = await freePort();
      let silence: Awaited<ReturnType<typeof fullBacklog>> | undefined;
      return {
        input: {
          type: 'ping_host',
          target: '127.0.0.1',
          config: { method: 'tcp', ports: [port], timeoutSeconds: 1 },
        },
        breakIt: async () => {
          silence = await fullBacklog(port);
        },
        healIt: () => silence?.[Symbol.asyncDispose](),
      };
    },
  },
  dns: {
    watched: async () => {
      const names = await keep(startDnsServer({ 'shop.example': { A: ['192.0.2.7'] } }));
      return {
        input: {
          type: 'dns',
          target: 'shop.example',
          config: { recordType: 'A', expectedValues: ['192.0.2.7'], resolver: names.server },
        },
        breakIt: () => names.setTable({ 'shop.example': { A: ['203.0.113.9'] } }),
        healIt: () => names.setTable({ 'shop.example': { A: ['192.0.2.7'] } }),
      };
    },
  },
};

describe('a monitor of each kind goes down, alerts, recovers and resolves', () => {
  it.concurrent.for(Object.entries(stories))(
    '%s',
    { timeout: 60_000 },
    async ([, { watched }], { expect }) => {
      const { input, breakIt, healIt } = await watched();
      const id = await watch(input);
      await expect.poll(() => statusOf(id), { timeout: 15_000 }).toBe('up');
      await breakIt();
      await expect.poll(() => told(id), { timeout: 20_000 }).toEqual(['alert.raised']);
      expect(await statusOf(id)).toBe('down');
      const [alert] = (await product.get(`alerts?targetId=${id}&state=open`)).items;
      expect(alert.evidence.at(-1).error.message).not.toBe('');
      await healIt();
      await expect.poll(() => told(id), { timeout: 20_000 }).toEqual(['alert.raised', 'alert.resolved']);
      await expect.poll(() => statusOf(id), { timeout: 5_000 }).toBe('up');
      await product.call('DELETE', `monitors/${id}`);
    },
  );

  it.concurrent('heartbeat: missed, failed with a message, received', { timeout: 60_000 }, async ({
    expect,
  }) => {
    const monitor = await product.post('monitors', {
      name: 'backup',
      type: 'heartbeat',
      intervalSeconds: 2,
      config: { graceSeconds: 1 },
      alertConfig: alertConfig([provider], { failureThreshold: 1, recoveryThreshold: 1 }),
    });
    const path = new URL(monitor.heartbeatUrl).pathname;
    const beat = (to: string, body?: string) =>
      fetch(`${product.local.url}${to}`, body === undefined ? {} : { method: 'POST', body });
    expect((await beat(path)).status).toBe(200);
    await expect.poll(() => statusOf(monitor.id), { timeout: 5_000 }).toBe('up');
    await expect.poll(() => told(monitor.id), { timeout: 15_000 }).toEqual(['alert.raised']);
    await beat(path);
    await expect
      .poll(() => told(monitor.id), { timeout: 15_000 })
      .toEqual(['alert.raised', 'alert.resolved']);
    await beat(`${path}/fail`, 'the disk is full');
    await expect.poll(() => told(monitor.id).length, { timeout: 15_000 }).toBe(3);
    const [alert] = (await product.get(`alerts?targetId=${monitor.id}&state=open`)).items;
    expect(alert.evidence.at(-1).error.message).toContain('the disk is full');
    await product.call('DELETE', `monitors/${monitor.id}`);
  });

  it.concurrent('website: an expiring certificate has an alert of its own (K5)', {
    timeout: 60_000,
  }, async ({ expect }) => {
    const target = await keep(startHttpTarget({ tls: certificate(10) }));
    const id = await watch({
      type: 'website',
      target: `${target.url}/`,
      config: { tlsVerify: false, enableSslCheck: true, sslDaysUntilExpirationWarning: 30 },
      alertConfig: alertConfig([provider], { alertOnSslExpiration: true }),
    });
    await expect.poll(() => told(id, 'ssl_expiring'), { timeout: 15_000 }).toEqual(['alert.raised']);
    expect(await statusOf(id)).not.toBe('down');
    expect(told(id)).toEqual([]);
    const { items } = await product.get(`monitors/${id}/results`);
    expect(items[0].certificate).toMatchObject({ daysRemaining: 9 });
    await product.call('DELETE', `monitors/${id}`);
    await expect
      .poll(() => told(id, 'ssl_expiring'), { timeout: 15_000 })
      .toEqual(['alert.raised', 'alert.resolved']);
  });

  it.concurrent('job: runs reported from outside fail, time out and pass (K6, K7)', {
    timeout: 60_000,
  }, async ({ expect }) => {
    const job = await product.post('jobs', {
      name: 'nightly',
      alertConfig: alertConfig([provider], { alertOnTimeout: true, recoveryThreshold: 1 }),
    });
    const report = (status: string) => product.post(`jobs/${job.id}/runs`, { status, durationMs: 12 });
    await report('failed');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(told(job.id)).toEqual([]);
    await report('failed');
    await expect.poll(() => told(job.id), { timeout: 10_000 }).toEqual(['alert.raised']);
    await report('failed');
    await report('passed');
    await expect.poll(() => told(job.id), { timeout: 10_000 }).toEqual(['alert.raised', 'alert.resolved']);
    await report('timeout');
    await report('timeout');
    await expect.poll(() => told(job.id, 'timeout'), { timeout: 10_000 }).toEqual(['alert.raised']);
    const runs = await product.get(`jobs/${job.id}/runs`);
    expect(runs.items.map(({ status }: Json) => status)).toEqual([
      'timeout',
      'timeout',
      'passed',
      'failed',
      'failed',
      'failed',
    ]);
  });
});
