import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { toInstant } from '@tocsin/kernel';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { clientFor, textAt } from '../testing/client.fixture.js';
import { clientWith, foreigner } from '../testing/given.fixture.js';
import { isTokenText, newTokenText } from './token-text.js';

let servers: Servers;
let api: Api;
let nowMs = Date.now();
const clock = () => toInstant(nowMs);
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers, clock);
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

test('the first token is written for the administrator alone, and kept by the next start', async () => {
  const file = path.join(servers.dir, 'token');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const before = readFileSync(file, 'utf8');
  const second = await startApi(servers, clock);
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect((await second.admin.get('/tokens')).status).toBe(200);
  await second.stop();
});

test('of replicas that start at once exactly one makes the first token', async () => {
  const fresh = await startServers(inject('pgUrl'));
  const replicas = await Promise.all([1, 2, 3].map(() => startApi(fresh, clock)));
  for (const replica of replicas) expect((await replica.admin.get('/monitors')).status).toBe(200);
  const rows = await replicas[0]?.db.selectFrom('auth.token').select('name').execute();
  expect(rows).toEqual([{ name: 'first administrator' }]);
  await Promise.all(replicas.map((replica) => replica.stop()));
  await fresh.stop();
});

test('a token is shown once and only its hash is kept', async () => {
  const { id, body } = await api.admin.post('/tokens', { name: 'ci', scopes: ['write'] });
  const token = textAt(body, 'token');
  expect(isTokenText(token)).toBe(true);
  expect((await api.admin.get('/tokens')).text).not.toContain(token);
  const row = await api.db
    .selectFrom('auth.token')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  expect(JSON.stringify(row)).not.toContain(token);
  expect(row.token_hash).toHaveLength(32);
});

test('a mistyped token is told by its checksum', () => {
  const token = newTokenText();
  for (const wrong of [
    `${token.slice(0, -1)}!`,
    `x${token}`,
    token.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')),
    '',
  ])
    expect(isTokenText(wrong)).toBe(false);
});

test('each scope includes those before it, and no other', async () => {
  const [read, write] = [await clientWith(api, 'read'), await clientWith(api, 'write')];
  const job = { name: 'j' };
  expect((await read.get('/jobs')).status).toBe(200);
  expect((await read.post('/jobs', job)).body).toMatchObject({ status: 403, code: 'forbidden' });
  expect((await write.get('/jobs')).status).toBe(200);
  expect((await write.post('/jobs', job)).status).toBe(201);
  expect((await write.get('/tokens')).status).toBe(403);
  expect((await write.post('/tokens', { name: 'mine', scopes: ['admin'] })).status).toBe(403);
});

test('a token ends when it expires, and an expiry in the past is refused', async () => {
  const expiresAt = toInstant(nowMs + 60_000);
  const { body } = await api.admin.post('/tokens', { name: 'short', scopes: ['read'], expiresAt });
  const client = clientFor(api.url, textAt(body, 'token'));
  expect((await client.get('/jobs')).status).toBe(200);
  nowMs += 60_000;
  expect((await client.get('/jobs')).body).toMatchObject({ status: 401, code: 'unauthorized' });
  const late = await api.admin.post('/tokens', { name: 'late', scopes: ['read'], expiresAt });
  expect(late.body).toMatchObject({ errors: [{ field: 'expiresAt' }] });
});

test('a revoked token is refused at once, and the last administrator stays', async () => {
  const { id, body } = await api.admin.post('/tokens', { name: 'gone', scopes: ['admin'] });
  const client = clientFor(api.url, textAt(body, 'token'));
  expect((await client.get('/tokens')).status).toBe(200);
  expect((await api.admin.delete(`/tokens/${id}`)).status).toBe(204);
  expect((await client.get('/tokens')).status).toBe(401);
  expect((await api.admin.delete(`/tokens/${id}`)).status).toBe(404);
  const { body: listed } = await api.admin.get('/tokens');
  const first = (listed.items as { id: string; name: string }[]).find(
    ({ name }) => name === 'first administrator',
  );
  expect((await api.admin.delete(`/tokens/${first?.id}`)).body).toMatchObject({
    status: 409,
    code: 'conflict',
  });
});

test('when a token was last used is written down, to the minute', async () => {
  const client = await clientWith(api, 'read');
  const lastUsed = async () => {
    const row = await api.db
      .selectFrom('auth.token')
      .select('last_used_at')
      .orderBy('id', 'desc')
      .executeTakeFirst();
    return row?.last_used_at;
  };
  await client.get('/jobs');
  const first = clock();
  expect(await lastUsed()).toBe(first);
  nowMs += 30_000;
  await client.get('/jobs');
  expect(await lastUsed()).toBe(first);
  nowMs += 30_000;
  await client.get('/jobs');
  expect(await lastUsed()).toBe(clock());
});

test('SEC15 what belongs to another project does not exist', async () => {
  const other = await foreigner(api);
  const monitor = await api.admin.post('/monitors', { name: 'm', type: 'heartbeat' });
  const job = await api.admin.post('/jobs', { name: 'j' });
  const provider = await api.admin.post('/notification-providers', {
    name: 'p',
    type: 'webhook',
    config: { url: 'http://127.0.0.1/' },
  });
  const paths = [`/monitors/${monitor.id}`, `/jobs/${job.id}`, `/notification-providers/${provider.id}`];
  for (const one of paths) {
    const answers = [
      await other.get(one),
      await other.patch(one, { name: 'x' }),
      await other.put(one, { name: 'x' }),
      await other.delete(one),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect((await other.get(`/${one.split('/')[1]}`)).body.items).toEqual([]);
  }
  for (const action of ['pause', 'resume', 'run'])
    expect((await other.post(`/monitors/${monitor.id}/${action}`)).status).toBe(404);
  expect((await other.post(`/jobs/${job.id}/runs`, { status: 'passed', durationMs: 1 })).status).toBe(404);
  expect((await other.get(`/notification-providers/${provider.id}/usage`)).status).toBe(404);
  expect((await other.post(`/notification-providers/${provider.id}/test`)).status).toBe(404);
  const stolen = {
    name: 's',
    type: 'heartbeat',
    alertConfig: { enabled: true, notificationProviders: [provider.id] },
  };
  expect((await other.post('/monitors', stolen)).body).toMatchObject({
    errors: [{ field: 'alertConfig.notificationProviders.0' }],
  });
  expect((await other.get('/tokens')).body.items).toHaveLength(1);
});

test('SEC14 guessing ends in 429, while who has been using a token goes on', async () => {
  const stranger = clientFor(api.url, '');
  expect((await stranger.get('/jobs')).headers.get('www-authenticate')).toBe('Bearer');
  const statuses: number[] = [];
  for (let guess = 0; guess < 30; guess++)
    statuses.push((await clientFor(api.url, newTokenText()).get('/jobs')).status);
  expect(statuses).toContain(429);
  expect((await api.admin.get('/jobs')).status).toBe(200);
  nowMs += 60_000;
  expect((await clientFor(api.url, newTokenText()).get('/jobs')).status).toBe(401);
});
