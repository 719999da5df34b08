import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';

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

const shop = { name: 'shop', type: 'http_request', target: 'http://127.0.0.1:8081/' };

test('a monitor is created with its defaults and read again', async () => {
  const created = await api.admin.post('/monitors', shop);
  expect(created.status).toBe(201);
  expect(created.headers.get('etag')).toBe('"1"');
  expect(created.body).toMatchObject({
    ...shop,
    intervalSeconds: 60,
    status: 'pending',
    enabled: true,
    revision: 1,
  });
  const read = await api.admin.get(`/monitors/${created.id}`);
  expect(read.body).toEqual(created.body);
});
