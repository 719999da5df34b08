import { requests } from '@tocsin/contracts';
import { MASK } from '@tocsin/http-api';
import { connectNats } from '@tocsin/service-kit';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { configEvents, createProvider, hook } from '../testing/given.fixture.js';

let servers: Servers;
let api: Api;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers);
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

const SIGNING = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
const signed = {
  ...hook,
  config: {
    url: 'https://hooks.example/a?k=canary',
    signingSecret: SIGNING,
    headers: { 'x-api-key': 'canary' },
  },
};

const storedUrl = async (id: string) => {
  const { body } = await api.admin.get(`/notification-providers/${id}`);
  return (body.config as { url: string }).url;
};

test('a provider is created, and its secrets never come back', async () => {
  const created = await api.admin.post('/notification-providers', signed);
  expect(created.status).toBe(201);
  expect(created.body).toMatchObject({
    name: 'hook',
    type: 'webhook',
    enabled: true,
    config: { url: MASK, signingSecret: MASK, headers: { 'x-api-key': MASK }, method: 'POST' },
    lastUsedAt: null,
    disabledReason: null,
  });
  expect((await api.admin.get(`/notification-providers/${created.id}`)).body).toEqual(created.body);
  const [event] = await configEvents(api, created.id);
  expect(event).toMatchObject({ secretVersion: 1, config: { method: 'POST' } });
  expect(JSON.stringify(event)).not.toMatch(/canary|whsec/);
});

test('what was shown can be put back: masks keep what is stored, and nothing has changed', async () => {
  const { id, body } = await api.admin.post('/notification-providers', signed);
  const { name, type, enabled, config } = body;
  const put = await api.admin.put(`/notification-providers/${id}`, { name, type, enabled, config });
  expect(put.body).toEqual(body);
  const renamed = await api.admin.patch(`/notification-providers/${id}`, { name: 'x', config });
  expect(renamed.body).toMatchObject({ name: 'x', revision: 2, config });
  expect((await configEvents(api, id)).map(({ secretVersion }) => secretVersion)).toEqual([1, 1]);
});

test('SEC10 a secret given for one destination is not sent to another', async () => {
  const { id } = await api.admin.post('/notification-providers', signed);
  const elsewhere = { config: { url: 'https://evil.example/a' } };
  const refused = await api.admin.patch(`/notification-providers/${id}`, elsewhere);
  expect(refused.body).toMatchObject({
    code: 'validation_failed',
    errors: [{ field: 'config.headers.x-api-key' }, { field: 'config.signingSecret' }],
  });
  const sameHost = { config: { url: 'https://hooks.example/b' } };
  expect((await api.admin.patch(`/notification-providers/${id}`, sameHost)).status).toBe(200);
  const downgraded = { config: { url: 'http://hooks.example/b' } };
  expect((await api.admin.patch(`/notification-providers/${id}`, downgraded)).status).toBe(400);
  const given = { config: { ...elsewhere.config, signingSecret: SIGNING, headers: { 'x-api-key': 'new' } } };
  expect((await api.admin.patch(`/notification-providers/${id}`, given)).status).toBe(200);
  const dropped = { config: { url: 'https://third.example', signingSecret: null, headers: null } };
  expect((await api.admin.patch(`/notification-providers/${id}`, dropped)).status).toBe(200);
});

test.each([
  [
    'a mail server',
    {
      type: 'email',
      config: {
        emails: 'a@b.c',
        smtp: { host: 'mx.example', port: 25, secure: false, user: 'u', password: 'canary', from: 'a@b.c' },
      },
    },
    { smtp: { host: 'evil.example' } },
    'config.smtp.password',
  ],
  [
    'a bot server',
    { type: 'telegram', config: { botToken: '123:canary', chatId: '1' } },
    { apiBaseUrl: 'https://evil.example' },
    'config.botToken',
  ],
])('SEC10 holds for %s', async (_, input, config, field) => {
  const { id } = await api.admin.post('/notification-providers', { name: 'p', ...input });
  const refused = await api.admin.patch(`/notification-providers/${id}`, { config });
  expect(refused.body).toMatchObject({ errors: [{ field }] });
});

test('a mask is no secret: where none is stored it is refused', async () => {
  const masked = { ...hook, config: { url: 'https://hooks.example/', headers: { 'x-api-key': MASK } } };
  const answer = await api.admin.post('/notification-providers', masked);
  expect(answer.body).toMatchObject({ errors: [{ field: 'config.headers.x-api-key' }] });
});

