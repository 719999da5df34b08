import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { textAt } from '../testing/client.fixture.js';
import { clientWith, configEvents } from '../testing/given.fixture.js';
import { messageOf } from './heartbeat.js';

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

const backup = { name: 'backup', type: 'heartbeat', intervalSeconds: 3600 };

async function givenHeartbeat() {
  const { id, body } = await api.admin.post('/monitors', backup);
  const url = textAt(body, 'heartbeatUrl');
  return { id, url, path: new URL(url).pathname.replace('/api/v1', '') };
}

const results = async (monitorId: string) =>
  (await api.streamed('RESULTS')).filter(({ data }) => data.monitorId === monitorId);

test('a heartbeat needs no token but the one in its address', async () => {
  const { id, url } = await givenHeartbeat();
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ ok: true, monitorId: id });
  await expect.poll(async () => (await results(id)).length).toBe(1);
  expect((await results(id))[0]).toMatchObject({
    type: 'CheckCompleted',
    subject: `result.${id.slice(-1)}.default.heartbeat.${id}`,
    data: { outcome: 'up', trigger: 'received', kind: 'heartbeat', location: 'local', configRevision: 1 },
  });
});

test.each([
  ['plain text', { 'content-type': 'text/plain' }],
  ['what curl -d sends', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['JSON that is none', { 'content-type': 'application/json' }],
  ['no type at all', {}],
])('a body of any kind is heard: %s', async (_, headers) => {
  const { id, path } = await givenHeartbeat();
  const answer = await api.admin.send('POST', `${path}/fail`, '{"disk full', headers);
  expect(answer.status).toBe(200);
  await expect.poll(async () => (await results(id)).length).toBe(1);
  expect((await results(id))[0]?.data).toMatchObject({
    outcome: 'down',
    error: { code: 'heartbeat_failed', message: '{"disk full' },
  });
});

test('a long message is cut, not refused, and what Postgres cannot hold is left out', async () => {
  const { id, path } = await givenHeartbeat();
  const message = `a\0${'x'.repeat(100_000)}`;
  expect((await api.admin.send('POST', path, message, { 'content-type': 'text/plain' })).status).toBe(200);
  await expect.poll(async () => (await results(id)).length).toBe(1);
  expect((await results(id))[0]?.data.observed).toEqual({ message: `a${'x'.repeat(999)}` });
  expect(messageOf('\u{d800}x')).toBe('\u{fffd}x');
});

test('a failure without a word has a readable error', async () => {
  const { id, path } = await givenHeartbeat();
  await api.admin.get(`${path}/fail`);
  await expect.poll(async () => (await results(id)).length).toBe(1);
  expect((await results(id))[0]?.data.error).toEqual({
    code: 'heartbeat_failed',
    message: 'the sender said it failed',
  });
});

test('only who may write sees where heartbeats go, and edits do not move it', async () => {
  const { id, url } = await givenHeartbeat();
  const reader = await clientWith(api, 'read');
  expect((await reader.get(`/monitors/${id}`)).body).not.toHaveProperty('heartbeatUrl');
  expect((await reader.get('/monitors')).text).not.toContain('/heartbeat/');
  const { body } = await api.admin.patch(`/monitors/${id}`, { intervalSeconds: 60 });
  expect(body.heartbeatUrl).toBe(url);
  const token = url.split('/').at(-1) ?? '';
  expect(JSON.stringify(await configEvents(api, id))).not.toContain(token);
});

test('a token of nobody and of a deleted monitor is unknown', async () => {
  const { id, path } = await givenHeartbeat();
  await api.admin.delete(`/monitors/${id}`);
  expect((await api.admin.get(path)).status).toBe(404);
  expect((await api.admin.get('/heartbeat/short')).body).toMatchObject({
    status: 400,
    errors: [{ field: 'token' }],
  });
});

test('SEC17 a sender in a loop is told to wait, its neighbours are not', async () => {
  const [loud, quiet] = [await givenHeartbeat(), await givenHeartbeat()];
  const statuses = await Promise.all(
    Array.from({ length: 60 }, async () => (await api.admin.get(loud.path)).status),
  );
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(30);
  expect(statuses).toContain(429);
  expect((await api.admin.get(quiet.path)).status).toBe(200);
});

test('guessing heartbeat tokens ends in 429', async () => {
  const statuses: number[] = [];
  for (let guess = 0; guess < 25; guess++)
    statuses.push((await api.admin.get(`/heartbeat/${'g'.repeat(30)}${guess}`)).status);
  expect(statuses.slice(0, 15)).not.toContain(429);
  expect(statuses).toContain(429);
});