test('a changed secret is a new version, and the one before stays for what is under way', async () => {
  const { id } = await api.admin.post('/notification-providers', signed);
  for (const end of ['b', 'c', 'd'])
    await api.admin.patch(`/notification-providers/${id}`, {
      config: { url: `https://hooks.example/${end}` },
    });
  const rows = await api.db
    .selectFrom('config.secret')
    .select('version')
    .where('record_id', '=', id)
    .orderBy('version')
    .execute();
  expect(rows).toEqual([{ version: 3 }, { version: 4 }]);
  expect(await storedUrl(id)).toBe(MASK);
});

test('a provider in use is kept, and says by whom', async () => {
  const provider = await createProvider(api);
  const alertConfig = { enabled: true, notificationProviders: [provider] };
  const monitor = await api.admin.post('/monitors', { name: 'shop', type: 'heartbeat', alertConfig });
  const job = await api.admin.post('/jobs', { name: 'nightly', alertConfig });
  const usage = await api.admin.get(`/notification-providers/${provider}/usage`);
  expect(usage.body).toEqual({
    items: [
      { kind: 'monitor', id: monitor.id, name: 'shop' },
      { kind: 'job', id: job.id, name: 'nightly' },
    ],
    count: 2,
  });
  for (const query of ['', '?force=false']) {
    const refused = await api.admin.delete(`/notification-providers/${provider}${query}`);
    expect(refused.body).toMatchObject({ status: 409, code: 'provider_in_use' });
    expect(refused.body.detail).toContain('monitor "shop", job "nightly"');
  }
});

test('force takes it out of every policy first, each a revision of its own', async () => {
  const [gone, stays] = [await createProvider(api), await createProvider(api)];
  const policy = (ids: string[]) => ({ alertConfig: { enabled: true, notificationProviders: ids } });
  const alone = await api.admin.post('/monitors', { name: 'alone', type: 'heartbeat', ...policy([gone]) });
  const both = await api.admin.post('/jobs', { name: 'both', ...policy([gone, stays]) });
  expect((await api.admin.delete(`/notification-providers/${gone}?force=true`)).status).toBe(204);
  expect((await api.admin.get(`/monitors/${alone.id}`)).body).toMatchObject({
    revision: 2,
    alertConfig: { enabled: false, notificationProviders: [] },
  });
  expect((await api.admin.get(`/jobs/${both.id}`)).body).toMatchObject({
    revision: 2,
    alertConfig: { enabled: true, notificationProviders: [stays] },
  });
  const told = async () => (await api.streamed('CONFIG')).slice(-3).map(({ type }) => type);
  await expect.poll(told).toEqual(['MonitorConfigured', 'JobConfigured', 'ProviderDeleted']);
  expect((await api.admin.get(`/notification-providers/${gone}`)).status).toBe(404);
});

test('whoever begins to use a provider while it is deleted is refused or keeps it, never left with a ghost', async () => {
  for (let round = 0; round < 5; round++) {
    const provider = await createProvider(api);
    const alertConfig = { enabled: true, notificationProviders: [provider] };
    const { id } = await api.admin.post('/monitors', { name: 'm', type: 'heartbeat' });
    const [used, deleted] = await Promise.all([
      api.admin.patch(`/monitors/${id}`, { alertConfig }),
      api.admin.delete(`/notification-providers/${provider}`),
    ]);
    expect([
      [200, 409],
      [400, 204],
    ]).toContainEqual([used.status, deleted.status]);
  }
});

test('"try it" asks the notifier, which answers for the caller alone', async () => {
  const { id } = await api.admin.post('/notification-providers', hook);
  const silent = await api.admin.post(`/notification-providers/${id}/test`);
  expect(silent.body).toMatchObject({ status: 503, code: 'unavailable' });
  const notifier = connectNats({ url: servers.natsUrl, name: 'notifier' });
  const nc = await notifier.connection();
  const asked: unknown[] = [];
  nc.subscribe(requests.testProvider, {
    callback: (_, message) => {
      asked.push(message.json());
      message.respond(JSON.stringify({ result: 'delivered', status: 200, excerpt: 'ok' }));
    },
  });
  await nc.flush();
  const answer = await api.admin.post(`/notification-providers/${id}/test`, undefined, {
    'idempotency-key': 'k',
  });
  expect(answer.body).toEqual({ result: 'delivered', status: 200, excerpt: 'ok' });
  await api.admin.post(`/notification-providers/${id}/test`, undefined, { 'idempotency-key': 'k' });
  expect(asked).toEqual([{ providerId: id, revision: 1, project: 'default' }]);
  await notifier.close();
});
